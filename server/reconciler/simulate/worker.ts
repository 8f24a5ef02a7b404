import { parentPort, workerData } from "node:worker_threads";
import { run } from "./run.ts";

// One thread's share of the seeds; it ends at its first violation.
const { seed: first, end, stride } = workerData as { seed: number; end: number; stride: number };
let events = 0;
let failed: { seed: number; violation: string; history: readonly string[] } | null = null;
for (let seed = first; seed < end && !failed; seed += stride) {
  const result = await run({ seed });
  events += result.events;
  if (result.violation) failed = { seed, violation: result.violation, history: result.history };
}
parentPort?.postMessage({ events, failed });
