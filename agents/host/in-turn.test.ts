import assert from "node:assert/strict";
import { test } from "node:test";
import { makeTurns } from "./in-turn.ts";

test("the second waits for the first and says so, also when the first fails", async () => {
  const inTurn = makeTurns();
  const gate = Promise.withResolvers<void>();
  const told: string[] = [];
  const first = inTurn(
    async () => {
      told.push("first begins");
      await gate.promise;
      told.push("first fails");
      throw new Error("no");
    },
    () => told.push("first waits"),
  );
  const second = inTurn(
    async () => void told.push("second begins"),
    () => told.push("second waits"),
  );
  gate.resolve();
  await assert.rejects(first, /no/);
  await second;
  assert.deepEqual(told, ["second waits", "first begins", "first fails", "second begins"]);
});
