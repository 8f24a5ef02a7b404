import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { makeLease } from "./lease.ts";

function start(t: TestContext, lease: number | null) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  let now = 1000;
  const said: boolean[] = [];
  const runs = { unwanted: false };
  const held = makeLease({
    seconds: () => lease,
    clean: () => !runs.unwanted,
    changed: (fenced) => said.push(fenced),
    clock: () => now,
    everyMs: 500,
  });
  const pass = (seconds: number) => {
    now += seconds;
    t.mock.timers.tick(500);
  };
  const sleep = (seconds: number) => {
    now += seconds;
  };
  return { held, said, pass, sleep, runs };
}

describe("the lease", () => {
  it("starts fenced, since nobody knows how long the platform has been silent, and ends that with a spec", (t) => {
    const { held, said, pass } = start(t, 30);
    pass(1);
    assert.equal(held.fenced(), true);
    held.heard();
    assert.deepEqual([held.fenced(), said], [false, [false]]);
  });

  it("falls after that many seconds of silence, and no sooner", (t) => {
    const { held, said, pass } = start(t, 30);
    held.heard();
    pass(29);
    assert.equal(held.fenced(), false);
    pass(1);
    assert.deepEqual([held.fenced(), said], [true, [false, true]]);
    held.heard();
    assert.equal(held.fenced(), false);
  });

  it("stays fallen until nothing runs that is not wanted: it may run elsewhere by now", (t) => {
    const { held, pass, runs } = start(t, 30);
    held.heard();
    pass(31);
    runs.unwanted = true;
    held.heard();
    pass(1);
    assert.equal(held.fenced(), true);
    runs.unwanted = false;
    held.look();
    assert.equal(held.fenced(), false);
  });

  it("fell, although nobody looked at the clock, when the spec comes too late", (t) => {
    const { held, said, sleep, runs } = start(t, 30);
    held.heard();
    sleep(31);
    runs.unwanted = true;
    held.heard();
    assert.deepEqual([held.fenced(), said], [true, [false, true]]);
  });

  it("never falls where only people decide", (t) => {
    const { held, pass } = start(t, null);
    assert.equal(held.fenced(), false);
    pass(100_000);
    assert.equal(held.fenced(), false);
  });
});
