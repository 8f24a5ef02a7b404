"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import type { HostDetailView } from "../../../server/services/hosts/schemas.ts";
import { questionAbout } from "../../api/question.ts";
import { useTRPC, useTRPCClient } from "../../api/trpc.ts";
import { CommandFold } from "../../clusters/command-text.tsx";
import { AlertDialog } from "../../ui/alert-dialog.tsx";
import { plural } from "../../ui/format.ts";
import { RadioCards } from "../../ui/radio-cards.tsx";
import { notify } from "../../ui/toast.tsx";
import { type DrainData, type HostAction, hostCommand } from "../model/actions.ts";
import { copyAmount, moveSentence, splitMoves, staySentence, waitSentence } from "../model/move.ts";

interface Props {
  host: HostDetailView;
  open: HostAction | null;
  onClose: () => void;
}

/** Everything about a host that asks before it acts; fetched when the first of them is opened. */
export function HostDialogs({ host, open, onClose }: Props) {
  const api = useTRPCClient();
  const { name } = host;
  const router = useRouter();
  const [picked, setPicked] = useState<DrainData>("copy");
  // What was picked may have become impossible meanwhile.
  const data: DrainData = host.copying.refusal === null ? picked : "keep";
  return (
    <>
      <Ask
        {...{ host, open, onClose }}
        id="drain"
        title={`Drain ${name}?`}
        action="Drain"
        said={`${name} is being drained`}
        command={hostCommand(name, "drain", data)}
        run={(_confirm) => api.hosts.drain.mutate({ host: name, data })}
      >
        <Drain host={host} data={data} onPick={setPicked} />
      </Ask>
      <Ask
        {...{ host, open, onClose }}
        id="maintenance"
        title={`Begin maintenance of ${name}?`}
        action="Begin maintenance"
        quiet
        said={`${name} is in maintenance`}
        run={() => api.hosts.maintenance.mutate({ host: name })}
      >
        <p>It takes no new nodes, and nobody is warned while it is silent; nothing is moved because of it.</p>
        <p className="mt-2">
          {host.nodes > 0
            ? `Its ${plural(host.nodes, "node")} ${host.nodes === 1 ? "stays" : "stay"}, and ${host.nodes === 1 ? "stops" : "stop"} if the machine does: with their names, addresses and /data they come back with it. Drain it first if they have to run meanwhile.`
            : "No node runs here."}
        </p>
      </Ask>
      <Ask
        {...{ host, open, onClose }}
        id="lost"
        title={`Declare ${name} lost?`}
        action="Declare lost"
        said={`${name} is given up as lost`}
        run={(confirm) => api.hosts.declareLost.mutate({ host: name, confirm })}
      >
        <p>
          <strong className="font-medium text-text">Be sure that the machine has no power or no network.</strong> What it still runs would
          run twice.
        </p>
        <Moves host={host} stay={waitSentence} />
        <p className="mt-2">
          They start with the same names and addresses and <strong className="font-medium text-text">a new, empty /data</strong>: what was
          on this machine is out of reach. Should it return, it removes what runs elsewhere by then and keeps the old /data as volumes of
          their owners.
        </p>
      </Ask>
      <Ask
        {...{ host, open, onClose }}
        id="remove"
        title={`Remove ${name}?`}
        action="Remove"
        said={`${name} is removed`}
        run={async (confirm) => {
          await api.hosts.remove.mutate({ host: name, confirm });
          router.push("/site/hosts");
        }}
      >
        <p>The platform forgets it and trusts its certificate no longer. To bring it back, add it again.</p>
        {host.volumes.length > 0 ? (
          <p className="mt-2">
            {host.lostAt
              ? `${plural(host.volumes.length, "volume")} on it ${host.volumes.length === 1 ? "is" : "are"} forgotten too.`
              : `It still holds ${plural(host.volumes.length, "volume")}; they have to be deleted first.`}
          </p>
        ) : null}
      </Ask>
    </>
  );
}

