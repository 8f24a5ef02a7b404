import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type Allowance,
  type Counted,
  counts,
  exceeded,
  left,
  nothing,
  passed,
  plus,
  type Quota,
  raisedAt,
  resources,
  type Take,
  unlimited,
  usageOf,
} from "./quota.ts";

const size = fc.record({
  vcpus: fc.integer({ min: 1, max: 16 }),
  memoryMb: fc.integer({ min: 512, max: 65_536 }),
  dataGb: fc.integer({ min: 1, max: 500 }),
  gpus: fc.nat(8),
});
const cluster: fc.Arbitrary<Counted> = fc.record({
  desired: fc.constantFrom("running", "stopped", "deleted"),
  keepData: fc.boolean(),
  workerCount: fc.nat(20),
  masterFlavor: size,
  workerFlavor: size,
  dataVolume: fc.option(fc.record({ sizeMb: fc.integer({ min: 1, max: 500_000 }) })),
});
const take: fc.Arbitrary<Take> = fc.record({
  clusters: fc.nat(3),
  nodes: fc.nat(20),
  vcpus: fc.nat(64),
  memoryMb: fc.nat(200_000),
  dataGb: fc.nat(4000).map((tenths) => tenths / 8),
  gpus: fc.nat(16),
});
const limit = fc.option(fc.nat(200));
const limits = fc.record({
  clusters: limit,
  nodes: limit,
  vcpus: limit,
  memoryMb: fc.option(fc.nat(400_000)),
  dataGb: fc.option(fc.nat(1000)),
  gpus: fc.option(fc.nat(40)),
});
const allowance: fc.Arbitrary<Allowance> = fc.record({ limits, used: take });

const within = ({ limits: most, used }: Allowance): boolean =>
  resources.every((resource) => most[resource] === null || used[resource] <= (most[resource] ?? 0));

