import { parseArgs } from "node:util";
import { run } from "./run.ts";

// Runs one after the other, seeds counting up. The first failing seed is printed with its history.
const { values } = parseArgs({ options: { runs: { type: "string", default: "200" }, seed: { type: "string", default: "1" } } });
const runs = Number(values.runs);
const first = Number(values.seed);
const started = performance.now();
let events = 0;
for (let seed = first; seed < first + runs; seed += 1) {
  const result = await run({ seed });
  events += result.events;
  if (!result.violation) continue;
  process.stdout.write(`${result.history.map((line) => `  ${line}`).join("\n")}\nseed ${seed}: ${result.violation}\n`);
  process.stdout.write(`Again: npm run simulate -- --runs 1 --seed ${seed}\n`);
  process.exit(1);
}
process.stdout.write(`${runs} runs, ${events} events, 0 violations in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
