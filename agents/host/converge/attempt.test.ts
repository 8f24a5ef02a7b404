import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "../../protocol/errors.ts";
import { emptyWorld } from "../world.ts";
import { attempt } from "./attempt.ts";
import { makeFaults } from "./faults.ts";

type Parts = Parameters<typeof emptyWorld>[0];

function world(): ReturnType<typeof emptyWorld> {
  const parts: Pick<Parts, "faults" | "changed"> = { faults: makeFaults(() => 1000, { firstMs: 250, mostMs: 1000 }), changed: () => {} };
  const made = emptyWorld({ store: { halted: () => null }, ...parts } as Parts);
  made.surveyed = true;
  return made;
}

test("work that is done asks for no second look: nothing spins while nothing changes", async () => {
  assert.equal(await attempt(world(), "node:n1", "a", async () => {}), null);
});

test("a retryable fault is looked at again after its back-off, a terminal one only when something else is wanted", async () => {
  const here = world();
  const failing = (retryable: boolean) => async () => {
    throw new HostError({ code: "disk_full", message: "The disk is full.", retryable });
  };
  assert.equal(await attempt(here, "node:n1", "a", failing(true)), 250);
  assert.equal(await attempt(here, "node:n2", "a", failing(false)), null);
  let ran = false;
  await attempt(here, "node:n2", "a", async () => {
    ran = true;
  });
  assert.equal(ran, false);
  await attempt(here, "node:n2", "b", async () => {
    ran = true;
  });
  assert.equal(ran, true);
});
