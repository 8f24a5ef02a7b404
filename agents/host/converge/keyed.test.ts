import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keyed } from "./keyed.ts";

describe("work by key", () => {
  it("runs a key once at a time, keys side by side, and once more for pokes in between", async () => {
    const gates = new Map<string, () => void>();
    const log: string[] = [];
    const q = keyed((key) => {
      log.push(`begin ${key}`);
      return new Promise((resolve) => gates.set(key, () => resolve(null)));
    });
    q.poke("a");
    q.poke("b");
    q.poke("a");
    q.poke("a");
    assert.deepEqual(log, ["begin a", "begin b"]);
    gates.get("a")?.();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(log, ["begin a", "begin b", "begin a"]);
    gates.get("a")?.();
    gates.get("b")?.();
    await q.stop();
    assert.equal(log.length, 3);
  });

  it("looks again by itself when the work asks for it, and not after its end", async () => {
    let runs = 0;
    const q = keyed(async () => (++runs < 3 ? 1 : null));
    q.poke("a");
    while (runs < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    await q.stop();
    q.poke("a");
    assert.equal(runs, 3);
  });

  it("tidies once for all that ended in a moment, and not again where something hurried", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let runs = 0;
    const q = keyed(async () => {
      runs++;
      return null;
    });
    for (let i = 0; i < 3; i++) q.pokeSoon("a");
    assert.equal(runs, 0);
    t.mock.timers.tick(1_000);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(runs, 1);
    q.pokeSoon("a");
    q.poke("a");
    t.mock.timers.tick(1_000);
    q.pokeSoon("a");
    await q.stop();
    t.mock.timers.tick(1_000);
    assert.equal(runs, 2);
  });
});
