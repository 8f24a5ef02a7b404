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

/** "2 nodes stay as they are, and move by themselves once another host can take them." @param all none of the host's moves */
export function staySentence(nodes: number, all: boolean): string {
  const one = nodes === 1;
  const stay = one ? "stays as it is, and moves by itself once" : "stay as they are, and move by themselves once";
  return all
    ? `No other host can take its ${plural(nodes, "node")} now: ${one ? "it" : "they"} ${stay} one can.`
    : `${plural(nodes, "node")} ${stay} another host can take ${one ? "it" : "them"}.`;
}

/** The same of a host that is lost: what has no place yet runs nowhere. */
export function waitSentence(nodes: number, all: boolean): string {
  const wait = nodes === 1 ? "waits and starts" : "wait and start";
  return all
    ? `No other host can take its ${plural(nodes, "node")} now: ${nodes === 1 ? "it" : "they"} ${wait} once one can.`
    : `${plural(nodes, "node")} ${wait} once another host can take ${nodes === 1 ? "it" : "them"}.`;
}

export interface Staying {
  nodes: string[];
  /** "flights of Analytics". */
  where: string;
  reason: string;
}

/** Which of a host's nodes find a place elsewhere, and which do not. */
export function splitMoves(
  nodes: readonly Pick<HostNodeView, "name" | "tenant" | "cluster">[],
  groups: readonly { nodes: string[]; reason: string }[],
): { moving: Moving[]; staying: Staying[] } {
  const stays = new Set(groups.flatMap((group) => group.nodes));
  return {
    moving: movesOf(nodes.filter(({ name }) => !stays.has(name))),
    staying: groups.map((group) => {
      const clusters = nodes
        .filter(({ name }) => group.nodes.includes(name))
        .map(({ cluster, tenant }) => `${cluster.name} of ${tenant.name}`);
      return { nodes: group.nodes, where: [...new Set(clusters)].join(", "), reason: group.reason };
    }),
  };
}

/** "3.1 GB", "at most 20 GB": of a node that does not run nobody knows how full its disk is. Null: it is nothing worth a word. */
export function copyAmount({ dataMb, exact }: { dataMb: number; exact: boolean }): string | null {
  return dataMb < 0.5 ? null : `${exact ? "" : "at most "}${megabytes(dataMb)}`;
}
