/** Pure: reads a Spark master's JSON. A node may put anything there; what does not fit is no master. */
import { z } from "zod";
import type { NodeObservation } from "../../protocol/observed.ts";

const Master = z.object({
  status: z.string().max(40),
  cores: z.number(),
  coresused: z.number(),
  workers: z.array(z.object({ state: z.string().max(40) })).max(10_000),
  activeapps: z
    .array(z.object({ id: z.string(), name: z.string(), cores: z.number(), state: z.string(), starttime: z.number().min(0).max(8.64e15) }))
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
  const line = (value: string, most: number) => value.replace(/\p{Cc}/gu, " ").slice(0, most);
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
