import type { Tx } from "../../db.ts";
import { sizeOf } from "../../planner/ipam/pick.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { hostViews } from "../hosts/list.ts";
import type { ClusterView } from "./schemas.ts";

/** The hosts that carry a cluster's nodes, each with what all nodes on it take together and what it has for them. */
export function hostsOf(snapshot: Snapshot, clusterId: string, now: Date): ClusterView["hosts"] {
  const carrying = new Set(snapshot.nodes.flatMap((node) => (node.clusterId === clusterId ? [node.hostId] : [])));
  return hostViews(snapshot, now)
    .filter((host) => carrying.has(host.id))
    .map(({ name, vcpus, memoryMb }) => ({ name, vcpus, memoryMb }));
}

/** The network that a tenant's nodes are on: the first, as when nodes are placed. */
export async function segmentOf(db: Tx, tenantId: string): Promise<ClusterView["segment"]> {
  const row = await db.segment.findFirst({ where: { tenantId }, orderBy: { id: "asc" } });
  if (!row) return null;
  const used = await db.address.count({ where: { segmentId: row.id, nodeId: { not: null } } });
  return { name: row.name, cidr: row.cidr, used, size: sizeOf(row) };
}
