/** Pure: reads a Spark master's JSON. A node may put anything there; what does not fit is no master. */
import { z } from "zod";
import type { NodeObservation } from "../../protocol/observed.ts";

/** Beyond these no picture of the host could be read any more, and every node of the host would be lost from sight. */
const Cores = z.number().min(0).max(1_000_000);
const lastMs = Date.UTC(9999, 11, 31);

const Master = z.object({
  status: z.string().max(40),
  cores: Cores,
  coresused: Cores,
  workers: z.array(z.object({ state: z.string().max(40) })).max(10_000),
  activeapps: z
    .array(z.object({ id: z.string(), name: z.string(), cores: Cores, state: z.string(), starttime: z.number().min(0).max(lastMs) }))
    .max(1_000),
});

/** Null unless the master is alive and says so properly. */
export function readMaster(text: string): NodeObservation["sparkMaster"] {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = Master.safeParse(raw);
  if (!parsed.success || parsed.data.status !== "ALIVE") return null;
  const { cores, coresused, workers, activeapps } = parsed.data;
  const line = (value: string, most: number) =>
    value
      .replace(/\p{Cc}/gu, " ")
      .slice(0, most)
      .toWellFormed();
  return {
    aliveWorkers: workers.filter((w) => w.state === "ALIVE").length,
    cores: Math.trunc(cores),
    coresUsed: Math.trunc(coresused),
    applications: activeapps.slice(0, 100).map((app) => ({
      id: line(app.id, 100),
      name: line(app.name, 200),
      cores: app.cores,
      state: line(app.state, 40),
      startedAt: new Date(app.starttime).toISOString(),
    })),
  };
}
