import { once } from "node:events";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { type Scale, scale } from "./scale.ts";

// npm run simulate -- --runs N --seed S: seeds count up from S, shared among the processors. Prints the first failing one with its history.
// npm run simulate -- --hosts N --clusters M: a site of a tenth and of the whole size, and what one change costs on each.
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    hosts: { type: "string" },
    clusters: { type: "string" },
  },
});
if (values.hosts !== undefined || values.clusters !== undefined) {
  process.exitCode = await scales(Number(values.hosts ?? 1000), Number(values.clusters ?? 5000));
  process.exit();
}
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

async function scales(hosts: number, clusters: number): Promise<number> {
  if (!Number.isInteger(hosts) || hosts < 10 || !Number.isInteger(clusters) || clusters < 10) {
    process.stderr.write("--hosts and --clusters take whole numbers from 10.\n");
    return 2;
  }
  const say = (line: string): void => void process.stderr.write(`  ${line}\n`);
  const results: Scale[] = [];
  for (const part of [10, 1]) results.push(await scale(Math.round(hosts / part), Math.round(clusters / part), say));
  process.stdout.write(
    "hosts  nodes   changes   create ms (p50, p95)   delete ms (p50, p95)   at rest ms   heartbeat ms   hosts told   filled in s\n",
  );
  for (const row of results) {
    const pair = ([a, b]: readonly [number, number]): string => `${a.toFixed(1)}, ${b.toFixed(1)}`.padEnd(20);
    const cells = [
      String(row.hosts).padEnd(5),
      String(row.nodes).padEnd(6),
      String(row.turns).padEnd(7),
      pair(row.createMs),
      pair(row.deleteMs),
    ];
    const rest = [
      row.restMs.toFixed(1).padEnd(10),
      row.heartbeatMs.toFixed(2).padEnd(12),
      row.told.toFixed(0).padEnd(10),
      row.seconds.toFixed(0),
    ];
    process.stdout.write(`${[...cells, ...rest].join("   ")}\n`);
  }
  const [small, large] = results;
  if (small && large) {
    const growth = (of: (row: Scale) => number): string => (of(large) / of(small)).toFixed(1);
    process.stdout.write(
      `ten times the hosts and nodes: create × ${growth((row) => row.createMs[0])}, delete × ${growth((row) => row.deleteMs[0])}; no violation\n`,
    );
  }
  return 0;
}
