import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClusterView, phases as known, type Phase } from "../../../server/services/clusters/schemas.ts";
import { headerActions } from "./actions.ts";
import { happened } from "./activity.ts";
import { actionCommand, createCommand, handOverCommand, quote, shareCommand } from "./command.ts";
import { phaseOrder, phases } from "./phases.ts";
import { announce, badgeFact, tabTitle } from "./states.ts";

const yes = { allowed: true, reason: null };
const all = { stop: yes, start: yes, resize: yes, delete: yes, retry: yes };
const owner = { inspect: true, notebook: true, change: true, own: true };
const at = (phase: Phase, reason: string | null = null) => ({ phase, reason, since: "2026-03-01T12:00:00.000Z" });
const cluster = (phase: Phase, more: Partial<Pick<ClusterView, "actions" | "attempt" | "desired" | "may">> = {}, ran = false) => ({
  state: at(phase),
  actions: all,
  attempt: 1,
  desired: "running" as const,
  may: owner,
  timeline: { steps: [], startedAt: "2026-03-01T11:00:00.000Z", endedAt: ran ? "2026-03-01T11:01:00.000Z" : null, usualSeconds: null },
  ...more,
});
const ids = (phase: Phase, more = {}): string[] => headerActions(cluster(phase, more)).map((action) => action.id);

test("each state shows what makes sense in it", () => {
  assert.deepEqual(ids("starting"), ["cancel"]);
  assert.deepEqual(ids("ready"), ["resize", "stop", "delete"]);
  assert.deepEqual(ids("stopped"), ["start", "resize", "delete"]);
  assert.deepEqual(ids("failed"), ["retry", "resize", "delete"]);
  assert.deepEqual(ids("deleting"), []);
  assert.deepEqual(ids("ready", { desired: "deleted" }), []);
});

test("a cluster that has run is never cancelled: its workers may be starting, its data is there", () => {
  for (const phase of ["starting", "queued"] as const)
    assert.deepEqual(
      headerActions(cluster(phase, {}, true)).map((action) => action.id),
      ["resize", "stop", "delete"],
      phase,
    );
});

test("the way out of a dead end is the primary button", () => {
  assert.equal(headerActions(cluster("failed")).find((action) => action.primary)?.id, "retry");
  assert.equal(headerActions(cluster("stopped")).find((action) => action.primary)?.id, "start");
});

test("what is refused stays visible and says why", () => {
  const refused = headerActions(cluster("ready", { actions: { ...all, stop: { allowed: false, reason: "Only kim may stop it." } } }));
  assert.equal(refused.find((action) => action.id === "stop")?.reason, "Only kim may stop it.");
  assert.equal(refused.find((action) => action.id === "resize")?.reason, null);
});

test("cancelling follows the permission of what it does", () => {
  const actions = { ...all, delete: { allowed: false, reason: "no" } };
  assert.equal(headerActions(cluster("starting", { actions }))[0]?.reason, "no");
  assert.equal(headerActions(cluster("starting", { actions, attempt: 2 }))[0]?.reason, null);
});

test("what is not one's own to do is not offered", () => {
  const viewer = { inspect: false, notebook: false, change: false, own: false };
  const manager = { ...owner, own: false };
  for (const phase of phaseOrder) assert.deepEqual(ids(phase, { may: viewer }), [], phase);
  assert.deepEqual(ids("ready", { may: manager }), ["resize", "stop"]);
  // Somebody else's first start is stopped, not taken away with everything.
  const actions = { ...all, delete: { allowed: false, reason: "no" } };
  assert.equal(headerActions(cluster("starting", { actions, may: manager }))[0]?.reason, null);
});

test("every phase has a word, a shape's colour and a place in the filter", () => {
  assert.deepEqual([...phaseOrder].sort(), [...known].sort());
  assert.equal(phaseOrder[0], "ready");
  const words = phaseOrder.map((phase) => phases[phase].word);
  assert.equal(new Set(words).size, words.length);
  for (const phase of phaseOrder) {
    const { primary, actions, moving } = phases[phase];
    assert.ok(primary === undefined || actions.includes(primary), phase);
    assert.ok(!(moving && actions.includes("retry")), `${phase} goes on by itself: there is nothing to retry`);
  }
});

test("badge and title carry the state", () => {
  const now = Date.parse("2026-03-01T15:00:00.000Z");
  assert.equal(badgeFact(at("ready"), now), "3 h");
  assert.equal(badgeFact(at("stopped", "data kept"), now), "data kept");
  assert.equal(tabTitle("flights", at("starting", "workers 2 of 4")), "Starting workers 2 of 4 · flights");
  assert.equal(tabTitle("flights", at("failed", "no host fits"), "Logs"), "Failed · flights · Logs");
  assert.equal(announce("flights", at("ready")), "flights: ready. Everything answers.");
});

test("commands can be pasted", () => {
  assert.equal(
    createCommand({ tenant: "analytics", name: "flights", type: "spark", masterFlavor: "medium", workerFlavor: "small", workerCount: 3 }),
    "kindling cluster create flights --tenant analytics --master medium --workers 3 --worker small --wait",
  );
  const it = { name: "flights", tenant: { slug: "analytics" }, attempt: 1, may: owner };
  assert.equal(
    shareCommand(it, { kind: "group", group: "cn=the team,dc=corp" }, "use"),
    "kindling cluster share flights --tenant analytics --group 'cn=the team,dc=corp' --may use",
  );
  assert.equal(handOverCommand(it, "kim", "view"), "kindling cluster hand-over flights --tenant analytics --to kim --keep view");
  assert.equal(
    actionCommand(it, "delete", { keepData: true }),
    "kindling cluster delete flights --tenant analytics --confirm flights --keep-data",
  );
  assert.equal(actionCommand(it, "resize", { workers: 4 }), "kindling cluster resize flights --tenant analytics --workers 4 --wait");
  assert.equal(quote("a b; rm -rf ~"), "'a b; rm -rf ~'");
  assert.equal(quote("it's"), "'it'\\''s'");
});

test("activity is told after the name of who did it, refusals too", () => {
  assert.equal(happened({ action: "cluster.stop", outcome: "done" }), "stopped it");
  assert.equal(happened({ action: "cluster.stop", outcome: "refused" }), "wanted to stop it and was refused");
  assert.equal(happened({ action: "cluster.freeze", outcome: "done" }), "did: cluster.freeze");
});
