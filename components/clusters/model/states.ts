import type { Phase, ServiceView, StateView } from "../../../server/services/clusters/schemas.ts";
import { age } from "./format.ts";

/** A state is always shape + word + colour; the colours are the roles of the theme. */
export type Tone = "ok" | "busy" | "warn" | "bad" | "off" | "unk";

interface PhaseText {
  word: string;
  tone: Tone;
  /** What it means, for the page's announcement and the badge's description. */
  sentence: string;
  /** True while it goes on by itself, so that ages tick. */
  moving: boolean;
}

export const phases: Record<Phase, PhaseText> = {
  queued: { word: "Queued", tone: "busy", sentence: "It waits for its turn to be placed.", moving: true },
  starting: { word: "Starting", tone: "busy", sentence: "Its nodes and services are coming up.", moving: true },
  ready: { word: "Ready", tone: "ok", sentence: "Everything answers.", moving: false },
  degraded: { word: "Degraded", tone: "warn", sentence: "It works, but not all of it.", moving: false },
  failed: { word: "Failed", tone: "bad", sentence: "It could not start and waits for you.", moving: false },
  stopping: { word: "Stopping", tone: "busy", sentence: "Its services end; disks and addresses stay.", moving: true },
  stopped: { word: "Stopped", tone: "off", sentence: "It runs nothing; disks and addresses are kept.", moving: false },
  deleting: { word: "Deleting", tone: "busy", sentence: "Its nodes and disks are being removed.", moving: true },
  unknown: { word: "Unknown", tone: "unk", sentence: "Its host has not been heard from.", moving: false },
};

/** Words of the list's filter, in the order in which people look for trouble. */
export const phaseOrder: readonly Phase[] = [
  "ready",
  "starting",
  "queued",
  "degraded",
  "failed",
  "unknown",
  "stopping",
  "stopped",
  "deleting",
];

/** What stands beside the word in a badge: the reason, else how long it has been so. */
export function badgeFact(state: StateView, now: number): string {
  return state.reason ?? age(state.since, now);
}

/** A whole sentence for people who cannot see the badge: "flights is ready." */
export function announce(name: string, state: StateView): string {
  const { word, sentence } = phases[state.phase];
  return `${name}: ${word.toLowerCase()}${state.reason ? `, ${state.reason}` : ""}. ${sentence}`;
}

export const serviceStates: Record<ServiceView["state"], { word: string; tone: Tone }> = {
  running: { word: "Running", tone: "ok" },
  starting: { word: "Starting", tone: "busy" },
  unhealthy: { word: "Not answering", tone: "warn" },
  failed: { word: "Failed", tone: "bad" },
  stopped: { word: "Stopped", tone: "off" },
  unknown: { word: "Unknown", tone: "unk" },
};