function Drain({ host, data, onPick }: { host: HostDetailView; data: DrainData; onPick: (data: DrainData) => void }) {
  const amount = copyAmount(host.copying);
  return (
    <>
      <p>It takes no new nodes.</p>
      <Moves host={host} stay={staySentence} />
      {host.nodeList.length > 0 ? (
        <>
          <p className="mt-2 mb-2">
            What moves is started elsewhere with the same name and address, one cluster after the other; what it computes just then ends.
            What fits nowhere stays here, with a reason.
          </p>
          <RadioCards
            label="What becomes of /data"
            columns={2}
            value={data}
            onChange={(next) => onPick(next === "keep" ? "keep" : "copy")}
            cards={[
              {
                value: "copy",
                title: "Copy /data along",
                detail: `Each cluster stands still until its /data is there${amount ? `: ${amount} in all` : ""}. The old disks stay on this host as volumes of their owners.`,
                reason: host.copying.refusal,
              },
              {
                value: "keep",
                title: "Start with an empty /data",
                detail: "Clusters are back soon. What they have on /data stays on this host as volumes of their owners.",
              },
            ]}
          />
        </>
      ) : null}
    </>
  );
}

/** Whose nodes go, and whose have nowhere to go now. @param stay what is said of these */
function Moves({ host, stay }: { host: HostDetailView; stay: typeof staySentence }) {
  const { moving, staying } = splitMoves(host.nodeList, host.staying);
  const left = staying.reduce((sum, { nodes }) => sum + nodes.length, 0);
  return (
    <>
      {moving.length > 0 || left === 0 ? <p className="mt-2">{moveSentence(moving)}</p> : null}
      {moving.length > 0 ? (
        <dl className={listStyle}>
          {moving.map(({ tenant, clusters }) => (
            <div key={tenant} className="py-0.5">
              <dt className="font-medium text-text">{tenant}</dt>
              {clusters.map((cluster) => (
                <dd key={cluster.name} className="break-words">
                  {cluster.name}: {cluster.nodes.join(", ")}
                </dd>
              ))}
            </div>
          ))}
        </dl>
      ) : null}
      {left > 0 ? (
        <>
          <p className="mt-2">{stay(left, moving.length === 0)}</p>
          <dl className={listStyle}>
            {staying.map(({ nodes, where, reason }) => (
              <div key={nodes.join()} className="py-0.5">
                <dt className="font-medium text-text">{where}</dt>
                <dd className="break-words">
                  {nodes.join(", ")}: {reason}
                </dd>
              </div>
            ))}
          </dl>
        </>
      ) : null}
    </>
  );
}

const listStyle = "mt-2 max-h-48 overflow-y-auto rounded-md bg-sunken px-3 py-2 text-sm";

interface AskProps extends Props {
  id: HostAction;
  title: string;
  action: string;
  /** Without typed confirmation: it can be taken back. */
  quiet?: boolean;
  /** Where it is not the one of the action alone. */
  command?: string;
  said: string;
  run: (confirm: string) => Promise<unknown>;
  children: ReactNode;
}

function Ask({ host, open, onClose, id, title, action, quiet = false, command, said, run, children }: AskProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: run,
    onSuccess: async () => {
      notify("ok", said);
      onClose();
      await queries.invalidateQueries(trpc.hosts.pathFilter());
    },
  });
  return (
    <AlertDialog
      {...questionAbout(act, open === id, onClose)}
      title={title}
      action={action}
      danger={!quiet}
      {...(quiet ? {} : { confirm: { label: `Type ${host.name} to go on`, text: host.name } })}
      onAction={(typed) => act.mutate(typed)}
    >
      {children}
      <div className="mt-3">
        <CommandFold command={command ?? hostCommand(host.name, id)} what="the command" />
      </div>
    </AlertDialog>
  );
}
