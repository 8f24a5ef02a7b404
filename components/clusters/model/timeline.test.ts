import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { StepView } from "../../../server/services/clusters/schemas.ts";
import { timeline } from "./timeline.ts";

const t0 = Date.parse("2026-03-01T12:00:00.000Z");
const at = (seconds: number): string => new Date(t0 + seconds * 1000).toISOString();
const step = (title: string, from: number | null, to: number | null, state: StepView["state"], detail: string | null = null): StepView => ({
  step: title.toLowerCase(),
  title,
  detail,
  state,
  startedAt: from === null ? null : at(from),
  endedAt: to === null ? null : at(to),
});
const usualSeconds = { from: 9, to: 14 };
const begun = [
  step("Placed", 0, 0.2, "done", "host-1"),
  step("Workers", 4.4, null, "running", "2 of 4 registered"),
  step("Jupyter", null, null, "waiting"),
];

test("a running start ticks by the clock that is passed in", () => {
  const view = timeline({ steps: begun, startedAt: at(0), endedAt: null, usualSeconds }, t0 + 7500);
  assert.equal(view.totalMs, 7500);
  assert.equal(view.state, "running");
  assert.deepEqual(
    view.rows.map((row) => (row.ms === null ? null : Math.round(row.ms))),
    [200, 3100, null],
  );
  assert.equal(view.rows[2]?.detail, "waits for workers");
  assert.equal(view.promise, "usually ready in 9–14 s");
  assert.ok(view.progress !== null && Math.abs(view.progress - 7.5 / 14) < 1e-9);
});

test("later than usual is said, and the bar does not pretend to be done", () => {
  const view = timeline({ steps: begun, startedAt: at(0), endedAt: null, usualSeconds }, t0 + 60_000);
  assert.equal(view.promise, "longer than usual (9–14 s)");
  assert.ok(view.progress !== null && view.progress < 1);
});

test("a failed step opens itself and stops the clock", () => {
  const steps = [
    step("Placed", 0, 0.2, "done"),
    step("Volumes", 0.2, 3, "failed", "the disk is full"),
    step("Jupyter", null, null, "waiting"),
  ];
  const view = timeline({ steps, startedAt: at(0), endedAt: null, usualSeconds }, t0 + 999_000);
  assert.equal(view.state, "failed");
  assert.equal(view.totalMs, 3000);
  assert.equal(view.live, false);
  assert.deepEqual(
    view.rows.map((row) => row.open),
    [false, true, false],
  );
});

test("stopping in the middle ends the clock: nothing pretends to be under way", () => {
  const view = timeline({ steps: begun, startedAt: at(0), endedAt: null, usualSeconds }, t0 + 60_000, false);
  assert.equal(view.live, false);
  assert.equal(view.totalMs, 200);
  assert.deepEqual(
    view.rows.map((row) => [row.state, row.detail]),
    [
      ["done", "host-1"],
      ["waiting", "interrupted"],
      ["waiting", "waits for workers"],
    ],
  );
});

test("a failure without a time of its own stands at the last thing that happened", () => {
  const steps = [step("Placed", 0, 0.2, "done"), step("Volumes", 0.2, null, "failed", "the disk is full")];
  assert.equal(timeline({ steps, startedAt: at(0), endedAt: null, usualSeconds }, t0 + 999_000).totalMs, 200);
});

test("afterwards it is kept as it was", () => {
  const steps = [step("Placed", 0, 1, "done"), step("Jupyter", 5, 10, "done")];
  const view = timeline({ steps, startedAt: at(0), endedAt: at(10), usualSeconds: null }, t0 + 999_000);
  assert.equal(view.totalMs, 10_000);
  assert.equal(view.progress, null);
  assert.deepEqual([view.rows[1]?.from, view.rows[1]?.to], [0.5, 1]);
});

test("whatever the rows say, bars lie inside the whole and no time is negative", () => {
  const anyStep = fc.record({
    step: fc.string(),
    title: fc.string(),
    detail: fc.option(fc.string()),
    state: fc.constantFrom<StepView["state"]>("waiting", "running", "done", "failed"),
    startedAt: fc.option(fc.integer({ min: -100, max: 100 }).map(at)),
    endedAt: fc.option(fc.integer({ min: -100, max: 100 }).map(at)),
  });
  fc.assert(
    fc.property(fc.array(anyStep), fc.option(fc.integer({ min: -50, max: 50 }).map(at)), fc.integer(), (steps, endedAt, later) => {
      const view = timeline({ steps, startedAt: at(0), endedAt, usualSeconds }, t0 + later);
      assert.ok(view.totalMs >= 0);
      for (const row of view.rows) assert.ok(row.from >= 0 && row.to <= 1 && (row.ms ?? 0) >= 0);
    }),
  );
});
