import assert from "node:assert/strict";
import { test } from "node:test";
import { median, quantile, ratio } from "./stats.ts";

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

test("a quantile is one of the values, in any order", () => {
  const values = [8, 1, 7, 2, 6, 3, 5, 4];
  assert.deepEqual(
    [0, 0.5, 0.75, 1].map((part) => quantile(values, part)),
    [1, 4, 6, 8],
  );
  assert.throws(() => quantile([], 0.5), /no values/);
});
