import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { makeLease } from "./lease.ts";

function start(t: TestContext, lease: number | null) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  let now = 1000;
  const said: boolean[] = [];
  const held = makeLease({ seconds: () => lease, changed: (fenced) => said.push(fenced), clock: () => now, everyMs: 500 });
  const pass = (seconds: number) => {
    now += seconds;
    t.mock.timers.tick(500);
  };
  const sleep = (seconds: number) => {
    now += seconds;
  };
  return { held, said, pass, sleep };
}

describe("the lease", () => {
  it("starts fenced, since nobody knows how long the platform has been silent, and ends that with a spec only", (t) => {
    const { held, said } = start(t, 30);
    assert.equal(held.fenced(), true);
    held.heard("question");
    assert.equal(held.fenced(), true);
    held.heard("spec");
    assert.deepEqual([held.fenced(), said], [false, [false]]);
  });

  it("falls after that many seconds of silence, and no sooner", (t) => {
    const { held, said, pass } = start(t, 30);
    held.heard("spec");
    pass(29);
    assert.equal(held.fenced(), false);
    held.heard("question");
    pass(29);
    assert.equal(held.fenced(), false);
    pass(1);
    assert.deepEqual([held.fenced(), said], [true, [false, true]]);
    held.heard("question");
    assert.equal(held.fenced(), true);
    held.heard("spec");
    assert.equal(held.fenced(), false);
  });

  it("is not saved by a question that comes when the time is over but the clock was not looked at yet", (t) => {
    const { held, pass, sleep } = start(t, 30);
    held.heard("spec");
    sleep(31);
    held.heard("question");
    pass(0);
    assert.equal(held.fenced(), true);
  });

  it("never falls where only people decide", (t) => {
    const { held, pass } = start(t, null);
    assert.equal(held.fenced(), false);
    pass(100_000);
    assert.equal(held.fenced(), false);
  });
});
