import assert from "node:assert/strict";
import { test } from "node:test";
import { median, ratio } from "./stats.ts";

test("the median of an odd and an even number of values, in any order", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
  assert.throws(() => median([]), /no values/);
});

test("ratios are taken pair by pair: one slow moment of the machine does not count against one side", () => {
  const {
    median: middle,
    worst,
    pairs,
  } = ratio([
    { ours: 8, theirs: 10 },
    { ours: 80, theirs: 100 },
    { ours: 9, theirs: 10 },
  ]);
  assert.equal(middle, 0.8);
  assert.equal(worst, 0.9);
  assert.equal(pairs, 3);
});
