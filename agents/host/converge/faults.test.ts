import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { makeFaults } from "./faults.ts";

const retryable = { code: "busy", message: "busy", retryable: true };
const terminal = { code: "wrong", message: "wrong", retryable: false };

describe("faults", () => {
  it("waits longer each time, up to a limit, and tries at once when something else is wanted", () => {
    let now = 0;
    const faults = makeFaults(() => now);
    const waits = Array.from({ length: 10 }, () => {
      faults.fail("k", "spec", retryable);
      const wait = faults.waitMs("k", "spec") ?? -1;
      now += wait;
      return wait;
    });
    assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
    assert.equal(faults.waitMs("k", "spec"), 0, "after the wait it is due");
    faults.fail("k", "spec", retryable);
    assert.equal(faults.waitMs("k", "another spec"), 0);
    assert.equal(faults.get("k"), null);
  });

  it("keeps nothing waiting for a clock that was set back", () => {
    let now = 3_600_000;
    const faults = makeFaults(() => now);
    faults.fail("k", "spec", retryable);
    now = 0;
    assert.equal(faults.waitMs("k", "spec"), 0);
    faults.fail("k", "spec", retryable);
    assert.equal(faults.waitMs("k", "spec"), 500, "and it waits longer each time all the same");
  });

  it("does not try terminal faults again until something else is wanted", () => {
    const faults = makeFaults(() => 0);
    faults.fail("k", "spec", terminal);
    assert.equal(faults.waitMs("k", "spec"), null);
    assert.equal(faults.waitMs("k", "retry"), 0);
  });

  it("forgets by code, so that a returned engine is used at once", () => {
    const faults = makeFaults(() => 0);
    faults.fail("a", "spec", { ...retryable, code: "engine_unreachable" });
    faults.fail("b", "spec", retryable);
    assert.deepEqual(faults.clearCode("engine_unreachable"), ["a"]);
    assert.equal(faults.waitMs("a", "spec"), 0);
    assert.ok(faults.get("b"));
  });
});
