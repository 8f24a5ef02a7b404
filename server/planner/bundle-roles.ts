import type { DistributionRow, NodeRow } from "./snapshot.ts";

/** Services that a master shares with workers do a worker's job: such a master counts as a worker too. */
export function runsWorker(distribution: Pick<DistributionRow, "bundle">, role: NodeRow["role"]): boolean {
  const working = new Set(distribution.bundle.roles.worker?.services ?? []);
  return (distribution.bundle.roles[role]?.services ?? []).some((service) => working.has(service));
}
