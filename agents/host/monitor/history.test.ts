import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { makeHistory } from "./history.ts";
import { memoryUsedMb } from "./host-usage.ts";

const sample = (n: number) => ({ cpuCores: n / 4, memoryMb: n, diskUsedMb: 2 * n });

describe("an hour of usage", () => {
  it("holds the newest values, oldest first, and never more than its length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 70 }), (length, count) => {
        const history = makeHistory(length);
        for (let n = 0; n < count; n += 1) history.add("nodeone", n * 5000, sample(n));
        const expected = Array.from({ length: count }, (_, n) => n).slice(-length);
        const read = history.read("nodeone");
        assert.deepEqual(
          read.at,
          expected.map((n) => n * 5000),
        );
        assert.deepEqual(read.memoryMb, expected);
        assert.deepEqual(
          read.diskUsedMb,
          expected.map((n) => 2 * n),
        );
        assert.deepEqual(
          read.cpuCores,
          expected.map((n) => n / 4),
        );
      }),
    );
  });

  it("knows nothing of what it was not told, forgets what went, and takes no more than it has room for", () => {
    const history = makeHistory(4, 2);
    for (const key of ["nodeone", "nodetwo", "nodethree"]) history.add(key, 0, sample(1));
    assert.deepEqual(
      ["nodeone", "nodetwo", "nodethree", "other"].map((key) => history.read(key).at.length),
      [1, 1, 0, 0],
    );
    history.keep(new Set(["nodetwo"]));
    history.add("nodethree", 0, sample(1));
    assert.deepEqual(
      ["nodeone", "nodetwo", "nodethree"].map((key) => history.read(key).at.length),
      [0, 1, 1],
    );
  });
});

describe("the host's memory", () => {
  it("in use is what the kernel could not give to a program", () => {
    assert.equal(memoryUsedMb("MemTotal:        4194304 kB\nMemFree:          100 kB\nMemAvailable:    1048576 kB\n"), 3072);
    assert.equal(memoryUsedMb(""), 0);
  });
});
