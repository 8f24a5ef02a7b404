import { isUsable, sizeOf } from "../../planner/ipam/pick.ts";
import { addressesOf, hostOf } from "../../planner/rows.ts";
import type { SegmentRow, Snapshot } from "../../planner/snapshot.ts";
import { mtuOf } from "../../planner/underlay.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import { byName } from "../by-name.ts";
import type { Deps } from "../context.ts";
import { tenantNames } from "../hosts/tenants.ts";
import type { SegmentView } from "./schemas.ts";
import { uplinkWords } from "./words.ts";

/** Every segment, by tenant and name. */
export async function listSegments({ db }: Deps): Promise<SegmentView[]> {
  const [snapshot, names] = await Promise.all([loadSnapshot(db), tenantNames(db)]);
  return snapshot.segments
    .map((segment) => segmentView(snapshot, segment, names.get(segment.tenantId) ?? { slug: "", name: "" }))
    .sort((a, b) => a.tenant.slug.localeCompare(b.tenant.slug) || byName(a, b));
}

/** One segment as pages show it. Pure. */
export function segmentView(snapshot: Snapshot, segment: SegmentRow, tenant: SegmentView["tenant"]): SegmentView {
  const rows = addressesOf(snapshot, segment.id);
  const { id, name, cidr, uplink, mtu } = segment;
  return {
    ...{ id, name, cidr, uplink, mtu, tenant },
    number: uplink === "vlan" ? segment.vlanId : uplink === "vxlan" ? segment.vni : null,
    uplinkWords: uplinkWords(segment),
    effectiveMtu: mtuOf(segment, snapshot.hosts),
    dns: [...segment.dns],
    reserved: [...segment.reserved],
    addresses: {
      // Beyond those for hosts alone, hosts take from the nodes'.
      size: sizeOf(segment) - rows.filter((row) => row.hostId !== null && isUsable(segment, row.ip)).length,
      used: rows.filter((row) => row.nodeId !== null).length,
      resting: rows.filter((row) => row.freedAt !== null && isUsable(segment, row.ip)).length,
    },
    clusters: snapshot.clusters.filter((cluster) => cluster.segmentId === id).length,
    hosts: rows.flatMap(({ ip, hostId }) => (hostId === null ? [] : [{ name: hostOf(snapshot, hostId)?.name ?? hostId, ip }])).sort(byName),
  };
}
