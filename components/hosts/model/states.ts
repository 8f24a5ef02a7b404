import type { HostView } from "../../../server/services/views.ts";
import type { StateKind } from "../../ui/state-mark.tsx";

type Told = Pick<HostView, "state" | "mode"> & { lostAt?: string | null; lost?: boolean };

/** Shape and word of a host: what is wrong comes before what its administrator wants of it. */
export function hostState(host: Told): { state: StateKind; word: string } {
  if (host.lostAt || host.lost) return { state: "failed", word: "Lost" };
  if (host.state === "silent" && host.mode === "maintenance") return { state: "stopped", word: "Maintenance" };
  if (host.state === "silent") return { state: "unknown", word: "Silent" };
  if (host.state === "fault") return { state: "failed", word: "Fault" };
  return { state: modes[host.mode].state, word: modes[host.mode].word };
}

const modes: Record<HostView["mode"], { state: StateKind; word: string; takes: string }> = {
  active: { state: "ready", word: "Ready", takes: "Takes nodes" },
  cordoned: { state: "stopped", word: "Cordoned", takes: "Takes no new nodes" },
  draining: { state: "busy", word: "Draining", takes: "Its nodes move elsewhere" },
  maintenance: { state: "stopped", word: "Maintenance", takes: "Takes no new nodes; silence is expected" },
  removing: { state: "deleting", word: "Removing", takes: "Goes" },
};

/** What its mode means, in a few words: "Takes nodes". */
export function modeWords(mode: HostView["mode"]): string {
  return modes[mode].takes;
}
