import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TRPCError } from "@trpc/server";
import { createCaller } from "../../api/root.ts";
import { loadActor } from "../../auth/actor.ts";
import { hear } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";

describe("whose a kept volume is", () => {
  let stand: Stand;
  const tenant = "analytics";
  before(async () => {
    stand = await startStand();
    const tenantId = stand.tenantId(tenant);
    await stand.db.user.create({
      data: { id: "umate", username: "mate", displayName: "Mate", dn: "x", memberships: { create: { tenantId, role: "member" } } },
    });
    const hostId = await hear(stand.db);
    const kept = (id: string, name: string, ownerId: string | null) =>
      stand.db.volume.create({ data: { id, name, ownerId, tenantId, hostId, sizeMb: 2048, state: "kept", keptAt: new Date() } });
    await kept("vdana1", "kindling-1", "udana");
    await kept("vmate1", "kindling-2", "umate");
    await kept("vold01", "kindling-3", null);
  });
  after(() => stand.stop());

  const mate = async () =>
    createCaller(stand.parts.context(await loadActor(stand.db, "umate", { sessionId: "s", tokenId: null, ip: null }), null));
  const refusal = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof TRPCError, "it was not refused");
    return { code: error.code, message: error.message };
  };
  const seen = async (list: Promise<{ id: string; owner: string | null }[]>) => (await list).map(({ id, owner }) => [id, owner]);

  it("is shown to its owner; all of them, also those that nobody owns, to administrators", async () => {
    assert.deepEqual(await seen((await stand.as("dana")).volumes.list({ tenant })), [["vdana1", "dana"]]);
    assert.deepEqual(await seen((await mate()).volumes.list({ tenant })), [["vmate1", "Mate"]]);
    for (const admin of ["tina", "sam"] as const)
      assert.deepEqual(await seen((await stand.as(admin)).volumes.list({ tenant })), [
        ["vdana1", "dana"],
        ["vmate1", "Mate"],
        ["vold01", null],
      ]);
  });

  it("makes it unknown to other members: they can neither delete nor use it, nor tell it from none", async () => {
    const other = await mate();
    for (const [volume, confirm] of [
      ["vdana1", "kindling-1"],
      ["vold01", "kindling-3"],
    ] as const) {
      assert.deepEqual(
        await refusal(other.volumes.delete({ tenant, volume, confirm })),
        await refusal(other.volumes.delete({ tenant, volume: "vnothing", confirm })),
      );
      for (const verb of ["create", "fit"] as const)
        assert.deepEqual(
          await refusal(other.clusters[verb]({ tenant, name: "mine", dataVolume: volume })),
          await refusal(other.clusters[verb]({ tenant, name: "mine", dataVolume: "vnothing" })),
        );
    }
    assert.equal(await stand.db.cluster.count(), 0);
    assert.equal(await stand.db.volume.count({ where: { state: "kept" } }), 3);
  });

  it("lets its owner use it, and an administrator delete what nobody owns", async () => {
    const { id } = await (await stand.as("dana")).clusters.create({ tenant, name: "again", dataVolume: "vdana1" });
    assert.equal((await stand.db.cluster.findUniqueOrThrow({ where: { id } })).dataVolumeId, "vdana1");
    await (await stand.as("tina")).volumes.delete({ tenant, volume: "vold01", confirm: "kindling-3" });
    assert.equal((await stand.db.volume.findUniqueOrThrow({ where: { id: "vold01" } })).state, "deleting");
  });

  it("follows the cluster whose node uses it, and stays so when the node is gone", async () => {
    const cluster = await stand.db.cluster.findFirstOrThrow({ where: { name: "again" } });
    const size = { vcpus: 1, memoryMb: 2048, rootGb: 20, dataMb: 2048, imageTag: "kindling/spark:test" };
    const { hostId } = await stand.db.volume.findUniqueOrThrow({ where: { id: "vmate1" } });
    await stand.db.node.create({
      data: { id: "nmate1", clusterId: cluster.id, hostId, number: 2, name: "kindling-2", role: "master", volumeId: "vmate1", ...size },
    });
    const owner = async () => (await stand.db.volume.findUniqueOrThrow({ where: { id: "vmate1" } })).ownerId;
    assert.equal(await owner(), "udana");
    await stand.db.node.delete({ where: { id: "nmate1" } });
    assert.equal(await owner(), "udana");
  });
});
