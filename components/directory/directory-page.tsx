"use client";
import { useState } from "react";
import type { DirectoryView, MappingView } from "../../server/services/directory/schemas.ts";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { duration, plural } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { Time } from "../ui/time.tsx";
import { Mappings } from "./mappings.tsx";
import { stateOf, toChange, valuesOf } from "./model.ts";
import { SettingsForm } from "./settings-form.tsx";
import { TestCard } from "./test-card.tsx";

interface Props {
  view: Seed<DirectoryView>;
  mappings: Seed<MappingView[]>;
  tenants: { slug: string; name: string }[];
  username: string;
}

const sources = { demo: "the demo directory", stored: "set on this page", environment: "set by the environment" };

/** Where people come from, whether it answers, and which of its groups gives which role here. */
export function DirectoryPage({ view, mappings, tenants, username }: Props) {
  const trpc = useTRPC();
  const { data } = useSeeded({ ...trpc.directory.show.queryOptions(), refetchInterval: 10_000 }, view);
  const before = valuesOf(data);
  const [typed, setTyped] = useState<Partial<typeof before>>({});
  const values = { ...before, ...typed };
  const change = toChange(before, values);
  const { status } = data;
  return (
    <>
      <PageHeader
        title="Directory"
        badge={<StateBadge {...stateOf(status)} />}
        facts={[
          sources[data.source],
          ...(data.rereads ? [`${plural(status.people, "person", "people")} signed in, read again every ${data.rereadSeconds} s`] : []),
          ...(status.at ? [<Time key="at" at={status.at} />] : []),
        ]}
      />
      <div className="flex flex-col gap-4">
        <Trouble view={data} />
        <Mappings mappings={mappings} tenants={tenants} />
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_26rem]">
          <SettingsForm
            view={data}
            values={values}
            change={change}
            username={username}
            onChange={(next) => setTyped((all) => ({ ...all, ...next }))}
            onReset={() => setTyped({})}
          />
          <TestCard change={change} direct={values.bind === "direct"} username={data.source === "demo" ? "" : username} />
        </div>
      </div>
    </>
  );
}

/** What an administrator has to know before anything else. */
function Trouble({ view: { source, status, rereads, settings } }: { view: DirectoryView }) {
  const grace = duration((settings?.graceMinutes ?? 240) * 60_000);
  const down = status.servers.filter(({ problem }) => problem !== null);
  return (
    <>
      {status.state === "failing" ? (
        <Notice tone="bad" role="status" title="The directory does not answer">
          <p>{status.problem}</p>
          <p className="mt-1">
            Nobody can sign in. Who is signed in stays so for {grace} after the directory knew them last
            {status.endsAt ? (
              <>
                : the first are signed out <Time at={status.endsAt} />
              </>
            ) : null}
            .
          </p>
        </Notice>
      ) : null}
      {status.state === "ok" && down.length > 0 ? (
        <Notice
          tone="warn"
          title={down.length === 1 ? "A server does not answer; another one does" : "Some servers do not answer; another one does"}
        >
          {down.map(({ url, problem }) => (
            <p key={url}>
              <span className="break-all font-mono text-sm">{url}</span>: {problem}
            </p>
          ))}
        </Notice>
      ) : null}
      {source === "demo" ? (
        <Notice tone="off" title="These are the accounts that came with the platform">
          Put your company’s directory in their place below: map one of its groups to site administrators first (anyway, since this
          directory does not have it), then try the settings and save them.
        </Notice>
      ) : null}
      {rereads ? null : (
        <Notice tone="warn" title="People cannot be read again while they are signed in">
          They bind with their own password, which nobody keeps. So a person who is disabled keeps their access for up to {grace} after they
          signed in; an account that searches would end it within a minute.
        </Notice>
      )}
    </>
  );
}
