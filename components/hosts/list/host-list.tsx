"use client";
import { Plus, Search, Server } from "lucide-react";
import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { useRef } from "react";
import type { PendingInvitation } from "../../../server/services/hosts/enrol-schemas.ts";
import type { SiteSettingsView } from "../../../server/services/site/settings.ts";
import type { HostView } from "../../../server/services/views.ts";
import { StaleNote } from "../../api/live.tsx";
import type { Seed } from "../../api/seed.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useSeeded } from "../../api/use-seeded.ts";
import { SiteSettingsCard } from "../../site/settings-card.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { cx } from "../../ui/cx.ts";
import { boxStyle } from "../../ui/field.tsx";
import { count, megabytes, plural } from "../../ui/format.ts";
import { Meter } from "../../ui/meter.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { showing } from "../../ui/table.tsx";
import { useLazyOpen } from "../../ui/use-lazy-open.ts";
import { capacity, searchHosts, sortHosts } from "../model/list.ts";
import { hostParsers } from "../model/params.ts";
import { useSiteChanges } from "../use-site.ts";
import { HostsTable } from "./hosts-table.tsx";
import { Pending } from "./pending.tsx";

const AddHost = dynamic(() => import("./add-host.tsx").then((module) => module.AddHost), { ssr: false });

export interface HostListProps {
  hosts: Seed<HostView[]>;
  pending: Seed<PendingInvitation[]>;
  settings: Seed<SiteSettingsView>;
  /** Tenants that a host can be kept for. */
  tenants: { slug: string; name: string }[];
}

/** The machines that run nodes: what is wrong, what is given and what is there; more can be invited. */
export function HostList({ hosts, pending, settings, tenants }: HostListProps) {
  const trpc = useTRPC();
  const live = useSiteChanges();
  // Silence is the absence of news: no announcement tells of it.
  const { data } = useSeeded({ ...trpc.hosts.list.queryOptions(), refetchInterval: 5000 }, hosts);
  const { data: invited } = useSeeded({ ...trpc.enrolment.pending.queryOptions(), refetchInterval: 15_000 }, pending);
  const [{ q, sort }, setParams] = useQueryStates(hostParsers, { history: "replace", scroll: false });
  const dialog = useLazyOpen();
  const addButton = useRef<HTMLButtonElement>(null);
  const rows = sortHosts(searchHosts(data, q), sort);
  const { vcpus, memoryMb, diskMb } = capacity(data);
  const taking = data.filter((host) => host.state === "ready" && host.mode === "active").length;
  const add = (
    <Button ref={addButton} variant="primary" onClick={() => dialog.setOpen(true)}>
      <Plus aria-hidden="true" className="size-4" />
      Add host
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Hosts"
        badge={<StaleNote live={live} />}
        facts={[plural(data.length, "host"), `${taking} ${taking === 1 ? "takes" : "take"} nodes`]}
        actions={add}
      />
      {data.length > 1 ? (
        <Card className="mb-4 grid gap-4 p-4 sm:grid-cols-3" aria-label="Capacity of all hosts">
          <Meter label="vCPU given" value={vcpus[0]} max={vcpus[1]} text={`${count(vcpus[0])} of ${count(vcpus[1])}`} />
          <Meter
            label="Memory given"
            value={memoryMb[0]}
            max={memoryMb[1]}
            text={`${megabytes(memoryMb[0])} of ${megabytes(memoryMb[1])}`}
          />
          <Meter label="Disk used" value={diskMb[0]} max={diskMb[1]} text={`${megabytes(diskMb[0])} of ${megabytes(diskMb[1])}`} />
        </Card>
      ) : null}
      <Pending invitations={invited} after={addButton} />
      {data.length === 0 ? (
        <Card>
          <EmptyState icon={Server} title="Add the first host" action={add}>
            One command on the machine is all it takes. Its agent then reports by itself.
          </EmptyState>
        </Card>
      ) : (
        <>
          <search className="mb-3 block">
            <div className="relative w-full sm:w-80">
              <Search aria-hidden="true" className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted" />
              <input
                type="search"
                aria-label="Search hosts"
                placeholder="Name, tag, tenant, state or address"
                value={q}
                maxLength={80}
                onChange={(event) => void setParams({ q: event.target.value })}
                onKeyDown={(event) => {
                  if (event.key === "Escape") void setParams({ q: "" });
                }}
                className={cx(boxStyle, "pl-8")}
              />
            </div>
          </search>
          <Card>
            <HostsTable hosts={rows} sort={sort} onSort={(next) => void setParams({ sort: next })} />
            {rows.length === 0 ? (
              <EmptyState title="No host matches" action={<Button onClick={() => void setParams({ q: "" })}>Clear the search</Button>}>
                Another name, tag, tenant, state or address may find it.
              </EmptyState>
            ) : null}
          </Card>
          <p role="status" className="mt-2 text-muted text-sm">
            {rows.length === data.length ? showing(1, rows.length, data.length) : `${rows.length} of ${plural(data.length, "host")} match`}
          </p>
        </>
      )}
      <div className="mt-4">
        <SiteSettingsCard
          settings={settings}
          title="Placement"
          fields={[
            {
              name: "placement",
              label: "Nodes are laid over hosts by",
              hint: "Spread survives more; pack leaves room for large nodes.",
              options: [
                { value: "spread", label: "Spread: evenly" },
                { value: "pack", label: "Pack: fill one after the other" },
              ],
            },
            { name: "cpuRatio", label: "vCPU for each processor", hint: "Memory and disk are never promised twice." },
            {
              name: "moveAfterSeconds",
              label: "Move nodes of a silent host after, s",
              hint: "Empty: only when an administrator declares it lost.",
            },
          ]}
        />
      </div>
      {dialog.mounted ? <AddHost open={dialog.open} onClose={() => dialog.setOpen(false)} hosts={data} tenants={tenants} /> : null}
    </>
  );
}
