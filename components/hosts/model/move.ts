import type { HostNodeView } from "../../../server/services/hosts/schemas.ts";
import { megabytes, plural } from "../../ui/format.ts";

export interface Moving {
  tenant: string;
  /** "flights: kindling-1, kindling-2". */
  clusters: { name: string; nodes: string[] }[];
  nodes: number;
}

/** Whose nodes leave a host: by tenant, then by cluster. */
export function movesOf(nodes: readonly Pick<HostNodeView, "name" | "tenant" | "cluster">[]): Moving[] {
  const tenants = new Map<string, Map<string, string[]>>();
  for (const { name, tenant, cluster } of nodes) {
    const clusters = tenants.get(tenant.name) ?? new Map<string, string[]>();
    clusters.set(cluster.name, [...(clusters.get(cluster.name) ?? []), name]);
    tenants.set(tenant.name, clusters);
  }
  return [...tenants]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([tenant, clusters]) => ({
      tenant,
      clusters: [...clusters].map(([name, members]) => ({ name, nodes: members })),
      nodes: [...clusters.values()].reduce((sum, members) => sum + members.length, 0),
    }));
}

/** "3 nodes of 2 tenants move to other hosts." */
export function moveSentence(moving: readonly Moving[]): string {
  const nodes = moving.reduce((sum, one) => sum + one.nodes, 0);
  if (nodes === 0) return "No node runs here; it takes none while it is drained.";
  return `${plural(nodes, "node")} of ${plural(moving.length, "tenant")} ${nodes === 1 ? "moves" : "move"} to other hosts.`;
}

/** "3.1 GB", "at most 20 GB": of a node that does not run nobody knows how full its disk is. */
export function copyAmount({ dataMb, exact }: { dataMb: number; exact: boolean }): string {
  return `${exact ? "" : "at most "}${megabytes(dataMb)}`;
}
