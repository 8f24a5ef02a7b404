import Link from "next/link";
import type { ReactNode } from "react";
import type { TopologyView } from "../../server/services/hosts/schemas.ts";
import { phaseState } from "../clusters/model/phases.ts";
import { hostState, modeWords } from "../hosts/model/states.ts";
import { plural } from "../ui/format.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { railWords } from "./site-layout.ts";

export interface Chosen {
  kind: "node" | "host" | "segment";
  /** Place in the view's list. */
  index: number;
}

/** What the picture leaves out about what one points at; said to those who go through it by keys. */
export function Detail({ view, chosen }: { view: TopologyView; chosen: Chosen | null }) {
  return (
    <div role="status" className="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 text-sm sm:min-h-8">
      {(chosen && words(view, chosen)) ?? (
        <span className="text-muted">Point at something, or go through it with the arrow keys, to read more about it.</span>
      )}
    </div>
  );
}

function words(view: TopologyView, { kind, index }: Chosen): ReactNode {
  if (kind === "host") {
    const host = view.hosts[index];
    if (!host) return null;
    const count = view.nodes.filter((node) => node.host === index).length;
    return (
      <>
        <Link href={`/site/hosts/${host.name}`} className="link inline-flex min-h-6 items-center font-medium">
          {host.name}
        </Link>
        <StateBadge {...hostState(host)} detail={host.reason} />
        {host.address ? <code className="font-mono">{host.address}</code> : null}
        <span className="text-muted">
          {plural(count, "node")} · {modeWords(host.mode)}
        </span>
      </>
    );
  }
  if (kind === "segment") {
    const segment = view.segments[index];
    if (!segment) return null;
    const count = view.nodes.filter((node) => node.segment === index).length;
    const hosts = new Set([...view.nodes, ...view.links].filter((one) => one.segment === index).map((one) => one.host)).size;
    return (
      <>
        <span className="font-medium">{railWords(segment)}</span>
        <span className="text-muted">
          {view.tenants[segment.tenant]?.name} · {plural(count, "node")} on {plural(hosts, "host")}
        </span>
      </>
    );
  }
  const node = view.nodes[index];
  const cluster = node && view.clusters[node.cluster];
  if (!node || !cluster) return null;
  const tenant = view.tenants[cluster.tenant];
  const segment = view.segments[node.segment];
  return (
    <>
      <span className="font-medium">{node.name}</span>
      <StateBadge {...phaseState(node.state)} />
      <code className="font-mono">{node.ip || "no address yet"}</code>
      <Link href={`/t/${tenant?.slug}/clusters/${cluster.id}`} className="link inline-flex min-h-6 items-center">
        {cluster.name}
      </Link>
      <span className="text-muted">
        {node.master ? "master" : "worker"} of {tenant?.name} · {view.hosts[node.host]?.name ?? "on no host"}
        {segment ? ` · ${railWords(segment)}` : ""}
      </span>
    </>
  );
}
