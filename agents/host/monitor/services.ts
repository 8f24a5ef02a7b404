/** Pure: from what supervisor and the probes say to what people read. */
import type { NodeObservation, ServiceObservation } from "../../protocol/observed.ts";
import type { Process } from "../supervisor/client.ts";

/** Supervisor's states by number. */
const states: Readonly<Record<number, ServiceObservation["state"]>> = {
  0: "stopped",
  10: "starting",
  20: "running",
  30: "backoff",
  40: "stopped",
  100: "stopped",
  200: "fatal",
};

export interface ServiceMemory {
  readonly observation: ServiceObservation;
  readonly lastStart: number;
}

/** The new memory of one service. `process` is null while supervisor does not answer or does not know it. */
export function observeService(id: string, before: ServiceMemory | undefined, process: Process | null, answers: boolean): ServiceMemory {
  const state = process ? (states[process.state] ?? "unknown") : "unknown";
  // It starts as soon as it answers; supervisor itself says "running" only after its second.
  const up = state === "running" || (state === "starting" && answers);
  const lastStart = process?.start ?? before?.lastStart ?? 0;
  const restarted = before !== undefined && before.lastStart > 0 && lastStart > before.lastStart;
  return {
    lastStart,
    observation: {
      id,
      state: up ? "running" : state,
      healthy: up && answers,
      since: sinceOf(process, up),
      restarts: (before?.observation.restarts ?? 0) + (restarted ? 1 : 0),
      detail: detailOf(state, process),
    },
  };
}

function sinceOf(process: Process | null, up: boolean): string | null {
  const seconds = process ? (up || process.stop === 0 ? process.start : Math.max(process.start, process.stop)) : 0;
  // No later than a year of four digits: another date would make the whole host's picture unreadable.
  return seconds > 0 && seconds * 1000 < Date.UTC(9999, 11, 31) ? new Date(seconds * 1000).toISOString() : null;
}

function detailOf(state: ServiceObservation["state"], process: Process | null): string | null {
  if (!process || (state !== "backoff" && state !== "fatal" && state !== "stopped")) return null;
  const said = (process.spawnerr || process.description)
    .replace(/\p{Cc}/gu, " ")
    .trim()
    .slice(0, 200)
    // Half a character is no text to the database.
    .toWellFormed();
  if (state === "backoff") return `It ended soon after its start and is tried again${said ? `: ${said}` : ""}.`;
  if (state === "fatal")
    return `It ended too often and is not tried any more${said ? `: ${said}` : ""}. Its log says why; then restart it.`;
  return said ? `It has ended: ${said}.` : null;
}

/** All answer, and every worker that belongs to the cluster has registered. */
export function settled(services: readonly ServiceObservation[], master: NodeObservation["sparkMaster"], members: number): boolean {
  return services.every((s) => s.healthy || s.state === "fatal") && (master === null || master.aliveWorkers >= members);
}
