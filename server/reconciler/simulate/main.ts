import { once } from "node:events";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

// npm run simulate -- --runs N --seed S: seeds count up from S, shared among the processors. Prints the first failing one with its history.
const { values } = parseArgs({ options: { runs: { type: "string", default: "200" }, seed: { type: "string", default: "1" } } });
const runs = Number(values.runs);
const seed = Number(values.seed);
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
  process.stderr.write("--runs takes a whole number above 0, --seed a whole number.\n");
  process.exit(2);
}
const started = performance.now();
const threads = Math.min(runs, availableParallelism());
const workers = Array.from(
  { length: threads },
  (_, index) =>
    new Worker(new URL("./worker.ts", import.meta.url), { workerData: { seed: seed + index, end: seed + runs, stride: threads } }),
);
const results = (await Promise.all(workers.map(async (worker) => (await once(worker, "message"))[0]))) as {
  events: number;
  failed: { seed: number; violation: string; history: string[] } | null;
}[];
const seconds = ((performance.now() - started) / 1000).toFixed(1);
const failed = results.flatMap((result) => result.failed ?? []).sort((a, b) => a.seed - b.seed)[0];
if (failed) {
  process.stdout.write(`${failed.history.map((line) => `  ${line}\n`).join("")}seed ${failed.seed}: ${failed.violation}\n`);
  process.stdout.write(`Again: npm run simulate -- --runs 1 --seed ${failed.seed}\n`);
  process.exitCode = 1;
} else {
  const events = results.reduce((sum, result) => sum + result.events, 0);
  process.stdout.write(`${runs} runs from seed ${seed}, ${events} events, 0 violations in ${seconds} s\n`);
}
