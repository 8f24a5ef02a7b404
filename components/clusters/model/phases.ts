import type { Phase } from "../../../server/services/clusters/schemas.ts";
import type { StateKind } from "../../ui/state-mark.tsx";

export type ActionId = "start" | "stop" | "resize" | "retry" | "delete" | "cancel";

interface PhaseText {
  word: string;
  /** Shape and colour: what StateMark, StateBadge and the tab's icon show. */
  state: StateKind;
  /** What it means, for announcements and for the page's first sentence. */
  sentence: string;
  /** It goes on by itself. */
  moving: boolean;
  /** The header's buttons, most likely first. Whether one may be used now is the server's word. */
  actions: readonly ActionId[];
  /** The way out of a dead end. */
  primary?: ActionId;
}

/** Everything that a phase looks like and offers, in the order of the list's filter. Nothing of it stands anywhere else. */
export const phases: Record<Phase, PhaseText> = {
  ready: { word: "Ready", state: "ready", sentence: "Everything answers.", moving: false, actions: ["resize", "stop", "delete"] },
  starting: {
    word: "Starting",
    state: "busy",
    sentence: "Its nodes and services are coming up.",
    moving: true,
    actions: ["cancel"],
  },
  queued: {
    word: "Queued",
    state: "queued",
    sentence: "It waits for its turn to be placed.",
    moving: true,
    actions: ["cancel"],
  },
  degraded: {
    word: "Degraded",
    state: "degraded",
    sentence: "It works, but not all of it.",
    moving: false,
    actions: ["retry", "resize", "stop", "delete"],
  },
  failed: {
    word: "Failed",
    state: "failed",
    sentence: "It could not start and waits for you.",
    moving: false,
    actions: ["retry", "resize", "delete"],
    primary: "retry",
  },
  unknown: {
    word: "Unknown",
    state: "unknown",
    sentence: "Its host has not been heard from.",
    moving: false,
    actions: ["stop", "delete"],
  },
  stopping: {
    word: "Stopping",
    state: "busy",
    sentence: "Its services end; disks and addresses stay.",
    moving: true,
    actions: ["start", "delete"],
  },
  stopped: {
    word: "Stopped",
    state: "stopped",
    sentence: "It runs nothing; disks and addresses are kept.",
    moving: false,
    actions: ["start", "resize", "delete"],
    primary: "start",
  },
  deleting: { word: "Deleting", state: "deleting", sentence: "Its nodes and disks are being removed.", moving: true, actions: [] },
};

function isPhase(word: string): word is Phase {
  return word in phases;
}

/** Every phase, in the order of the list's filter. */
export const phaseOrder: readonly Phase[] = Object.keys(phases).filter(isPhase);

/** Shape and word of a phase, for StateBadge, StateMark and the tab's icon. */
export function phaseState(phase: Phase): { state: StateKind; word: string } {
  const { state, word } = phases[phase];
  return { state, word };
}

/** Phases that go on by themselves. */
export function moving(phase: Phase): boolean {
  return phases[phase].moving;
}
