import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { TenantDetailView } from "../../server/services/tenants/schemas.ts";
import { blankRow, rowAtFault, rowsOf, textsOf } from "./destinations.ts";
import {
  changedLimits,
  changedSettings,
  createCommand,
  editCommand,
  limitValues,
  meters,
  nearestWords,
  noLimits,
  searchTenants,
  settingsOf,
  slugOf,
  toggledDistributions,
  toggledSets,
  toLimits,
} from "./model.ts";

const amount = { used: 0, limit: null };
const tenant: TenantDetailView = {
  ...{ id: "tfinance", slug: "finance", name: "Finance", state: "active", since: "", by: null, reason: null, createdAt: "", waits: null },
  ...{ clusters: 0, running: 0, members: 0, nearest: null, segment: "10.1.0.0/24" },
  usage: { clusters: amount, nodes: amount, vcpus: amount, memoryMb: amount, dataGb: amount, gpus: amount },
  limits: { clusters: null, nodes: null, vcpus: 8, memoryMb: 1536, dataGb: null, gpus: null },
  personLimits: { clusters: 2, nodes: null, vcpus: null, memoryMb: null, dataGb: null, gpus: null },
  ...{
    distribution: null,
    distributions: null,
    flavor: "small",
    hostTags: ["ssd"],
    egress: "open",
    egressList: ["10.1.2.0/24 tcp 443"],
    egressIgnorant: [],
    capabilitySets: ["strict", "default"],
    capabilitySet: "default",
    people: [],
    groups: [],
  },
  contents: { clusters: [], disks: { count: 0, sizeMb: 0 }, keptVolumes: [], segments: [], hosts: [] },
};

describe("a tenant's meters", () => {
  it("tell of GPUs where there are some, or a limit of them", () => {
    const labels = (gpus: { used: number; limit: number | null }, site?: boolean) =>
      meters({ ...tenant.usage, gpus }, site).map(({ label }) => label);
    assert.ok(!labels({ used: 0, limit: null }).includes("GPUs"));
    for (const gpus of [
      { used: 1, limit: null },
      { used: 0, limit: 0 },
    ])
      assert.ok(labels(gpus).includes("GPUs"));
    assert.ok(labels({ used: 0, limit: null }, true).includes("GPUs"));
  });
});

