import type { Tx } from "../../db.ts";
import { isUsable, sizeOf } from "../../planner/ipam/pick.ts";
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

/** The segment that a cluster's nodes are on; before it is placed the tenant's first, on which it would be. */
export async function segmentOf(db: Tx, tenantId: string, segmentId: string | null): Promise<ClusterView["segment"]> {
  const where = segmentId === null ? { tenantId } : { id: segmentId };
  const row = await db.segment.findFirst({ where, orderBy: [{ createdAt: "asc" }, { id: "asc" }] });
  if (!row) return null;
  const rows = await db.address.findMany({ where: { segmentId: row.id, freedAt: null }, select: { ip: true, nodeId: true } });
  const used = rows.filter(({ nodeId }) => nodeId !== null).length;
  const hosts = rows.filter(({ nodeId, ip }) => nodeId === null && isUsable(row, ip)).length;
  return { name: row.name, cidr: row.cidr, used, size: sizeOf(row) - hosts };
}
