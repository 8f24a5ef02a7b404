import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Metrics } from "../../../agents/protocol/verbs.ts";
import { sumMetrics } from "./metrics-sum.ts";

const series = (at: number[], cpu: number[]): Metrics => ({
  stepMs: 5000,
  at,
  cpuCores: cpu,
  memoryMb: cpu.map((value) => value * 100),
  diskUsedMb: cpu.map((value) => value * 10),
});

describe("several nodes' figures as one", () => {
  it("adds what hosts saw within the same step, whenever they looked", () => {
    const sum = sumMetrics([series([10_000, 15_000], [1, 2]), series([12_345, 19_999], [0.5, 1])]);
    assert.deepEqual(sum.at, [10_000, 15_000]);
    assert.deepEqual(sum.cpuCores, [1.5, 3]);
    assert.deepEqual(sum.memoryMb, [150, 300]);
    assert.deepEqual(sum.diskUsedMb, [15, 30]);
  });
  it("bridges a missed tick, so that the sum does not dip", () => {
    const sum = sumMetrics([series([0, 5000, 10_000], [1, 1, 1]), series([4000, 11_000], [2, 2])]);
    assert.deepEqual(sum.cpuCores, [3, 3, 3]);
  });
  it("leaves a real gap of the only node as a gap", () => {
    assert.deepEqual(sumMetrics([series([0, 60_000], [1, 1])]).at, [0, 60_000]);
  });
  it("counts a node only while it was there", () => {
    assert.deepEqual(sumMetrics([series([0, 5000, 10_000], [1, 1, 1]), series([10_000], [1])]).cpuCores, [1, 1, 2]);
  });
  it("is nothing for nobody", () => assert.deepEqual(sumMetrics([]).at, []));
  it("is one node's own figures, in order, whatever they are", () => {
    const steps = fc.uniqueArray(fc.integer({ min: 0, max: 100_000 }), { maxLength: 50 });
    fc.assert(
      fc.property(steps, (slots) => {
        const at = [...slots].sort((a, b) => a - b).map((slot) => slot * 20 * 5000);
        assert.deepEqual(
          sumMetrics([
            series(
              at,
              at.map((_, i) => i),
            ),
          ]).cpuCores,
          at.map((_, i) => i),
        );
      }),
    );
  });
});
