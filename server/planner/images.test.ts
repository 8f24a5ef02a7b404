import assert from "node:assert/strict";
import { test } from "node:test";
import { heard } from "../reconciler/testing/heard.ts";
import { cluster, rowsWith } from "../reconciler/testing/rows.ts";
import { apply } from "./apply.ts";
import { plan } from "./plan.ts";
import type { Snapshot } from "./snapshot.ts";

const now = Date.UTC(2026, 4, 1, 12);
let made = 0;
const newId = (prefix: string): string => `${prefix}${String(++made).padStart(6, "0")}`;
const planned = (rows: Snapshot): Snapshot => apply(rows, plan(rows, now, newId).changes);
const images = (rows: Snapshot): string[] => rows.nodes.map((node) => node.imageTag);

/** The bundle was changed: its image has another tag now. */
const upgraded = (rows: Snapshot): Snapshot => ({
  ...rows,
  distributions: rows.distributions.map((row) => ({ ...row, imageTag: `${row.imageTag}-new` })),
});
const edited = (rows: Snapshot, change: Partial<Snapshot["clusters"][number]>): Snapshot => ({
  ...rows,
  clusters: rows.clusters.map((row) => ({ ...row, ...change })),
});

test("a new version of a bundle leaves running nodes alone, and a worker that joins them is of their version", () => {
  const running = planned(heard(rowsWith([cluster({ workerCount: 1 })]), now));
  const [tag] = images(running);
  assert.ok(tag);
  assert.deepEqual(images(planned(upgraded(running))), [tag, tag]);
  assert.deepEqual(images(planned(edited(upgraded(running), { workerCount: 2 }))), [tag, tag, tag]);
});

test("the next start takes the new version, on every node", () => {
  const running = planned(heard(rowsWith([cluster({ workerCount: 1 })]), now));
  const [tag] = images(running);
  const started = planned(edited(upgraded(running), { attempt: 2, attemptAt: now }));
  assert.deepEqual(images(started), [`${tag}-new`, `${tag}-new`]);
});
