import type { Change } from "./changes.ts";
import { addressesOf } from "./rows.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * What has to happen for tenants that are to go. Their clusters go as any deleted cluster does; volumes that were kept, also such that are only
 * kept now, are condemned: whoever deleted the tenant agreed to that. When hosts have shown all of it gone, their networks go, and then the tenant.
 */
export function releaseTenants(snapshot: Snapshot): Change[] {
  return snapshot.tenants.flatMap((tenant): Change[] => {
    if (tenant.state !== "deleting") return [];
    const volumes = snapshot.volumes.filter((volume) => volume.tenantId === tenant.id);
    const kept = volumes.filter((volume) => volume.state === "kept");
    if (kept.length > 0) return kept.map(({ id }) => ({ op: "condemnKept", id }));
    const ours = (row: { tenantId: string }): boolean => row.tenantId === tenant.id;
    if (volumes.length > 0 || snapshot.clusters.some(ours) || snapshot.remnants.some(ours)) return [];
    const segments = snapshot.segments.filter(ours);
    const addresses = segments.flatMap((segment) => addressesOf(snapshot, segment.id));
    // A host still carries the network: it is told to take it down, and shows when it has.
    if (addresses.some((row) => row.nodeId !== null || row.hostId !== null)) return [];
    return [
      ...addresses.map(({ ip }): Change => ({ op: "forgetAddress", ip })),
      ...segments.map(({ id }): Change => ({ op: "dropSegment", id })),
      { op: "dropTenant", id: tenant.id },
    ];
  });
}
