import { admit } from "./admit.ts";
import { apply } from "./apply.ts";
import type { Change, Plan } from "./changes.ts";
import { dropCopies } from "./copies.ts";
import { replaceGpus } from "./gpus.ts";
import { fenceSilent, markEvictions, markStays, planMoves } from "./moves.ts";
import { markRemovals, releaseGone } from "./release.ts";
import { nodesOfCluster } from "./rows.ts";
import { admitted } from "./scheduler/ledger.ts";
import type { ClusterRow, NewId, Refusal, Snapshot } from "./snapshot.ts";
import { releaseTenants } from "./tenants.ts";

/**
 * Decides what the database has to hold next: nodes with number, name, host, address and volume; moves; releases; refusals with a reason.
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
  add(null, fenceSilent(next, now));
  add(null, releaseGone(next, now));
  add(null, releaseTenants(next));
  add(null, replaceGpus(next, now));
  for (const cluster of next.clusters) if (!complete(next, cluster)) add(cluster, markRemovals(next, cluster));
  // Whoever is not to leave any more stays, and nobody waits for a copy of what it has.
  add(null, markStays(next));
  add(null, dropCopies(next));
  // Who is on the way from one host to another comes before whoever is new.
  const moves = planMoves(next, now, newId);
  for (const change of moves.changes)
    if (change.op === "moveNode") {
      const cluster = next.clusters.find((row) => row.id === next.nodes.find((node) => node.id === change.id)?.clusterId);
      if (cluster) basis.set(cluster.id, cluster.generation);
    }
  add(null, moves.changes);
  add(null, markEvictions(next, moves.promised, now));
  // Those that were just told to leave have their room too.
  const promised =
    moves.changes.length > 0 || next.nodes.some((node) => node.evicting) ? planMoves(next, now, newId).promised : moves.promised;
  const waiting: ClusterRow[] = [];
  for (const cluster of queue(next, moves.waiting)) {
    const stuck = moves.waiting.get(cluster.id);
    if (stuck || cluster.desired !== "running") {
      add(cluster, refuse(cluster, cluster.desired === "deleted" ? null : (stuck ?? null)));
      continue;
    }
    const decided = admit(next, cluster, now, newId, promised);
    if (decided.some((change) => change.op === "refuse" && change.refusal !== null)) waiting.push(cluster);
    else add(cluster, decided);
  }
  // Said last, so that a reason tells what is left now, after a smaller cluster may have found room.
  for (const cluster of waiting) add(cluster, admit(next, cluster, now, newId, promised));
  return { changes, basis: [...basis].map(([clusterId, generation]) => ({ clusterId, generation })) };
}

function refuse(cluster: ClusterRow, refusal: Refusal | null): Change[] {
  return refusal?.message === cluster.refusal?.message ? [] : [{ op: "refuse", clusterId: cluster.id, refusal }];
}

/** Has everything it wants, and nothing more: most clusters, most of the time. */
function complete(snapshot: Snapshot, cluster: ClusterRow): boolean {
  if (cluster.desired !== "running" || cluster.refusal !== null || cluster.secrets === null) return false;
  const nodes = nodesOfCluster(snapshot, cluster.id);
  return nodes.length === cluster.workerCount + 1 && nodes.every((node) => !node.removing && !node.evicting) && admitted(snapshot, cluster);
}

/** Clusters about which there is something to decide; who waited longest chooses first. */
function queue(snapshot: Snapshot, stuck: ReadonlyMap<string, Refusal>): ClusterRow[] {
  return snapshot.clusters
    .filter((cluster) => stuck.has(cluster.id) || !complete(snapshot, cluster))
    .sort((a, b) => a.attemptAt - b.attemptAt || (a.id < b.id ? -1 : 1));
}
