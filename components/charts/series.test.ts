import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Metrics } from "../../agents/protocol/verbs.ts";
import { line, samples, top } from "./series.ts";

const metrics = (at: number[], cpu: number[]): Metrics => ({
  stepMs: 5000,
  at,
  cpuCores: cpu,
  memoryMb: cpu.map((value) => value * 10),
  diskUsedMb: cpu,
});

describe("an hour as a line", () => {
  it("is the values, in seconds", () => {
    assert.deepEqual(line(metrics([5000, 10_000], [1, 2]), "memoryMb"), { at: [5, 10], values: [10, 20] });
  });
  it("breaks where nobody looked for a while, and not for one missed look", () => {
    assert.deepEqual(line(metrics([5000, 15_000, 60_000], [1, 2, 3]), "cpuCores").values, [1, 2, null, 3]);
  });
  it("has its moments in order", () => {
    const steps = fc.uniqueArray(fc.integer({ min: 0, max: 800 }), { maxLength: 100 });
    fc.assert(
      fc.property(steps, (slots) => {
        const at = [...slots].sort((a, b) => a - b).map((slot) => slot * 5000);
        const drawn = line(metrics(at, at), "cpuCores").at;
        assert.ok(drawn.every((time, i) => i === 0 || time > (drawn[i - 1] ?? 0)));
      }),
    );
  });
});

describe("an hour as a table", () => {
  it("has the means of five minutes, the newest first", () => {
    const rows = samples(metrics([0, 5000, 300_000], [1, 3, 7]));
    assert.deepEqual(
      rows.map(({ at, cpuCores }) => [at, cpuCores]),
      [
        [300_000, 7],
        [0, 2],
      ],
    );
  });
  it("is empty before the first value", () => assert.deepEqual(samples(metrics([], [])), []));
});

describe("where the axis ends", () => {
  it("is the limit where it is near", () => assert.equal(top([3, null], 8), 8));
  it("is a round figure where little of the limit is used", () => assert.equal(top([0.1], 8), 0.2));
  it("is a power of two where sizes are counted", () => assert.equal(top([300], 8192, true), 512));
  it("leaves the line of what idles on the ground", () =>
    assert.deepEqual([top([0.002], 2), top([0], 4096, true), top([0], 0.05)], [0.1, 64, 0.05]));
  it("never cuts a value off", () => {
    const value = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.option(value), fc.boolean(), (values, limit, binary) => {
        const end = top(values, limit, binary);
        assert.ok(values.every((one) => one <= end || (limit !== null && one <= Math.max(limit, end))));
        assert.ok(end > 0);
      }),
    );
  });
});
