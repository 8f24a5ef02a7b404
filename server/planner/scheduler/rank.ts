import type { InstallationRow } from "../snapshot.ts";
import type { Demand } from "./filters.ts";
import type { Free } from "./ledger.ts";

/** What decides among hosts that can take a node. */
export interface Taste {
  readonly placement: InstallationRow["placement"];
  readonly imageTag: string;
  /** Nodes of this cluster on each host. */
  readonly used: ReadonlyMap<string, number>;
  /** Masters of the tenant's other clusters on each host. */
  readonly masters: ReadonlyMap<string, number>;
}

/**
 * The best of the hosts that can take the node: one that has the image before one that has to build it, for a node without cards one that has
 * none to spare, for a master one with few masters of
 * its tenant; then spread (few nodes of this cluster, most memory left) or pack (nodes of this cluster, so that shuffles stay local, then most
 * memory left). Ties go by name, so that the same picture gives the same answer.
 */
export function rank(demand: Demand, hosts: readonly Free[], taste: Taste): Free[] {
  const { used, masters, imageTag } = taste;
  const sign = taste.placement === "pack" ? -1 : 1;
  const keyed = hosts.map((free) => ({
    free,
    image: free.host.observed?.images.some((image) => image.tag === imageTag && image.state === "present") ? 0 : 1,
    // What needs no card leaves the hosts that have free ones to those that do.
    spared: demand.gpus === 0 && free.gpus > 0 ? 1 : 0,
    masters: demand.role === "master" ? (masters.get(free.host.id) ?? 0) : 0,
    used: sign * (used.get(free.host.id) ?? 0),
  }));
  keyed.sort(
    (a, b) =>
      a.image - b.image ||
      a.spared - b.spared ||
      a.masters - b.masters ||
      a.used - b.used ||
      b.free.memoryMb - a.free.memoryMb ||
      (a.free.host.name < b.free.host.name ? -1 : 1),
  );
  return keyed.map((entry) => entry.free);
}
