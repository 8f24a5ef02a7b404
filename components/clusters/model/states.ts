import type { ServiceView, StateView } from "../../../server/services/clusters/schemas.ts";
import { duration } from "../../ui/format.ts";
import type { StateKind } from "../../ui/state-mark.tsx";
import { moving, phaseState, phases } from "./phases.ts";

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
  return `${name}: ${phaseState(state.phase).word.toLowerCase()}${state.reason ? `, ${state.reason}` : ""}. ${phases[state.phase].sentence}`;
}

export const serviceStates: Record<ServiceView["state"], { word: string; kind: StateKind }> = {
  running: { word: "Running", kind: "ready" },
  starting: { word: "Starting", kind: "busy" },
  unhealthy: { word: "Not answering", kind: "degraded" },
  failed: { word: "Failed", kind: "failed" },
  stopped: { word: "Stopped", kind: "stopped" },
  unknown: { word: "Unknown", kind: "unknown" },
};
