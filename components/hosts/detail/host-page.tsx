"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { HostDetailView } from "../../../server/services/hosts/schemas.ts";
import { failure } from "../../api/failure.ts";
import { StaleNote } from "../../api/live.tsx";
import type { Seed } from "../../api/seed.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useSeeded } from "../../api/use-seeded.ts";
import { MetricsCard } from "../../charts/metrics-card.tsx";
import { Card, CardHeader } from "../../ui/card.tsx";
import { count, megabytes, plural } from "../../ui/format.ts";
import { Meter } from "../../ui/meter.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { Time } from "../../ui/time.tsx";
import { HostActions } from "../actions/host-actions.tsx";
import { hostState, modeWords } from "../model/states.ts";
import { useSiteChanges } from "../use-site.ts";
import { AbilitiesCard, FactsCard } from "./facts-card.tsx";
import { EventsCard, ImagesCard, KeptCard, NodesCard, SegmentsCard } from "./lists.tsx";
import { SettingsCard } from "./settings-card.tsx";

interface Props {
  host: Seed<HostDetailView>;
  tenants: { slug: string; name: string }[];
}

/** One host: what it has and carries, what it is able to do, what happened to it, and what can be done with it. */
export function HostPage({ host: seeded, tenants }: Props) {
  const trpc = useTRPC();
  const live = useSiteChanges();
  const ref = { host: seeded.data.name };
  const { data: host, error } = useSeeded({ ...trpc.hosts.get.queryOptions(ref), refetchInterval: 5000 }, seeded);
  const gone = error !== null && failure(error).kind === "not_found";
  const metrics = useQuery({ ...trpc.metrics.host.queryOptions(ref), refetchInterval: 5000, enabled: !gone && host.state !== "silent" });
  const state = hostState(host);
  return (
    <>
      <PageHeader
        crumbs={[{ title: "Hosts", href: "/site/hosts" }]}
        title={host.name}
        badge={
          <>
            <StateBadge {...state} />
            <StaleNote live={live} />
          </>
        }
        facts={[
          modeWords(host.mode),
          ...(host.address ? [<code key="address">{host.address}</code>] : []),
          plural(host.nodes, "node"),
          host.tenant ? `only for ${host.tenant}` : "for every tenant",
          host.heardAt ? (
            <>
              heard <Time at={host.heardAt} />
            </>
          ) : (
            "never heard"
          ),
        ]}
        actions={gone ? null : <HostActions host={host} />}
      />
      <div className="grid gap-4">
        {gone ? (
          <Notice
            tone="off"
            title="This host has been removed"
            action={
              <Link href="/site/hosts" className="link">
                All hosts
              </Link>
            }
          >
            What you see is its last picture.
          </Notice>
        ) : null}
        {host.reason && host.state !== "ready" ? (
          <Notice tone={host.mode === "maintenance" ? "off" : "bad"} title={state.word}>
            {host.reason}
          </Notice>
        ) : null}
        {host.nodeList.map((node) =>
          node.drift ? (
            <Notice
              key={node.id}
              tone="bad"
              role="alert"
              title={`The container of ${node.name} is not as it was approved`}
              action={
                <Link href={`/t/${node.tenant.slug}/clusters/${node.cluster.id}`} className="link">
                  {node.cluster.name}
                </Link>
              }
            >
              <span className="break-words">{node.drift}</span>
            </Notice>
          ) : null,
        )}
        {host.progress ? <Notice tone={host.lostAt ? "warn" : "busy"}>{host.progress}</Notice> : null}
        <Card aria-labelledby="capacity">
          <CardHeader id="capacity" title="Capacity and use" aside={host.engine} />
          <Capacity host={host} />
        </Card>
        <NodesCard nodes={host.nodeList} />
        <MetricsCard
          quiet={host.state === "silent"}
          id="metrics"
          title="What it used"
          metrics={metrics.data}
          error={metrics.error}
          limits={{ cpuCores: host.cpus || null, memoryMb: host.facts?.memoryMb ?? null, diskMb: host.diskMb.total || null }}
          disk="Disk"
        />
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <AbilitiesCard abilities={host.abilities} />
          <FactsCard host={host} />
        </div>
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <SegmentsCard segments={host.segments} />
          <ImagesCard images={host.images} />
        </div>
        <KeptCard volumes={host.volumes} />
        <SettingsCard host={host} tenants={tenants} />
        <EventsCard events={host.events} />
      </div>
    </>
  );
}

function Capacity({ host }: { host: HostDetailView }) {
  if (host.memoryMb.total === 0) return <p className="p-4 text-muted">It has not said yet what it has.</p>;
  const { usage, facts } = host;
  return (
    <div className="grid gap-4 p-4 sm:grid-cols-3">
      <Meter
        label="vCPU given to nodes"
        value={host.vcpus.used}
        max={host.vcpus.total}
        text={`${count(host.vcpus.used)} of ${count(host.vcpus.total)}`}
        note={`${plural(host.cpus, "processor")}${usage ? `, ${usage.cpuCores.toFixed(1)} at work now` : ""}`}
      />
      <Meter
        label="Memory given to nodes"
        value={host.memoryMb.used}
        max={host.memoryMb.total}
        text={`${megabytes(host.memoryMb.used)} of ${megabytes(host.memoryMb.total)}`}
        note={`${facts ? `${megabytes(facts.memoryMb)} in all, ` : ""}${megabytes(host.settings.reservedMemoryMb)} kept for the host${usage ? `, ${megabytes(usage.memoryMb)} in use now` : ""}`}
      />
      <Meter
        label="Disk"
        value={host.diskMb.total - host.diskMb.free}
        max={host.diskMb.total}
        text={`${megabytes(host.diskMb.free)} free of ${megabytes(host.diskMb.total)}`}
        note="images, root disks and volumes"
      />
    </div>
  );
}
