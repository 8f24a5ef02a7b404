import assert from "node:assert/strict";
import { test } from "node:test";
import { atMost } from "./at-most.ts";

test("so many at a time and no more, whether they end well or not", async () => {
  const turn = atMost(2, "This host is busy.");
  const ends: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => ends.push(resolve));
  const first = turn(work);
  const failing = turn(async () => {
    await work();
    throw new Error("it broke");
  });
  await assert.rejects(turn(work), { message: "This host is busy." });
  for (const end of ends) end();
  await first;
  await assert.rejects(failing, /it broke/);
  assert.deepEqual(await Promise.all([turn(async () => 1), turn(async () => 2)]), [1, 2]);
});
