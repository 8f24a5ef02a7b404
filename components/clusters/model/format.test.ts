import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { serverClock } from "./clock.ts";
import { age, ago, count, duration, list, memory, usual } from "./format.ts";

const now = Date.parse("2026-03-01T12:00:00.000Z");
const before = (seconds: number): string => new Date(now - seconds * 1000).toISOString();

test("memory reads like a flavor's label", () => {
  assert.equal(memory(512), "512 MB");
  assert.equal(memory(1536), "1.5 GB");
  assert.equal(memory(6144), "6 GB");
  assert.equal(memory(3 * 1024 * 1024), "3 TB");
});

test("durations keep one decimal below a minute and turn over without showing 60", () => {
  assert.equal(duration(200), "0.2 s");
  assert.equal(duration(7500), "7.5 s");
  assert.equal(duration(59_960), "1:00 min");
  assert.equal(duration(65_000), "1:05 min");
  assert.equal(duration(3_720_000), "1:02 h");
  assert.equal(duration(-30), "0.0 s");
});

test("no duration ever shows 60 of a smaller unit", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 90_000_000 }), (ms) => !/(^|:)60/.test(duration(ms))));
});

test("ages take the largest whole unit and never go below zero", () => {
  assert.equal(age(before(7), now), "7 s");
  assert.equal(age(before(3 * 3600 + 59), now), "3 h");
  assert.equal(age(before(-20), now), "0 s");
  assert.equal(ago(before(0), now), "just now");
  assert.equal(ago(before(3600), now), "1 hour ago");
  assert.equal(ago(before(172_800), now), "2 days ago");
});

test("small words", () => {
  assert.equal(usual({ from: 8.6, to: 14.2 }), "9–14 s");
  assert.equal(usual({ from: 9, to: 9.3 }), "9 s");
  assert.equal(count(1, "worker"), "1 worker");
  assert.equal(count(0, "worker"), "no workers");
  assert.equal(list(["a", "b", "c"]), "a, b and c");
});

test("the server's clock is found however late each answer comes, and never moves back", () => {
  fc.assert(
    fc.property(fc.integer({ min: -100_000, max: 100_000 }), fc.array(fc.nat(5000), { minLength: 1 }), (ahead, delays) => {
      const clock = serverClock();
      let last = Number.NEGATIVE_INFINITY;
      for (const [i, delay] of delays.entries()) {
        clock.sample(1_000_000 + i * 1000, 1_000_000 + i * 1000 - ahead + delay);
        assert.ok(clock.offset() >= last);
        last = clock.offset();
      }
      assert.equal(clock.offset(), ahead - Math.min(...delays));
    }),
  );
});
