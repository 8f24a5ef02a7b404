import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { heard } from "../reconciler/testing/heard.ts";
import { cluster, freshRows, rowsWith } from "../reconciler/testing/rows.ts";
import { apply } from "./apply.ts";
import { isUsable } from "./ipam/pick.ts";
import { plan } from "./plan.ts";
import type { ClusterRow, Snapshot } from "./snapshot.ts";

const now = Date.UTC(2026, 4, 1, 12);

function ids(): (prefix: string) => string {
  let n = 0;
  return (prefix) => {
    n += 1;
    return `${prefix}${String(n).padStart(6, "0")}`;
  };
}

const flavors = ["ftiny", "fsmall", "fmedium", "flarge"];

/** Any number of clusters of any size in two tenants, on hosts of any size. */
const pictures = fc
  .record({
    hosts: fc.array(
      fc.record({
        memoryMb: fc.integer({ min: 2_000, max: 64_000 }),
        cpus: fc.integer({ min: 1, max: 16 }),
        diskFreeMb: fc.integer({ min: 0, max: 300_000 }),
      }),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    clusters: fc.array(
      fc.record({
        tenantId: fc.constantFrom("tred00", "tblue0"),
        distributionId: fc.constantFrom("spark-3-5-jupyter", "utility"),
        masterFlavorId: fc.constantFrom(...flavors),
        workerFlavorId: fc.constantFrom(...flavors),
        workerCount: fc.integer({ min: 0, max: 6 }),
        desired: fc.constantFrom<ClusterRow["desired"][]>("running", "running", "running", "stopped", "deleted"),
      }),
      { maxLength: 8 },
    ),
    addresses: fc.integer({ min: 3, max: 248 }),
  })
  .map(({ hosts, clusters, addresses }): Snapshot => {
    const rows = {
      ...freshRows(hosts.length, addresses),
      clusters: clusters.map((row, index) => cluster({ ...row, id: `ccluster${index}`, name: `c${index}`, attemptAt: now + index })),
    };
    return heard(rows, now, hosts);
  });

test("no address, number, name or disk is given twice, and every address is a node's to have", () => {
  fc.assert(
    fc.property(pictures, (rows) => {
      const after = apply(rows, plan(rows, now, ids()).changes);
      const taken = after.addresses.filter((row) => row.nodeId !== null);
      assert.equal(new Set(taken.map((row) => row.ip)).size, taken.length);
      assert.equal(taken.length, after.nodes.length);
      assert.equal(new Set(after.nodes.map((row) => row.number)).size, after.nodes.length);
      assert.equal(new Set(after.nodes.map((row) => row.volumeId)).size, after.nodes.length);
      for (const { ip, segmentId, nodeId } of taken) {
        const segment = rows.segments.find((row) => row.id === segmentId);
        assert.ok(segment && isUsable(segment, ip), ip);
        const owner = after.clusters.find((row) => row.id === after.nodes.find((node) => node.id === nodeId)?.clusterId);
        assert.equal(segment.tenantId, owner?.tenantId, "an address of the tenant's own network");
      }
    }),
  );
});

test("memory and disks are never promised twice, processors never beyond the ratio", () => {
  fc.assert(
    fc.property(pictures, (rows) => {
      const after = apply(rows, plan(rows, now, ids()).changes);
      for (const host of after.hosts) {
        const nodes = after.nodes.filter((node) => node.hostId === host.id);
        const facts = host.observed?.facts;
        const sum = (of: (node: (typeof nodes)[number]) => number): number => nodes.reduce((total, node) => total + of(node), 0);
        assert.ok(nodes.length === 0 || sum((node) => node.memoryMb) <= (facts?.memoryMb ?? 0) - host.reservedMemoryMb);
        assert.ok(nodes.length === 0 || sum((node) => node.dataMb) <= (facts?.diskFreeMb ?? 0));
        assert.ok(sum((node) => node.vcpus) <= (facts?.cpus ?? 0) * rows.installation.cpuRatio);
      }
    }),
  );
});

test("a cluster gets all its nodes or none, and a refusal that says who has what", () => {
  fc.assert(
    fc.property(pictures, (rows) => {
      const after = apply(rows, plan(rows, now, ids()).changes);
      for (const row of after.clusters) {
        const nodes = after.nodes.filter((node) => node.clusterId === row.id);
        const admitted = after.steps.some((step) => step.clusterId === row.id && step.step === "placed");
        if (row.desired !== "running") assert.deepEqual([nodes.length, row.refusal], [0, null]);
        else if (admitted)
          assert.deepEqual(
            [nodes.length, row.refusal, nodes.filter((node) => node.role === "master").length],
            [row.workerCount + 1, null, 1],
          );
        else {
          assert.equal(nodes.length, 0);
          assert.match(row.refusal?.message ?? "", /^(needs .+; host-\d .+|a (master|worker) of .+ needs at least .+|all addresses .+)$/);
          assert.doesNotMatch(row.refusal?.message ?? "", /NaN|undefined|null|-\d+ [GM]B/);
        }
      }
      assert.ok(!after.clusters.some((row) => row.desired === "deleted"), "what never had a node goes at once");
    }),
  );
});

test("what is planned needs no second plan", () => {
  fc.assert(
    fc.property(pictures, (rows) => {
      const after = apply(rows, plan(rows, now, ids()).changes);
      assert.deepEqual(plan(after, now, ids()).changes, []);
    }),
  );
});

test("the same picture gives the same plan", () => {
  fc.assert(
    fc.property(pictures, (rows) => {
      assert.deepEqual(plan(rows, now, ids()), plan(rows, now, ids()));
    }),
  );
});

test("a bigger host never refuses what a smaller one takes", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2_000, max: 40_000 }),
      fc.integer({ min: 0, max: 40_000 }),
      fc.integer({ min: 0, max: 5 }),
      (memoryMb, more, workerCount) => {
        const fits = (mb: number): boolean => {
          const rows = heard(rowsWith([cluster({ workerCount })]), now, [{ memoryMb: mb, cpus: 16, diskFreeMb: 400_000 }]);
          return apply(rows, plan(rows, now, ids()).changes).nodes.length > 0;
        };
        assert.ok(!fits(memoryMb) || fits(memoryMb + more));
      },
    ),
  );
});
