import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { list, timer, usual, vcpu } from "./format.ts";

test("measured times keep one decimal below a minute and turn over without showing 60", () => {
  assert.equal(timer(200), "0.2 s");
  assert.equal(timer(7500), "7.5 s");
  assert.equal(timer(59_960), "1:00 min");
  assert.equal(timer(65_000), "1:05 min");
  assert.equal(timer(3_720_000), "1:02 h");
  assert.equal(timer(-30), "0.0 s");
});

test("no measured time ever shows 60 of a smaller unit", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 90_000_000 }), (ms) => !/(^|:)60/.test(timer(ms))));
});

test("small words", () => {
  assert.equal(usual({ from: 8.6, to: 14.2 }), "9–14 s");
  assert.equal(usual({ from: 9, to: 9.3 }), "9 s");
  assert.equal(vcpu(0.5), "0.5 vCPU");
  assert.equal(list(["a", "b", "c"]), "a, b and c");
});
