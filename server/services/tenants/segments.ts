import { isUsable, sizeOf } from "../../planner/ipam/pick.ts";
import { addressesOf } from "../../planner/rows.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import type { TenantCtx } from "../context.ts";
import { uplinkWords } from "../segments/words.ts";

export interface TenantSegment {
  name: string;
  cidr: string;
  /** "VLAN 100", "VXLAN 7001", "one host only". */
  uplink: string;
  /** Addresses that a node could get now. */
  free: number;
}

/** The segments that a tenant's clusters can be created on, the default one first. */
export async function tenantSegments({ db, tenant }: TenantCtx): Promise<TenantSegment[]> {
  const [rows, snapshot] = await Promise.all([
    db.segment.findMany({ where: { tenantId: tenant.id }, select: { id: true }, orderBy: [{ createdAt: "asc" }, { id: "asc" }] }),
    loadSnapshot(db),
  ]);
  return rows.flatMap(({ id }) => {
    const segment = snapshot.segments.find((one) => one.id === id);
    if (!segment) return [];
    const taken = addressesOf(snapshot, id).filter((row) => isUsable(segment, row.ip)).length;
    return [{ name: segment.name, cidr: segment.cidr, uplink: uplinkWords(segment), free: Math.max(0, sizeOf(segment) - taken) }];
  });
}
