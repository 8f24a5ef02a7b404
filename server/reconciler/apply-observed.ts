import { clusterOf, hostOf, nodeOf, sameKeys, stepsOfCluster, volumeOf } from "../planner/rows.ts";
import type { Snapshot, StepRow } from "../planner/snapshot.ts";
import type { ObservedWrite } from "./store/port.ts";

/** The picture after an observation was written; the old one stays as it is, and rows that did not change are shared with it. */
export function applyObserved(snapshot: Snapshot, write: ObservedWrite): Snapshot {
  const { host, at: observedAt } = write;
  const seen = host && hostOf(snapshot, host.id);
  return {
    ...snapshot,
    hosts: host && seen ? put(snapshot.hosts, [[seen, { ...seen, observed: host.observed, observedAt }]]) : snapshot.hosts,
    nodes: put(
      snapshot.nodes,
      write.nodes.flatMap(({ id, observed }) => {
        const row = nodeOf(snapshot, id);
        return row ? [[row, { ...row, observed, observedAt }] as const] : [];
      }),
    ),
    volumes: put(
      snapshot.volumes,
      write.volumes.flatMap(({ id, observed }) => {
        const row = volumeOf(snapshot, id);
        return row ? [[row, { ...row, observed }] as const] : [];
      }),
    ),
    clusters: put(
      snapshot.clusters,
      write.clusters.flatMap(({ id, phase, reason: phaseReason, since: phaseSince }) => {
        const row = clusterOf(snapshot, id);
        return row ? [[row, { ...row, phase, phaseReason, phaseSince }] as const] : [];
      }),
    ),
    steps: mergeSteps(snapshot, write.steps),
  };
}

/** The rows with some replaced; the same list where none is. */
function put<T extends object>(rows: readonly T[], changes: readonly (readonly [T, T])[]): readonly T[] {
  if (changes.length === 0) return rows;
  const next = [...rows];
  for (const [old, row] of changes) {
    const at = next.indexOf(old);
    if (at >= 0) next[at] = row;
  }
  return sameKeys(rows, next);
}

function mergeSteps(snapshot: Snapshot, changed: readonly StepRow[]): readonly StepRow[] {
  const replaced: [StepRow, StepRow][] = [];
  const added: StepRow[] = [];
  for (const row of changed) {
    if (clusterOf(snapshot, row.clusterId)?.attempt !== row.attempt) continue;
    const known = stepsOfCluster(snapshot, row.clusterId).find((step) => step.attempt === row.attempt && step.step === row.step);
    if (!known) added.push(row);
    // A step that ended stays ended.
    else if (known.endedAt === null) replaced.push([known, row]);
  }
  const next = put(snapshot.steps, replaced);
  return added.length > 0 ? [...next, ...added] : next;
}
