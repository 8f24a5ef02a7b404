import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CapabilitySetId, capabilitySets, widest } from "../../agents/protocol/capability.ts";
import { heard } from "../reconciler/testing/heard.ts";
import { cluster, freshRows, rowsWith, utilityDistribution } from "../reconciler/testing/rows.ts";
import { apply } from "./apply.ts";
import { grant, setOf } from "./grant.ts";
import { plan } from "./plan.ts";
import type { Snapshot } from "./snapshot.ts";
import { hostSpec } from "./spec/host-spec.ts";
import { touchedHosts } from "./spec/touched.ts";

const now = Date.UTC(2026, 4, 1, 12);
const site = { origin: () => "http://x.localhost" };
// Also such that no set holds and no host should ever be asked for.
const capability = fc.constantFrom(...widest, "SYS_ADMIN", "NET_ADMIN", "FOWNER");
const some = fc.uniqueArray(capability);

let serial = 0;
const newId = (prefix: string): string => {
  serial += 1;
  return `${prefix}${serial}`;
};
const planned = (rows: Snapshot): Snapshot => apply(rows, plan(rows, now, newId).changes);
const four = ["CHOWN", "KILL", "SETGID", "SETUID"];

test("what a node gets never exceeds what the bundle asks for, what the set holds, or what the host can give", () => {
  const sets = fc.oneof(
    fc.constantFrom(...CapabilitySetId.options).map((id) => capabilitySets[id]),
    fc.record({ capabilities: some, sudo: fc.boolean() }),
  );
  fc.assert(
    fc.property(some, some, sets, fc.option(some), (capabilities, tools, set, host) => {
      const got = grant({ capabilities, tools }, set, host);
      const asked = new Set([...capabilities, ...(set.sudo ? tools : [])]);
      for (const name of got.capabilities) {
        assert.ok(asked.has(name), `${name} was not asked for`);
        assert.ok(set.capabilities.includes(name), `the set lacks ${name}`);
        assert.ok(host === null || host.includes(name), `the host lacks ${name}`);
      }
      // Whatever was asked for is either given or said to be withheld, by one of the two.
      const all = [...got.capabilities, ...got.withheld.bySet, ...got.withheld.byHost];
      assert.deepEqual(all.toSorted(), [...asked].sort());
      assert.deepEqual(got.missing, capabilities.filter((name) => !got.capabilities.includes(name)).sort());
    }),
  );
});

test("each set holds what the one before holds, none more than the reference's fifteen", () => {
  assert.equal(widest.length, 15);
  const sets = CapabilitySetId.options.map((id) => capabilitySets[id]);
  for (const [index, set] of sets.entries()) {
    assert.ok(set.capabilities.every((name) => widest.includes(name)));
    assert.ok(sets[index - 1]?.capabilities.every((name) => set.capabilities.includes(name)) ?? true);
    assert.ok(!sets[index - 1]?.sudo || set.sudo);
  }
  assert.deepEqual(capabilitySets.full.capabilities, widest);
});

test("a set that the tenant may not use any more becomes its usual one", () => {
  const tenant = { capabilitySets: ["strict", "default"], capabilitySet: "strict" } as const;
  assert.equal(setOf(tenant, "default").id, "default");
  assert.equal(setOf(tenant, "tools").id, "strict");
});

test("taking a narrow set from a tenant makes no cluster wider than it was asked for, as long as there is another", () => {
  const sets = fc.uniqueArray(fc.constantFrom(...CapabilitySetId.options), { minLength: 1 });
  const order = CapabilitySetId.options;
  fc.assert(
    fc.property(sets, fc.nat(), fc.constantFrom(...order), (capabilitySets, usual, wanted) => {
      const capabilitySet = capabilitySets[usual % capabilitySets.length] ?? "strict";
      const { id } = setOf({ capabilitySets, capabilitySet }, wanted);
      assert.ok(capabilitySets.includes(id));
      const other = capabilitySets.some((one) => order.indexOf(one) <= order.indexOf(wanted));
      assert.equal(order.indexOf(id) <= order.indexOf(wanted), other);
    }),
  );
  assert.equal(setOf({ capabilitySets: ["default", "tools"], capabilitySet: "tools" }, "strict").id, "default");
});

test("a node keeps what it was started with; its cluster's next start decides anew", () => {
  const rows = heard(rowsWith([cluster({ capabilitySet: "tools", workerCount: 0 })]), now, [{ capabilities: [...four, "DAC_OVERRIDE"] }]);
  const placed = planned(rows);
  const spec = (of: Snapshot) => hostSpec(of, "host0", 1, site).nodes[0];
  assert.deepEqual(
    placed.nodes[0]?.capabilities,
    ["CHOWN", "DAC_OVERRIDE", "KILL", "SETGID", "SETUID"],
    "SYS_RESOURCE: the host has it not",
  );
  assert.equal(spec(placed)?.sudo, true);
  const withdrawn: Snapshot = { ...placed, tenants: placed.tenants.map((row) => ({ ...row, capabilitySets: ["default"] })) };
  assert.deepEqual(spec(planned(withdrawn)), spec(placed), "nothing alters what runs");
  const again = planned({
    ...withdrawn,
    clusters: withdrawn.clusters.map((row) => ({ ...row, attempt: 2, generation: 2 })),
  });
  assert.deepEqual(again.nodes[0]?.capabilities, four);
  assert.equal(spec(again)?.sudo, false);
  assert.deepEqual([...(touchedHosts(withdrawn, again) ?? [])], ["host0"], "its host is told");
});

test("strict brings the narrow filter and fewer processes", () => {
  const [tenant] = freshRows(1).tenants;
  assert.ok(tenant);
  const rows = rowsWith([cluster({ capabilitySet: "strict", workerCount: 0 })]);
  const strict = { ...rows, tenants: [{ ...tenant, capabilitySets: ["strict" as const], capabilitySet: "strict" as const }] };
  const node = hostSpec(planned(heard(strict, now, [{}])), "host0", 1, site).nodes[0];
  assert.equal(node?.filter, "own");
  assert.equal(node?.sudo, false);
  assert.ok((node?.resources.pids ?? 0) < capabilitySets.default.pids);
});

test("what the distribution cannot do without is refused before anything is placed, by whoever lacks it", () => {
  const needs = (name: string): Snapshot => {
    const rows = rowsWith([cluster({ capabilitySet: "tools", workerCount: 0, distributionId: "utility" })]);
    const bundle = { ...utilityDistribution.bundle, capabilities: [...four, name] };
    return { ...rows, distributions: [{ ...utilityDistribution, bundle }] };
  };
  const bySet = planned(heard(needs("SYS_PTRACE"), now, [{ capabilities: [...widest] }]));
  assert.equal(
    bySet.clusters[0]?.refusal?.message,
    "Debian 12, pristine needs the capability SYS_PTRACE, which the set Tools does not grant",
  );
  assert.equal(bySet.nodes.length, 0);
  const byHost = planned(heard(needs("NET_RAW"), now, [{ capabilities: four }]));
  assert.equal(byHost.clusters[0]?.refusal?.message, "needs the capability NET_RAW; host-1 cannot grant it");
  assert.equal(byHost.nodes.length, 0);
  assert.equal(planned(heard(needs("NET_RAW"), now, [{ capabilities: [...widest] }])).nodes.length, 1);
});
