import { clusterPhase } from "../../planner/phase.ts";
import { clusterOf } from "../../planner/rows.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import type { ClusterRow } from "./rows.ts";
import type { StateView } from "./schemas.ts";

/** The state of now, derived from what is wanted and seen; "since" is the row's while it says the same word. */
export function stateOf(row: Pick<ClusterRow, "id" | "phase" | "phaseReason" | "phaseSince">, snapshot: Snapshot, now: Date): StateView {
  const cluster = clusterOf(snapshot, row.id);
  // Rows and picture are read one after the other; a cluster that went between them has just been removed.
  if (!cluster) return { phase: "deleting", reason: null, since: row.phaseSince.toISOString() };
  const { phase, reason } = clusterPhase(snapshot, cluster, now.getTime());
  return { phase, reason, since: (phase === row.phase ? row.phaseSince : now).toISOString() };
}
