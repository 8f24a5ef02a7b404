import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { together } from "./together.ts";

describe("work done together", () => {
  it("is one call for all that asked in the same moment, and another for those after it", async () => {
    const calls: (readonly string[])[] = [];
    const ask = together<string>(async (items) => void calls.push([...items]), 5);
    await Promise.all([ask("a"), ask("b"), ask("c")]);
    await ask("d");
    assert.deepEqual(calls, [["a", "b", "c"], ["d"]]);
  });

  it("does not wait for a call that hangs", async () => {
    const ask = together<string>((items) => (items.includes("hangs") ? new Promise(() => undefined) : Promise.resolve()), 5);
    void ask("hangs");
    await delay(20);
    await ask("b");
  });

  it("tells each his own error and does the rest", async () => {
    const done = new Set<string>();
    const ask = together<string>(async (items) => {
      for (const item of items) {
        if (item === "bad") throw new Error(`${item} among ${items.length}`);
        done.add(item);
      }
    }, 5);
    const [a, bad, b] = await Promise.allSettled([ask("a"), ask("bad"), ask("b")]);
    assert.deepEqual([a?.status, bad?.status, b?.status], ["fulfilled", "rejected", "fulfilled"]);
    assert.match(String(bad?.status === "rejected" && bad.reason), /bad among 1$/);
    assert.deepEqual(done, new Set(["a", "b"]));
    await assert.rejects(ask("bad"), /among 1/);
  });
});
