// `npm run bench -- planner`: nodes placed a second on a thousand hosts. KINDLING_SWARMKIT may name SwarmKit's own scheduler benchmark (in a checkout of it:
// go test -c -o scheduler.bench ./manager/scheduler), which is then run in turn. SwarmKit decides on a host for a task; ours decides on host, name,
// number, address and disk of a node, and whether its tenant's network, rights, memory and disk allow it.
import { run } from "../agents/host/exec.ts";
import { plan } from "../server/planner/plan.ts";
import type { Snapshot } from "../server/planner/snapshot.ts";
import { heard } from "../server/reconciler/testing/heard.ts";
import { largeSite, perTenant } from "../server/reconciler/testing/large.ts";
import { cluster } from "../server/reconciler/testing/rows.ts";
import { median, type Pair, ratio } from "./stats.ts";

const rounds = Number(process.env.KINDLING_BENCH_PAIRS ?? 5);
const program = process.env.KINDLING_SWARMKIT;
const hosts = 1000;
const perCluster = 3;
const now = Date.UTC(2026, 0, 1);
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function emptySite(nodes: number): Snapshot {
  const clusters = Math.ceil(nodes / perCluster);
  const facts = Array.from({ length: hosts }, (_, index) => ({
    ...{ cpus: 64, memoryMb: 524_288, diskFreeMb: 8_000_000, diskTotalMb: 8_000_000 },
    links: [{ name: "eth0", addresses: [`172.16.${index >> 8}.${index & 255}`], mtu: 1500 }],
  }));
  const rows = heard(largeSite(hosts, clusters), now, facts);
  const wanted = Array.from({ length: clusters }, (_, index) =>
    cluster({
      id: `c${index}`,
      name: `c${index}`,
      tenantId: `t${Math.floor(index / perTenant)}`,
      workerCount: perCluster - 1,
      attemptAt: now,
    }),
  );
  return { ...rows, clusters: wanted };
}

/** Seconds for deciding all of it at once. */
function ours(nodes: number): number {
  const site = emptySite(nodes);
  let ids = 0;
  const from = performance.now();
  const { changes } = plan(site, now, (prefix) => `${prefix}${String(++ids).padStart(7, "0")}`);
  const seconds = (performance.now() - from) / 1000;
  const placed = changes.filter(({ op }) => op === "addNode").length;
  if (placed < nodes) throw new Error(`${placed} of ${nodes} nodes were placed.`);
  return seconds;
}

/** Seconds of SwarmKit's benchmark of as many tasks on as many hosts. */
async function theirs(benchmark: string): Promise<number> {
  const out = await run(benchmark, ["-test.run=^$", "-test.bench=^BenchmarkScheduler1kNodes1kTasks$", "-test.benchtime=1x"]);
  const found = /\s(\d+) ns\/op/.exec(out)?.[1];
  if (found === undefined) throw new Error(`SwarmKit said: ${out.slice(-500)}`);
  return Number(found) / 1e9;
}

say(`${rounds} rounds on ${hosts} hosts`);
for (const nodes of [300, 1000, 3000]) {
  const pairs: Pair[] = [];
  const peer = nodes === 1000 ? program : undefined;
  for (let round = 0; round < rounds; round += 1) pairs.push({ ours: ours(nodes), theirs: peer ? await theirs(peer) : 0 });
  say(`${String(nodes).padStart(5)} nodes at once: ${(nodes / median(pairs.map((pair) => pair.ours))).toFixed(0)} placed a second`);
  if (!peer) continue;
  const { median: part, worst, theirs: seconds } = ratio(pairs);
  say(`      time ÷ SwarmKit's ${part.toFixed(1)}, worst ${worst.toFixed(1)} (${(nodes / seconds).toFixed(0)} tasks a second there)`);
}
