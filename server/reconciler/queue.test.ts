import assert from "node:assert/strict";
import { test } from "node:test";
import { makeQueue } from "./queue.ts";

/** A piece of work that ends when the test says so. */
function gate(): { promise: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: () => resolve() };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("asking many times while it runs makes it run once more", async () => {
  const first = gate();
  let runs = 0;
  const queue = makeQueue({
    async run() {
      runs += 1;
      if (runs === 1) await first.promise;
    },
    onError: () => assert.fail(),
  });
  for (let n = 0; n < 5; n += 1) queue.add("a");
  assert.equal(runs, 1);
  first.open();
  await turn();
  assert.equal(runs, 2);
  await queue.stop();
});

test("one key that is slow does not hold up another one, and never runs twice at once", async () => {
  const slow = gate();
  const running: string[] = [];
  const queue = makeQueue({
    async run(key) {
      running.push(key);
      if (key === "slow") await slow.promise;
    },
    onError: () => assert.fail(),
  });
  queue.add("slow");
  queue.add("fast");
  queue.add("slow");
  await turn();
  assert.deepEqual(running, ["slow", "fast"]);
  slow.open();
  await turn();
  assert.deepEqual(running, ["slow", "fast", "slow"]);
  await queue.stop();
});

test("a failure is tried again later each time, and asking does not shorten the wait", async () => {
  const waits: number[] = [];
  const alarms: (() => void)[] = [];
  const wake = (): void => alarms.pop()?.();
  let failing = true;
  let runs = 0;
  const queue = makeQueue({
    run() {
      runs += 1;
      return failing ? Promise.reject(new Error("no")) : Promise.resolve();
    },
    onError: (_key, _error, _failures, ms) => void waits.push(ms),
    firstMs: 10,
    mostMs: 35,
    later(_ms, work) {
      alarms.push(work);
      return () => undefined;
    },
  });
  queue.add("a");
  await turn();
  queue.add("a");
  await turn();
  assert.equal(runs, 1, "it waits");
  for (let n = 0; n < 3; n += 1) {
    wake();
    await turn();
  }
  assert.deepEqual(waits, [10, 20, 35, 35]);
  failing = false;
  wake();
  await turn();
  queue.add("a");
  await turn();
  assert.deepEqual([waits.length, runs], [4, 6]);
  await queue.stop();
});

test("stopping waits for what runs and starts nothing new", async () => {
  const work = gate();
  let runs = 0;
  const queue = makeQueue({
    async run() {
      runs += 1;
      await work.promise;
    },
    onError: () => assert.fail(),
  });
  queue.add("a");
  queue.add("a");
  let stopped = false;
  const end = queue.stop().then(() => {
    stopped = true;
  });
  await turn();
  assert.equal(stopped, false);
  work.open();
  await end;
  queue.add("b");
  assert.equal(runs, 1);
});
