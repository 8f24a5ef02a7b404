import type { ClusterView, Phase } from "../../../server/services/clusters/schemas.ts";

export type ActionId = "start" | "stop" | "resize" | "retry" | "delete" | "cancel";

interface ActionText {
  label: string;
  /** Present participle for a button that waits for its answer. */
  busy: string;
}

export const actionTexts: Record<ActionId, ActionText> = {
  start: { label: "Start", busy: "Starting…" },
  stop: { label: "Stop", busy: "Stopping…" },
  resize: { label: "Resize", busy: "Resizing…" },
  retry: { label: "Retry", busy: "Retrying…" },
  delete: { label: "Delete", busy: "Deleting…" },
  cancel: { label: "Cancel", busy: "Cancelling…" },
};

/** Which actions a state shows, most likely first. The first of `lead` is the primary one where it is. */
const byPhase: Record<Phase, readonly ActionId[]> = {
  queued: ["cancel"],
  starting: ["cancel"],
  ready: ["resize", "stop", "delete"],
  degraded: ["retry", "resize", "stop", "delete"],
  failed: ["retry", "resize", "delete"],
  stopping: ["start", "delete"],
  stopped: ["start", "resize", "delete"],
  deleting: [],
  unknown: ["stop", "delete"],
};

const primary: Partial<Record<Phase, ActionId>> = { failed: "retry", stopped: "start" };

export interface ActionView {
  id: ActionId;
  label: string;
  primary: boolean;
  /** Null: it may be done now. Else the sentence a disabled button says on focus. */
  reason: string | null;
}

/** The header's buttons. What may be done is the server's word; what is worth showing is the state's. */
export function headerActions(cluster: Pick<ClusterView, "state" | "actions" | "attempt" | "desired">): ActionView[] {
  if (cluster.desired === "deleted") return [];
  const { phase } = cluster.state;
  return byPhase[phase]
    .filter((id) => id !== "retry" || phase === "failed" || cluster.actions.retry.allowed)
    .map((id) => {
      const rule = id === "cancel" ? cluster.actions[cancelMeans(cluster)] : cluster.actions[id];
      return {
        id,
        label: actionTexts[id].label,
        primary: primary[phase] === id,
        reason: rule.allowed ? null : (rule.reason ?? "This cannot be done now."),
      };
    });
}

/** Cancelling a first start takes the cluster away again; cancelling a later one only stops it, because it has a past. */
export function cancelMeans(cluster: Pick<ClusterView, "attempt">): "delete" | "stop" {
  return cluster.attempt <= 1 ? "delete" : "stop";
}
