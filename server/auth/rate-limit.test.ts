import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRateLimit } from "./rate-limit.ts";

function limitAt(options = {}) {
  const clock = { now: 0 };
  return { clock, limit: createRateLimit({ now: () => clock.now, ...options }) };
}

describe("slowing guesses down", () => {
  it("lets people mistype, then makes them wait twice as long each time", () => {
    const { limit, clock } = limitAt();
    const waits = [];
    for (let i = 0; i < 9; i += 1) {
      limit.failed("ann", "10.0.0.1");
      waits.push(limit.wait("ann", "10.0.0.1"));
    }
    assert.deepEqual(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16]);
    clock.now += 15_500;
    assert.equal(limit.wait("ann", "10.0.0.1"), 1);
    clock.now += 500;
    assert.equal(limit.wait("ann", "10.0.0.1"), 0);
  });
  it("never locks the owner out from elsewhere, nor others from the same place", () => {
    const { limit } = limitAt();
    for (let i = 0; i < 50; i += 1) limit.failed("ann", "10.0.0.1");
    assert.ok(limit.wait("ann", "10.0.0.1") > 0);
    assert.equal(limit.wait("ann", "10.0.0.2"), 0);
    assert.equal(limit.wait("bob", "10.0.0.1"), 0);
  });
  it("forgets after the right password, and after a quarter of an hour", () => {
    const { limit, clock } = limitAt();
    for (let i = 0; i < 20; i += 1) limit.failed("ann", "a");
    assert.equal(limit.wait("ann", "a"), 900);
    clock.now += 900_000;
    assert.equal(limit.wait("ann", "a"), 0);
    for (let i = 0; i < 20; i += 1) limit.failed("ann", "a");
    limit.succeeded("ann", "a");
    assert.equal(limit.wait("ann", "a"), 0);
  });
  it("takes back a failure that was none", () => {
    const { limit } = limitAt();
    for (let i = 0; i < 5; i += 1) limit.failed("ann", "a");
    assert.equal(limit.wait("ann", "a"), 1);
    limit.unchecked("ann", "a");
    assert.equal(limit.wait("ann", "a"), 0);
    limit.unchecked("nobody", "a");
    assert.equal(limit.wait("nobody", "a"), 0);
  });
  it("does not grow without end", () => {
    const { limit } = limitAt({ capacity: 100 });
    for (let i = 0; i < 6; i += 1) limit.failed("old", "a");
    for (let i = 0; i < 100; i += 1) limit.failed(`n${i}`, "a");
    assert.equal(limit.wait("old", "a"), 0);
  });
});
