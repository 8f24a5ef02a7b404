import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContainerDifference, HostObservation, NodeObservation } from "../../agents/protocol/observed.ts";
import { apply } from "../planner/apply.ts";
import { plan } from "../planner/plan.ts";
import type { Snapshot } from "../planner/snapshot.ts";
import { runningNode } from "../portal/testing/host.ts";
import { applyObserved } from "./apply-observed.ts";
import { digest } from "./digest.ts";
import { heard } from "./testing/heard.ts";
import { cluster, rowsWith } from "./testing/rows.ts";

const now = Date.UTC(2026, 4, 1, 12);
const memory: ContainerDifference = { what: "memory", approved: "2048 MB", engine: "4096 MB" };
const ports: ContainerDifference = { what: "published ports", approved: "none", engine: "8888/tcp" };

let serial = 0;
const newId = (prefix: string): string => {
  serial += 1;
  return `${prefix}${serial}`;
};

/** One host with one node, and what its pictures one after the other bring about. */
function watched() {
  const rows = heard(rowsWith([cluster({ workerCount: 0 })]), now);
  let snapshot: Snapshot = apply(rows, plan(rows, now, newId).changes);
  const [row] = snapshot.nodes;
  const [host] = snapshot.hosts;
  assert.ok(row && host?.observed);
  const seen = host.observed;
  let at = now;
  return (found: ContainerDifference[] | null, more: Partial<NodeObservation> = {}) => {
    at += 5_000;
    const audit = found && { at: new Date(at).toISOString(), differences: found };
    const picture: HostObservation = { ...seen, sequence: at, nodes: [runningNode(row.id, { audit, ...more })] };
    const write = digest(snapshot, picture, at);
    if (write) snapshot = applyObserved(snapshot, write);
    return {
      said: (write?.drifts ?? []).map(({ action, detail }) => `${action}: ${detail.what}`),
      notify: write?.notify ?? [],
      quiet: write?.quiet ?? true,
      kept: snapshot.nodes[0]?.observed?.audit?.differences ?? null,
      drifts: write?.drifts ?? [],
    };
  };
}

test("a container that was altered is said once, again where something else differs, and when it is as approved again", () => {
  const see = watched();
  assert.deepEqual(see([]).said, []);
  const altered = see([memory]);
  assert.deepEqual(altered.said, ["container.altered: kindling-1 on host-1: memory 2048 MB → 4096 MB"]);
  assert.deepEqual(altered.drifts[0]?.detail.before, { memory: "2048 MB" });
  assert.deepEqual(altered.drifts[0]?.detail.after, { memory: "4096 MB" });
  assert.ok(altered.notify.includes("*"), "pages of the site show it");
  assert.deepEqual(see([memory]).said, []);
  assert.deepEqual(see([memory, ports]).said, [
    "container.altered: kindling-1 on host-1: memory 2048 MB → 4096 MB; published ports none → 8888/tcp",
  ]);
  assert.deepEqual(see([]).said, ["container.restored: kindling-1 on host-1 is as approved again"]);
  assert.deepEqual(see([]).said, []);
});

test("a comparison that finds nothing new is no news", () => {
  const see = watched();
  see([]);
  assert.equal(see([]).quiet, true);
  assert.equal(see([memory]).quiet, false);
  assert.equal(see([memory]).quiet, true);
});

test("an agent that began anew has compared nothing yet: the alarm stays, and is not said twice", () => {
  const see = watched();
  see([memory]);
  const fresh = see(null);
  assert.deepEqual([fresh.said, fresh.kept], [[], [memory]]);
  assert.deepEqual(see([memory]).said, []);
  // Another container of the node is another matter.
  const remade = see(null, { startedAt: "2026-05-01T13:00:00.000Z" });
  assert.deepEqual([remade.said, remade.kept], [[], null]);
});
