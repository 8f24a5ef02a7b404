import type { Snapshot } from "../../planner/snapshot.ts";
import { freshRows, hostRow } from "./rows.ts";

/** Clusters of one tenant: what a segment carries stays the same however large the site is. */
export const perTenant = 25;

/** A site of this many hosts, with tenants t0, t1 … and their networks for as many clusters. Nothing is on it yet. */
export function largeSite(hosts: number, clusters: number): Snapshot {
  const rows = freshRows(1);
  const tenants = Array.from(
    { length: Math.ceil(clusters / perTenant) },
    (_, index) => ({ ...rows.tenants[0], id: `t${index}` }) as Snapshot["tenants"][number],
  );
  return {
    ...rows,
    installation: { ...rows.installation, placement: "spread" },
    tenants,
    hosts: Array.from({ length: hosts }, (_, index) => hostRow(`host${index}`, `host-${index + 1}`)),
    segments: tenants.map((tenant, index) => ({
      ...{
        id: `s${index}`,
        tenantId: tenant.id,
        name: tenant.id,
        bridge: `k${index}`,
        uplink: "vxlan" as const,
        vlanId: null,
        vni: 7000 + index,
      },
      ...{ cidr: `10.${64 + (index >> 6)}.${(index & 63) << 2}.0/22`, gateway: `10.${64 + (index >> 6)}.${((index & 63) << 2) + 3}.254` },
      ...{ mtu: 1500, dns: [], reserved: [] },
    })),
  };
}
