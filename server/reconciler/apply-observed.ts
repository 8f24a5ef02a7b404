import type { Snapshot, StepRow } from "../planner/snapshot.ts";
import type { ObservedWrite } from "./store/port.ts";

/** The picture after an observation was written; the old one stays as it is. */
export function applyObserved(snapshot: Snapshot, write: ObservedWrite): Snapshot {
  const { host } = write;
  const nodes = new Map(write.nodes.map((row) => [row.id, row.observed]));
  const volumes = new Map(write.volumes.map((row) => [row.id, row.observed]));
  const clusters = new Map(write.clusters.map((row) => [row.id, row]));
  return {
    ...snapshot,
    hosts: host
      ? snapshot.hosts.map((row) => (row.id === host.id ? { ...row, observed: host.observed, observedAt: write.at } : row))
      : snapshot.hosts,
    nodes:
      nodes.size === 0
        ? snapshot.nodes
        : snapshot.nodes.map((row) => {
            const observed = nodes.get(row.id);
            return observed ? { ...row, observed, observedAt: write.at } : row;
          }),
    volumes:
      volumes.size === 0 ? snapshot.volumes : snapshot.volumes.map((row) => ({ ...row, observed: volumes.get(row.id) ?? row.observed })),
    clusters:
      clusters.size === 0
        ? snapshot.clusters
        : snapshot.clusters.map((row) => {
            const change = clusters.get(row.id);
            return change ? { ...row, phase: change.phase, phaseReason: change.reason, phaseSince: change.since } : row;
          }),
    steps: write.steps.length === 0 ? snapshot.steps : mergeSteps(snapshot, write.steps),
  };
}

function mergeSteps(snapshot: Snapshot, changed: readonly StepRow[]): StepRow[] {
  const key = (row: StepRow): string => `${row.clusterId} ${row.attempt} ${row.step}`;
  const current = new Map(snapshot.clusters.map((row) => [row.id, row.attempt]));
  const fresh = new Map(changed.filter((row) => current.get(row.clusterId) === row.attempt).map((row) => [key(row), row]));
  const merged = snapshot.steps.map((row) => {
    const change = fresh.get(key(row));
    fresh.delete(key(row));
    return change && row.endedAt === null ? change : row;
  });
  return [...merged, ...fresh.values()];
}
