import type { ClusterView } from "../../../server/services/clusters/schemas.ts";
import { type ActionId, phases } from "./phases.ts";

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

export interface ActionView {
  id: ActionId;
  label: string;
  primary: boolean;
  /** Null: it may be done now. Else the sentence a disabled button says on focus. */
  reason: string | null;
}

/** The header's buttons. What may be done is the server's word; what is worth showing is the state's. */
export function headerActions(cluster: Pick<ClusterView, "state" | "actions" | "attempt" | "desired" | "timeline" | "may">): ActionView[] {
  if (cluster.desired === "deleted") return [];
  const { phase } = cluster.state;
  // One whose start is over is coming up again in part, with new workers for example: "cancel" would take it away with all its data.
  const ran = cluster.timeline.endedAt !== null && phases[phase].actions.includes("cancel");
  return (
    phases[ran ? "ready" : phase].actions
      .filter((id) => id !== "retry" || phase === "failed" || cluster.actions.retry.allowed)
      // What one may never do here is not offered.
      .filter((id) => (id === "delete" ? cluster.may.own : cluster.may.change))
      .map((id) => {
        const rule = id === "cancel" ? cluster.actions[cancelMeans(cluster)] : cluster.actions[id];
        return {
          id,
          label: actionTexts[id].label,
          primary: phases[phase].primary === id,
          reason: rule.allowed ? null : (rule.reason ?? "This cannot be done now."),
        };
      })
  );
}

/** Cancelling a first start takes the cluster away again; a later one is only stopped, because it has a past, as is one that is not one's own. */
export function cancelMeans(cluster: Pick<ClusterView, "attempt" | "may">): "delete" | "stop" {
  return cluster.attempt <= 1 && cluster.may.own ? "delete" : "stop";
}
