import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { heard } from "../reconciler/testing/heard.ts";
import { cluster, rowsWith } from "../reconciler/testing/rows.ts";
import { apply, ConflictError } from "./apply.ts";
import { fenceSilent, leaseOf, markEvictions, stayingOn } from "./moves.ts";
import { plan } from "./plan.ts";
import type { HostRow, Snapshot } from "./snapshot.ts";

const now = Date.UTC(2026, 4, 1, 12);

function ids(after = 0): (prefix: string) => string {
  let n = after;
  return (prefix) => {
    n += 1;
    return `${prefix}${String(n).padStart(6, "0")}`;
  };
}

/** Two hosts, the first of which has all the nodes and is silent since 600 s. */
function silent(change: Partial<HostRow>, leaseSeconds: number | null, moveAfterSeconds: number | null = 60): Snapshot {
  const then = now - 600_000;
  const before = heard(rowsWith([cluster()], 2), then);
  const rows = apply(before, plan({ ...before, hosts: before.hosts.slice(0, 1) }, then, ids()).changes);
  return {
    ...rows,
    installation: { ...rows.installation, moveAfterSeconds },
    hosts: rows.hosts.map((host, index) => {
      if (!host.observed) return host;
      const observed = { ...host.observed, leaseSeconds };
      return index === 0
        ? { ...host, observed, listenedSince: then, ...change }
        : { ...host, observed, observedAt: now, listenedSince: now };
    }),
  };
}

const fenced = (rows: Snapshot): string[] => fenceSilent(rows, now).flatMap((change) => (change.op === "fenceHost" ? [change.id] : []));

describe("a drain", () => {
  const draining = (lacking: "secret" | null): Snapshot => {
    const rows = silent({ mode: "draining", observedAt: now }, null, null);
    return {
      ...rows,
      clusters: rows.clusters.map((row) => ({ ...row, refusal: lacking && { message: "cannot be read", lacking } })),
    };
  };
  const evicted = (rows: Snapshot): number => markEvictions(rows, [], now).filter((change) => change.op === "evictNode").length;

  it("leaves what runs with a secret that only its host holds, says so, and takes it when people stop it", () => {
    assert.equal(evicted(draining(null)), 2);
    const rows = draining("secret");
    assert.equal(evicted(rows), 0);
    assert.deepEqual(
      rows.hosts.slice(0, 1).flatMap((host) => stayingOn(rows, host, now).map(({ refusal }) => refusal.message)),
      ["cannot be read"],
    );
    assert.equal(evicted({ ...rows, clusters: rows.clusters.map((row) => ({ ...row, desired: "stopped" as const })) }), 2);
  });

  it("of the only host moves nothing, and is told so before it begins", () => {
    const told = (rows: Snapshot) =>
      rows.hosts.slice(0, 1).flatMap((host) => stayingOn(rows, host, now).map(({ nodes, refusal }) => [nodes.length, refusal.message]));
    const two = silent({ observedAt: now }, null, null);
    assert.deepEqual(told(two), []);
    const one = { ...two, hosts: two.hosts.slice(0, 1) };
    assert.deepEqual(told(one), [[2, "there is no other host"]]);
    const drained = { ...one, hosts: one.hosts.map((host) => ({ ...host, mode: "draining" as const })) };
    assert.equal(evicted(drained), 0);
    assert.deepEqual(told(drained), told(one));
  });
});

describe("a host that is given up by the clock", () => {
  it("has shown a lease that ends within the present wait", () => {
    assert.deepEqual(fenced(silent({}, leaseOf(60))), ["host0"]);
    assert.deepEqual(fenced(silent({}, leaseOf(60), 300)), ["host0"]);
    assert.deepEqual(fenced(silent({}, leaseOf(60), null)), []);
  });

  it("is none that never heard of a lease, or of a longer one only: it keeps its nodes on the network", () => {
    assert.deepEqual(fenced(silent({}, null)), []);
    assert.deepEqual(fenced(silent({}, leaseOf(300))), []);
    assert.deepEqual(fenced(silent({ observed: null }, null)), []);
  });

  it("is given up again when it came back, was not cleared, and fell silent again", () => {
    const again = silent({ fencedAt: now - 900_000 }, leaseOf(60));
    assert.deepEqual(fenced(again), ["host0"]);
    const { changes } = plan(again, now, ids(100));
    const rows = apply(again, changes);
    assert.equal(rows.hosts[0]?.fencedAt, now);
    assert.ok(rows.nodes.length > 0 && rows.nodes.every((node) => node.hostId === "host1"));
    assert.deepEqual(fenced(rows), []);
    assert.throws(() => apply(rows, [{ op: "fenceHost", id: "host0", at: now }]), ConflictError);
  });
});
