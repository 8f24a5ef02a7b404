import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { z } from "zod";

const strings = Number(process.env.KINDLING_FUZZ_STRINGS ?? 19_400);
const seed = Number(process.env.KINDLING_FUZZ_SEED ?? Date.now() % 2 ** 31);

/** Calls that ended in an internal error, how many were made and into how many places, and processes that were started. */
const Answer = z.object({ wrong: z.array(z.string()), asked: z.number(), places: z.number(), started: z.array(z.string()) });

test(`strings that are trouble somewhere, in every input of the API, lead to no internal error and start no process (KINDLING_FUZZ_SEED=${seed})`, {
  timeout: 300_000,
}, async () => {
  // In a thread of its own: the runner's hooks watch every promise of its own, and the same takes a third longer there.
  const thread = new Worker(new URL("./testing/fuzz.ts", import.meta.url), { workerData: { strings, seed } });
  const [message] = await once(thread, "message");
  await thread.terminate();
  const { wrong, asked, places, started } = Answer.parse(message);
  assert.ok(places > 100, `only ${places} places`);
  assert.deepEqual(wrong, [], `${wrong.length} of ${asked}`);
  assert.ok(asked >= strings, `${asked} asked`);
  assert.deepEqual(started, []);
  assert.equal(existsSync("/tmp/kindling-fuzz"), false);
});
