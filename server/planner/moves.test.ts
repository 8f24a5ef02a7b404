import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { heard } from "../reconciler/testing/heard.ts";
import { cluster, rowsWith } from "../reconciler/testing/rows.ts";
import { apply } from "./apply.ts";
import { fenceSilent, leaseOf } from "./moves.ts";
import { plan } from "./plan.ts";
import type { HostRow, Snapshot } from "./snapshot.ts";

const now = Date.UTC(2026, 4, 1, 12);

function ids(): (prefix: string) => string {
  let n = 0;
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
});
