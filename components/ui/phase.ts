import type { StateKind } from "./state-mark.tsx";

type Phase = "queued" | "starting" | "ready" | "degraded" | "failed" | "stopping" | "stopped" | "deleting" | "unknown";

const kinds: Record<Phase, { state: StateKind; word: string }> = {
  queued: { state: "queued", word: "Queued" },
  starting: { state: "busy", word: "Starting" },
  ready: { state: "ready", word: "Ready" },
  degraded: { state: "degraded", word: "Degraded" },
  failed: { state: "failed", word: "Failed" },
  stopping: { state: "busy", word: "Stopping" },
  stopped: { state: "stopped", word: "Stopped" },
  deleting: { state: "deleting", word: "Deleting" },
  unknown: { state: "unknown", word: "Unknown" },
};

/** Shape and word of a derived phase, for StateBadge, StateMark and the tab's icon. */
export function phaseState(phase: Phase): { state: StateKind; word: string } {
  return kinds[phase];
}
