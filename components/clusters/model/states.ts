import type { Phase, ServiceView, StateView } from "../../../server/services/clusters/schemas.ts";
import { duration } from "../../ui/format.ts";
import { phaseState } from "../../ui/phase.ts";
import type { StateKind } from "../../ui/state-mark.tsx";

/** What a state means, for announcements and for the page's first sentence. */
export const sentences: Record<Phase, string> = {
  queued: "It waits for its turn to be placed.",
  starting: "Its nodes and services are coming up.",
  ready: "Everything answers.",
  degraded: "It works, but not all of it.",
  failed: "It could not start and waits for you.",
  stopping: "Its services end; disks and addresses stay.",
  stopped: "It runs nothing; disks and addresses are kept.",
  deleting: "Its nodes and disks are being removed.",
  unknown: "Its host has not been heard from.",
};

/** Phases that go on by themselves. */
export function moving(phase: Phase): boolean {
  return phase === "queued" || phase === "starting" || phase === "stopping" || phase === "deleting";
}

/** Words of the list's filter. */
export const phaseOrder = ["ready", "starting", "queued", "degraded", "failed", "unknown", "stopping", "stopped", "deleting"] as const;

/** What stands beside the word in a badge: the reason, else how long it has been so. */
export function badgeFact(state: StateView, now: number): string {
  return state.reason ?? duration(now - Date.parse(state.since));
}

/** The tab's title: state first, because tabs cut the end; a reason only where it is as short as a count. */
export function tabTitle(name: string, state: StateView, page: string | null = null): string {
  const fact = moving(state.phase) && state.reason && state.reason.length <= 24 ? ` ${state.reason}` : "";
  return `${phaseState(state.phase).word}${fact} · ${name}${page ? ` · ${page}` : ""}`;
}

/** A whole sentence for people who cannot see the badge: "flights: ready. Everything answers." */
export function announce(name: string, state: StateView): string {
  return `${name}: ${phaseState(state.phase).word.toLowerCase()}${state.reason ? `, ${state.reason}` : ""}. ${sentences[state.phase]}`;
}

export const serviceStates: Record<ServiceView["state"], { word: string; kind: StateKind }> = {
  running: { word: "Running", kind: "ready" },
  starting: { word: "Starting", kind: "busy" },
  unhealthy: { word: "Not answering", kind: "degraded" },
  failed: { word: "Failed", kind: "failed" },
  stopped: { word: "Stopped", kind: "stopped" },
  unknown: { word: "Unknown", kind: "unknown" },
};
