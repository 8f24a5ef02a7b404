import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Attested } from "../../../agents/protocol/verbs.ts";
import { loadActor } from "../../auth/actor.ts";
import { scopeOf } from "../../auth/can.ts";
import { UserError } from "../../errors.ts";
import { hear, runningNode } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";
import type { HostAccess } from "../hosts/access.ts";
import { attestCluster, attestSite, attestTenant } from "./attest.ts";

const difference = { what: "memory", approved: "2048 MB", engine: "4096 MB" };

describe("an attestation", () => {
  let stand: Stand;
  let hostId: string;
  before(async () => {
    stand = await startStand();
    hostId = await hear(stand.db);
  });
  after(() => stand.stop());
  beforeEach(async () => {
    await stand.db.node.deleteMany();
    await stand.db.volume.deleteMany();
    await stand.db.cluster.deleteMany();
  });

  /** A cluster of one node that has its place, as the reconciler would have made it. */
  async function placed(person: "dana" | "rhea", tenant: "analytics" | "research", name: string, number: number): Promise<string> {
    const { id } = await (await stand.as(person)).clusters.create({ tenant, name, workerCount: 0 });
    const tenantId = stand.tenantId(tenant);
    const nodeId = `nnode${number}`;
    await stand.db.volume.create({
      data: { id: `vnode${number}`, tenantId, hostId, name: `kindling-${number}`, sizeMb: 1024, state: "attached" },
    });
    await stand.db.node.create({
      data: {
        ...{ id: nodeId, clusterId: id, hostId, number, name: `kindling-${number}`, role: "master", imageTag: "kindling/spark:1" },
        ...{ vcpus: 1, memoryMb: 2048, rootGb: 20, dataMb: 1024, volumeId: `vnode${number}` },
        observed: JSON.parse(JSON.stringify(runningNode(nodeId))),
        observedAt: new Date(),
      },
    });
    await stand.db.step.create({ data: { clusterId: id, attempt: 1, step: "placed", startedAt: new Date(), endedAt: new Date() } });
    return id;
  }

  const answer = (node: string, ...differences: (typeof difference)[]): Attested[number] => ({
    ...{ node, container: "c0ffee", comparedAt: new Date().toISOString(), differences },
    approved: { memory: "2048 MB", "image digest": "sha256:1" },
    engine: { memory: differences.length > 0 ? "4096 MB" : "2048 MB", "image digest": "sha256:1" },
  });

  async function ctx(person: "sam" | "tina" | "dana", attest: HostAccess["attest"], slug = "analytics") {
    const actor = await loadActor(stand.db, `u${person}`, { sessionId: "stest", tokenId: null, ip: null });
    const row = await stand.db.tenant.findUniqueOrThrow({ where: { slug } });
    const tenant = actor && scopeOf(actor, row);
    assert.ok(actor && tenant);
    return { ...stand.parts.deps, hosts: { ...stand.parts.deps.hosts, attest }, actor, tenant };
  }

  it("says of each container what was approved, what the engine says and whether both are the same", async () => {
    const id = await placed("dana", "analytics", "flights", 1);
    const asked: unknown[] = [];
    const dana = await ctx("dana", async ({ endpoint }, of) => {
      asked.push([endpoint.startsWith("unix:"), of]);
      return [answer("nnode1", difference)];
    });
    const view = await attestCluster(dana, { tenant: "analytics", cluster: id });
    assert.deepEqual(asked, [[true, { cluster: id }]]);
    assert.deepEqual([view.about, view.madeBy], ["cluster flights of analytics", "dana"]);
    assert.deepEqual(view.containers, { compared: 1, asApproved: 0, differing: 1, notCompared: 0 });
    const [one] = view.compared;
    assert.deepEqual(
      [one?.node, one?.host, one?.tenant, one?.cluster.name, one?.capabilitySet, one?.imageDigest, one?.asApproved],
      ["kindling-1", "this-host", "analytics", "flights", "default", "sha256:1", false],
    );
    assert.deepEqual([one?.approved.memory, one?.engine.memory, one?.differences], ["2048 MB", "4096 MB", [difference]]);
    assert.deepEqual(view.capabilitySets.strict.capabilities, ["CHOWN", "KILL", "SETGID", "SETUID"]);
  });

  it("names what could not be compared, with the reason, and never calls it approved", async () => {
    await placed("dana", "analytics", "flights", 1);
    await placed("dana", "analytics", "trips", 2);
    const some = await attestTenant(await ctx("tina", async () => [answer("nnode2")]));
    assert.deepEqual(some.containers, { compared: 1, asApproved: 1, differing: 0, notCompared: 1 });
    assert.match(some.notCompared[0]?.reason ?? "", /does not run just now/);
    const silent = await attestTenant(
      await ctx("tina", async () => {
        throw new UserError("unavailable", "The host does not answer just now.");
      }),
    );
    assert.deepEqual(
      [silent.compared, silent.notCompared.map(({ reason }) => reason)],
      [[], ["The host does not answer just now.", "The host does not answer just now."]],
    );
  });

  it("keeps to the tenant whatever a host answers, and holds everything for the site", async () => {
    await placed("dana", "analytics", "flights", 1);
    await placed("rhea", "research", "genes", 2);
    const all: HostAccess["attest"] = async () => [answer("nnode1"), answer("nnode2"), answer("nforeign")];
    const tenant = await attestTenant(await ctx("tina", all));
    assert.deepEqual(
      tenant.compared.map(({ node }) => node),
      ["kindling-1"],
    );
    const site = await attestSite(await ctx("sam", all));
    assert.deepEqual(site.compared.map((one) => `${one.tenant} ${one.node}`).sort(), ["analytics kindling-1", "research kindling-2"]);
    const dana = await stand.as("dana");
    await assert.rejects(dana.tenants.attestation({ tenant: "analytics" }), /administrators of the tenant/);
    await assert.rejects(dana.site.attestation(), { code: "NOT_FOUND" });
  });

  it("is an alarm on the pages of the cluster, its host and the site as long as something differs", async () => {
    const id = await placed("dana", "analytics", "flights", 1);
    const sam = await stand.as("sam");
    const drift = async (differences: (typeof difference)[]) => {
      const observed = runningNode("nnode1", { audit: { at: new Date().toISOString(), differences } });
      await stand.db.node.updateMany({ data: { observed: JSON.parse(JSON.stringify(observed)) } });
      const [node] = (await sam.clusters.get({ tenant: "analytics", cluster: id })).nodes;
      const [onHost] = (await sam.hosts.get({ host: "this-host" })).nodeList;
      const attention = (await sam.site.overview()).attention.filter(({ title }) => title.startsWith("Container"));
      return { differences: node?.audit?.differences, drift: onHost?.drift, attention };
    };
    const altered = await drift([difference]);
    assert.deepEqual([altered.differences, altered.drift], [[difference], "memory 2048 MB → 4096 MB"]);
    assert.deepEqual(altered.attention, [
      {
        title: "Container of kindling-1 in flights of Analytics",
        detail: "not as approved on this-host: memory 2048 MB → 4096 MB",
        href: `/t/analytics/clusters/${id}`,
      },
    ]);
    assert.deepEqual(await drift([]), { differences: [], drift: null, attention: [] });
  });

  it("what runs with a set that its tenant may not use any more is named until its next start", async () => {
    const id = await placed("dana", "analytics", "flights", 1);
    const sam = await stand.as("sam");
    const attention = async () => (await sam.site.overview()).attention.filter(({ detail }) => detail.includes("capability set"));
    assert.deepEqual(await attention(), []);
    await stand.db.node.updateMany({ data: { capabilitySet: "tools" } });
    assert.match((await attention())[0]?.detail ?? "", /^still runs with the capability set Tools, which the tenant may not use any more/);
    assert.equal((await sam.clusters.get({ tenant: "analytics", cluster: id })).rights.next, "Default from its next start on");
  });
});
