import { admit } from "./admit.ts";
import { apply } from "./apply.ts";
import type { Change, Plan } from "./changes.ts";
import { markRemovals, releaseGone } from "./release.ts";
import type { ClusterRow, NewId, Snapshot } from "./snapshot.ts";

/**
 * Decides what the database has to hold next: nodes with number, name, host, address and volume; releases; refusals with a reason.
 * Pure: the same picture, moment and ids give the same plan. The plan of a picture that needs nothing is empty.
 */
export function plan(snapshot: Snapshot, now: number, newId: NewId): Plan {
  const changes: Change[] = [];
  const basis = new Map<string, number>();
  let next = snapshot;
  const add = (cluster: ClusterRow | null, more: readonly Change[]): void => {
    if (more.length === 0) return;
    changes.push(...more);
    next = apply(next, more);
    if (cluster) basis.set(cluster.id, cluster.generation);
  };
  add(null, releaseGone(next, now));
  for (const cluster of next.clusters) add(cluster, markRemovals(next, cluster));
  // Who waited longest chooses first.
  const queue = [...next.clusters].sort((a, b) => a.attemptAt - b.attemptAt || (a.id < b.id ? -1 : 1));
  const waiting: ClusterRow[] = [];
  for (const cluster of queue) {
    if (cluster.desired !== "running") {
      if (cluster.refusal) add(cluster, [{ op: "refuse", clusterId: cluster.id, refusal: null }]);
      continue;
    }
    const decided = admit(next, cluster, now, newId);
    if (decided.some((change) => change.op === "refuse" && change.refusal !== null)) waiting.push(cluster);
    else add(cluster, decided);
  }
  // Said last, so that a reason tells what is left now, after a smaller cluster may have found room.
  for (const cluster of waiting) add(cluster, admit(next, cluster, now, newId));
  return { changes, basis: [...basis].map(([clusterId, generation]) => ({ clusterId, generation })) };
}