describe("the arithmetic of limits", () => {
  it("never lets anybody past a limit, whatever is asked in whatever order", () => {
    fc.assert(
      fc.property(limits, fc.array(take, { maxLength: 40 }), (most, asked) => {
        let used: Take = nothing;
        for (const more of asked) {
          if (passed({ limits: most, used }, more) === null) used = plus(used, more);
          assert.ok(within({ limits: most, used }));
        }
      }),
    );
  });

  it("refuses nothing that fits, and nothing that takes nothing", () => {
    fc.assert(
      fc.property(allowance, take, (mine, more) => {
        const fits = resources.every((resource) => {
          const most = mine.limits[resource];
          return most === null || more[resource] === 0 || mine.used[resource] + more[resource] <= most;
        });
        assert.equal(passed(mine, more) === null, fits);
        assert.equal(passed(mine, nothing), null);
      }),
    );
  });

  it("shows as left only what can be had, and less than a tenth of a unit more than that cannot", () => {
    fc.assert(
      fc.property(allowance, fc.constantFrom(...resources), (mine, resource) => {
        const rest = left(mine)[resource];
        if (rest === null) return assert.equal(mine.limits[resource], null);
        assert.ok(rest >= 0);
        assert.equal(passed(mine, { ...nothing, [resource]: rest }), null);
        assert.equal(passed(mine, { ...nothing, [resource]: rest + 0.2 }), resource);
      }),
    );
  });

  it("adds up: the sum of its people is the tenant's, however they are mixed", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), cluster), { maxLength: 20 }), fc.nat(1_000_000), (owned, keptMb) => {
        const all = usageOf(
          owned.map(([, one]) => one),
          keptMb,
        );
        const parts = [0, 1, 2, 3].map((who) =>
          usageOf(
            owned.filter(([owner]) => owner === who).map(([, one]) => one),
            who === 0 ? keptMb : 0,
          ),
        );
        const sum = parts.reduce(plus);
        for (const resource of resources) assert.ok(Math.abs(all[resource] - sum[resource]) < 1e-6, resource);
      }),
    );
  });

  it("counts a cluster that stops without its processors but with its cards, one that goes with nothing but what it leaves behind", () => {
    fc.assert(
      fc.property(cluster, (one) => {
        const running = counts({ ...one, desired: "running" });
        assert.deepEqual(counts({ ...one, desired: "stopped" }), { ...running, vcpus: 0, memoryMb: 0 });
        const gone = counts({ ...one, desired: "deleted" });
        assert.deepEqual([gone.clusters, gone.nodes, gone.vcpus, gone.memoryMb, gone.gpus], [0, 0, 0, 0, 0]);
        // What is kept counts as much as the volume will when it is kept: nobody can take its place in between.
        const sizeMb = one.dataVolume?.sizeMb ?? one.masterFlavor.dataGb * 1024;
        assert.equal(gone.dataGb, one.keepData ? usageOf([], sizeMb).dataGb : 0);
      }),
    );
  });

  it("says which limit, whose it is, and what can be done", () => {
    const used: Take = { clusters: 2, nodes: 4, vcpus: 6, memoryMb: 6144, dataGb: 12.5, gpus: 3 };
    const more: Take = { clusters: 1, nodes: 2, vcpus: 2, memoryMb: 2048, dataGb: 5, gpus: 2 };
    const quota = (
      mine: Partial<Allowance["limits"]>,
      tenant: Partial<Allowance["limits"]>,
      name: string | null = null,
      asks: Quota["asks"] = "member",
    ) => ({
      tenant: { name: "Analytics", limits: { ...unlimited, ...tenant }, used },
      person: { name, limits: { ...unlimited, ...mine }, used },
      asks,
    });
    assert.equal(exceeded(quota({}, {}), more), null);
    assert.equal(
      exceeded(quota({ vcpus: 7 }, { vcpus: 7 }), more),
      "You may use 7 vCPUs in Analytics; 6 are taken and this needs 2 vCPUs. Stop or delete a cluster, or ask an administrator of the tenant for more.",
    );
    assert.equal(
      exceeded(quota({ clusters: 2 }, {}, "Dana"), more),
      "Dana may use 2 clusters in Analytics; 2 are taken and this needs 1 cluster. Delete a cluster, or ask an administrator of the tenant for more.",
    );
    assert.equal(
      exceeded(quota({}, { dataGb: 17 }), more),
      "The tenant Analytics may use 17 GB of disk; 12.5 GB is taken and this needs 5 GB of disk. Delete a cluster or a kept volume, or ask a site administrator, who sets the tenant's limits, for more.",
    );
    assert.equal(
      exceeded(quota({ gpus: 4 }, {}), more),
      "You may use 4 GPUs in Analytics; 3 are taken and this needs 2 GPUs. Take fewer GPUs or delete a cluster that has some, or ask an administrator of the tenant for more.",
    );
    // Whoever may raise it is told where; a tenant's own limits are the site's to set.
    assert.match(
      exceeded(quota({ vcpus: 7 }, {}, null, "admin"), more) ?? "",
      /cluster, or raise your own limit on the tenant's page Quotas\.$/,
    );
    assert.match(
      exceeded(quota({ vcpus: 7 }, {}, "Dana", "admin"), more) ?? "",
      /^Dana may use .* or raise their limit on the tenant's page Quotas\.$/,
    );
    assert.match(
      exceeded(quota({}, { vcpus: 7 }, null, "admin"), more) ?? "",
      /^The tenant Analytics .* or ask a site administrator, who sets/,
    );
    assert.match(exceeded(quota({}, { vcpus: 7 }, null, "site-admin"), more) ?? "", /or raise the tenant's limit in its settings/);
    assert.deepEqual(
      (["member", "admin", "site-admin"] as const).map((asks) => [
        raisedAt(quota({ vcpus: 7 }, { vcpus: 7 }, null, asks), more),
        raisedAt(quota({}, { vcpus: 7 }, null, asks), more),
        raisedAt(quota({}, {}, null, asks), more),
      ]),
      [
        [null, null, null],
        ["quotas", null, null],
        ["quotas", "tenant-settings", null],
      ],
    );
    // Where there are none, nothing is asked and nothing refused.
    assert.equal(exceeded(quota({ gpus: 0 }, { gpus: 0 }), { ...more, gpus: 0 }), null);
    assert.match(
      exceeded(quota({}, { memoryMb: 7168 }), more) ?? "",
      /may use 7 GB of memory; 6 GB is taken and this needs 2 GB of memory/,
    );
    // A volume of somebody else that becomes theirs counts with them although the tenant has it already.
    assert.equal(exceeded(quota({ dataGb: 15 }, { dataGb: 15 }), { ...more, dataGb: 0 }), null);
    assert.match(exceeded(quota({ dataGb: 15 }, {}), { ...more, dataGb: 0 }, { ...more, dataGb: 4 }) ?? "", /^You may use 15 GB of disk/);
  });
});
