import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { bytes, clockTime, day, duration, fullDate, megabytes, plural, relative } from "./format.ts";

describe("figures in words", () => {
  it("says sizes as people say flavors", () => {
    assert.deepEqual([0, 512, 1536, 6144, 12288, 512_000, 2_097_152].map(megabytes), [
      "0 GB",
      "512 MB",
      "1.5 GB",
      "6 GB",
      "12 GB",
      "500 GB",
      "2 TB",
    ]);
  });
  it("says bytes", () => assert.deepEqual([0, 1023, 1536, 5_242_880].map(bytes), ["0 B", "1,023 B", "1.5 kB", "5 MB"]));
  it("counts", () =>
    assert.deepEqual([plural(0, "node"), plural(1, "node"), plural(2, "entry", "entries")], ["0 nodes", "1 node", "2 entries"]));
  it("says how long", () => {
    assert.deepEqual(
      [0, 59_999, 60_000, 3_600_000, 90_000_000].map((ms) => duration(ms)),
      ["0 s", "59 s", "1 min", "1 h", "1 d"],
    );
    assert.equal(duration(7450, true), "7.5 s");
  });
  it("never says a negative length, which two clocks may produce", () => {
    fc.assert(fc.property(fc.integer(), (ms) => assert.doesNotMatch(duration(ms), /-/)));
  });
});

describe("dates in words", () => {
  const now = Date.UTC(2026, 10, 21, 12, 4, 10);
  const cases: [number, string][] = [
    [0, "just now"],
    [7, "7 seconds ago"],
    [60, "1 minute ago"],
    [7200, "2 hours ago"],
    [3 * 86_400, "3 days ago"],
    [-27 * 86_400, "in 27 days"],
    // What ends in thirty days still does so a moment later.
    [-30 * 86_400 + 40, "in 30 days"],
    [-3600 + 2, "in 60 minutes"],
  ];
  for (const [seconds, words] of cases) it(words, () => assert.equal(relative(now - seconds * 1000, now), words));
  it("takes a moment within the last tick for now", () => assert.equal(relative(now + 900, now), "just now"));
  it("gives full dates in a zone", () => {
    assert.equal(fullDate(now, "UTC"), "21 November 2026 at 12:04:10 UTC");
    assert.equal(clockTime(now, "UTC"), "12:04:10");
    assert.equal(day(now, "UTC"), "21 November 2026");
  });
});
