import type { Demand } from "./filters.ts";
import type { Free } from "./ledger.ts";

/**
 * Orders hosts that can take the node, best first: one that already has a node of this cluster (shuffles stay local), one that already
 * has the image, then the one with most memory left. Ties go by name, so that the same picture gives the same answer.
 */
export function rank(_demand: Demand, hosts: readonly Free[], used: ReadonlySet<string>, imageTag: string): Free[] {
  const hasImage = (free: Free): boolean =>
    free.host.observed?.images.some((image) => image.tag === imageTag && image.state === "present") ?? false;
  return [...hosts].sort(
    (a, b) =>
      Number(used.has(b.host.id)) - Number(used.has(a.host.id)) ||
      Number(hasImage(b)) - Number(hasImage(a)) ||
      b.memoryMb - a.memoryMb ||
      (a.host.name < b.host.name ? -1 : 1),
  );
}
