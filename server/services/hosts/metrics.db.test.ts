import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Stand, startStand } from "../../portal/testing/stand.ts";

describe("the last hour of usage", () => {
  let stand: Stand;
  let endpoint: string;
  let cluster: string;
  before(async () => {
    stand = await startStand();
    endpoint = `unix:${stand.env.KINDLING_RUN}/agent`;
    const dana = await stand.as("dana");
    cluster = (await dana.clusters.create({ tenant: "analytics", name: "flights" })).id;
    const { id: hostId } = await stand.db.host.findFirstOrThrow();
    const tenantId = stand.tenantId("analytics");
    await stand.db.volume.create({ data: { id: "vmaster", tenantId, hostId, name: "kindling-1", sizeMb: 64, state: "attached" } });
    const size = { vcpus: 1, memoryMb: 1024, rootGb: 20, dataMb: 64, imageTag: "image" };
    await stand.db.node.create({
      data: { id: "nmaster", clusterId: cluster, hostId, number: 1, name: "kindling-1", role: "master", volumeId: "vmaster", ...size },
    });
  });
  after(() => stand.stop());

  it("of a host is asked of that host, for site administrators", async () => {
    const { name } = await stand.db.host.findFirstOrThrow();
    const sam = await stand.as("sam");
    assert.deepEqual((await sam.metrics.host({ host: name })).memoryMb, [512, 600]);
    assert.deepEqual(stand.asked.pop(), ["metrics", endpoint, null]);
    await assert.rejects(sam.metrics.host({ host: "nobody" }), /no such host/);
    await assert.rejects((await stand.as("tina")).metrics.host({ host: name }), { code: "NOT_FOUND" });
  });

  it("of a node is its tenant's", async () => {
    const dana = await stand.as("dana");
    const ref = { tenant: "analytics", cluster, node: "nmaster" };
    assert.deepEqual((await dana.metrics.node(ref)).cpuCores, [0.5, 1]);
    assert.deepEqual(stand.asked.pop(), ["metrics", endpoint, "nmaster"]);
    await assert.rejects(dana.metrics.node({ ...ref, node: "nother" }), /no such node/);
    await assert.rejects((await stand.as("rhea")).metrics.node({ ...ref, tenant: "research" }), { code: "NOT_FOUND" });
    assert.deepEqual(stand.asked, []);
  });
});
