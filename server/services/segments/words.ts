import type { SegmentRow } from "../../planner/snapshot.ts";

/** "VLAN 100", "VXLAN 7001", "one host only". */
export function uplinkWords(segment: Pick<SegmentRow, "uplink" | "vlanId" | "vni">): string {
  if (segment.uplink === "vlan") return `VLAN ${segment.vlanId}`;
  return segment.uplink === "vxlan" ? `VXLAN ${segment.vni}` : "one host only";
}