describe("a tenant's form", () => {
  it("shows limits as people say them and gives them back as they were", () => {
    assert.deepEqual(limitValues(tenant.limits), { clusters: "", nodes: "", vcpus: "8", memoryMb: "1.5", dataGb: "", gpus: "" });
    const limit = fc.option(fc.nat(10_000_000));
    fc.assert(
      fc.property(fc.record({ clusters: limit, nodes: limit, vcpus: limit, memoryMb: limit, dataGb: limit, gpus: limit }), (limits) => {
        assert.deepEqual(toLimits(limitValues(limits)), { ...limits });
        assert.equal(changedLimits(limits, limitValues(limits)), undefined);
      }),
    );
  });

  it("sends only what differs; what is no number stays none, so that it is refused", () => {
    assert.deepEqual(changedSettings(tenant, settingsOf(tenant)), {});
    const values = { ...settingsOf(tenant), name: " Money ", flavor: "", limits: { ...noLimits, vcpus: "12", memoryMb: "1.5" } };
    assert.deepEqual(changedSettings(tenant, values), { name: " Money ", flavor: null, limits: { vcpus: 12 } });
    assert.deepEqual(changedLimits(tenant.limits, { ...limitValues(tenant.limits), nodes: "many" }), { nodes: Number.NaN });
  });

  it("keeps what clusters get among what the tenant may use, never wider than it was", () => {
    const sets = settingsOf(tenant);
    assert.deepEqual(toggledSets(sets, "tools", true), { capabilitySets: ["strict", "default", "tools"], capabilitySet: "default" });
    assert.deepEqual(toggledSets(sets, "default", false), { capabilitySets: ["strict"], capabilitySet: "strict" });
    const none = toggledSets({ capabilitySets: ["strict"], capabilitySet: "strict" }, "strict", false);
    assert.deepEqual(none.capabilitySets, [], "which the API refuses with a sentence");
    const next = { ...sets, ...toggledSets(sets, "tools", true) };
    assert.deepEqual(changedSettings(tenant, next), { capabilitySets: ["strict", "default", "tools"] });
    assert.equal(
      editCommand("finance", { capabilitySets: ["strict", "tools"], capabilitySet: "strict" }),
      "kindling tenant edit finance --capability-sets 'strict,tools' --capability-set strict",
    );
  });

  it("keeps what is offered first among the distributions that the tenant may use", () => {
    const before = { ...tenant, distribution: "spark", distributions: ["spark", "utility"] };
    const values = { ...settingsOf(before), ...toggledDistributions(settingsOf(before), "spark", false) };
    assert.deepEqual(changedSettings(before, values), { distribution: null, distributions: ["utility"] });
    const again = { ...settingsOf(before), distributions: ["utility", "spark"] };
    assert.deepEqual(changedSettings(before, again), {}, "in whatever order");
    assert.deepEqual(changedSettings(before, { ...again, distributions: null }), { distributions: null });
    assert.equal(editCommand("finance", { distributions: ["utility"] }), "kindling tenant edit finance --distributions utility");
    assert.match(editCommand("finance", { distributions: null }), /--distributions all$/);
  });

  it("has destinations as rows, sends them while they count, and knows which one was refused", () => {
    const texts = ["10.1.2.0/24 tcp 443,8000-8100", "10.9.0.1", "10.9.0.0/16 udp"];
    assert.deepEqual(textsOf(rowsOf(texts)), texts);
    const rows = rowsOf(tenant.egressList);
    const blank = blankRow(rows);
    assert.ok(!rows.some((row) => row.key === blank.key));
    const typed = { key: 7, network: " 10.9.0.1 ", protocol: "udp" as const, ports: "53, 5000 - 5010" };
    const all = [blank, ...rows, typed];
    const values = { ...settingsOf(tenant), egressList: all };
    assert.deepEqual(changedSettings(tenant, values), {}, "the way out is open: rows are not shown");
    assert.deepEqual(changedSettings(tenant, { ...values, egress: "listed" }), {
      egress: "listed",
      egressList: ["10.1.2.0/24 tcp 443", "10.9.0.1 udp 53,5000-5010"],
    });
    assert.equal(rowAtFault(all, "egressList.1"), 7, "rows that say nothing were not sent");
    assert.equal(rowAtFault(all, "egressList"), null);
    assert.equal(
      editCommand("finance", { egress: "listed", egressList: ["10.1.2.0/24 tcp 443", "10.9.0.1"] }),
      "kindling tenant edit finance --egress listed --egress-list '10.1.2.0/24 tcp 443; 10.9.0.1'",
    );
    assert.match(editCommand("finance", { egressList: [] }), /--egress-list none$/);
  });

  it("says the same as a command", () => {
    assert.equal(
      editCommand("finance", { name: "All money", limits: { vcpus: null, memoryMb: 1536 }, personLimits: { clusters: 3 }, hostTags: [] }),
      "kindling tenant edit finance --name 'All money' --vcpus none --memory 1.5 --person-clusters 3 --host-tags none",
    );
    assert.equal(
      createCommand({ slug: "finance", name: "Finance", network: "vlan", limits: { vcpus: 8 } }),
      "kindling tenant create finance --name Finance --segment vlan --vcpus 8",
    );
  });

  it("suggests a short name that is allowed", () => {
    assert.equal(slugOf("Data Science & Ops"), "data-science-ops");
    fc.assert(fc.property(fc.string(), (text) => assert.match(slugOf(text), /^$|^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/)));
  });

  it("finds tenants by words, and names the nearest limit", () => {
    const row = { ...tenant, nearest: { resource: "memoryMb" as const, used: 1024, limit: 1536 } };
    assert.equal(nearestWords(row), "1 GB of 1.5 GB memory");
    assert.equal(searchTenants([row], "fin 10.1").length, 1);
    assert.equal(searchTenants([row], "suspended").length, 0);
    assert.equal(searchTenants([{ ...row, state: "suspended" }], "suspended").length, 1);
  });
});
