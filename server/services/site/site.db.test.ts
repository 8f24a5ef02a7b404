import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ImageObservation } from "../../../agents/protocol/observed.ts";
import { hear } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";

describe("what a site administrator sees", () => {
  let stand: Stand;
  let sam: Awaited<ReturnType<Stand["as"]>>;
  before(async () => {
    stand = await startStand();
    sam = await stand.as("sam");
  });
  after(() => stand.stop());

  it("a host that was never heard of, first", async () => {
    const { hosts, attention } = await sam.site.overview();
    assert.deepEqual([hosts[0]?.state, hosts[0]?.heardAt, hosts[0]?.engine], ["silent", null, null]);
    assert.match(attention[0]?.detail ?? "", /has not been heard of yet/);
  });

  it("a host's room, Docker's version, and that it is silent or without Docker", async () => {
    await hear(stand.db, { cpus: 2, memoryMb: 9216 });
    const [host] = await sam.site.hosts();
    assert.deepEqual(
      [host?.state, host?.vcpus, host?.memoryMb, host?.engine],
      ["ready", { used: 0, total: 8 }, { used: 0, total: 8192 }, "Docker 20.10.24"],
    );
    assert.deepEqual((await sam.site.overview()).attention, []);
    await hear(stand.db, { engine: false });
    assert.equal((await sam.site.hosts())[0]?.reason, "Docker is not running");
    await hear(stand.db, { at: new Date(Date.now() - 40_000) });
    assert.match((await sam.site.hosts())[0]?.reason ?? "", /^this-host silent 4\d s$/);
    await hear(stand.db);
  });

  it("each image on each host, and how its build ended", async () => {
    const distribution = await stand.db.distribution.findUniqueOrThrow({ where: { id: "utility" } });
    const { id: hostId } = await stand.db.host.findFirstOrThrow();
    const observed: ImageObservation = {
      ...{ bundle: "utility", tag: distribution.imageTag, state: "failed", progress: null, sizeMb: null },
      ...{ startedAt: "2026-03-01T12:00:00.000Z", endedAt: "2026-03-01T12:00:30.000Z" },
      fault: { code: "image_build_failed", message: "The mirror does not answer.", retryable: true },
    };
    await stand.db.image.create({ data: { hostId, tag: distribution.imageTag, bundle: "utility", observed } });
    const images = await sam.site.images();
    assert.deepEqual(
      images.map(({ id, host, image }) => [id, host, image.state, image.reason, image.seconds]),
      [
        ["spark-3-5-jupyter", "this-host", "absent", null, null],
        ["utility", "this-host", "failed", "The mirror does not answer.", 30],
      ],
    );
    assert.equal((await sam.catalogue.imageLog({ tenant: "analytics", distribution: "utility" })).text, "Step 1 of 9\n");
    await assert.rejects(sam.catalogue.imageLog({ tenant: "analytics", distribution: "nothing" }), /no such distribution/);
    await sam.siteTenants.edit({ tenant: "analytics", distributions: ["spark-3-5-jupyter"] });
    const dana = await stand.as("dana");
    await assert.rejects(dana.catalogue.imageLog({ tenant: "analytics", distribution: "utility" }), /no such distribution/);
    await dana.catalogue.imageLog({ tenant: "analytics", distribution: "spark-3-5-jupyter" });
    await sam.siteTenants.edit({ tenant: "analytics", distributions: null });
  });

  it("a cluster that waits, with why and the way to it", async () => {
    const { id } = await (await stand.as("dana")).clusters.create({ tenant: "analytics", name: "waits" });
    assert.deepEqual((await sam.site.overview()).attention, []);
    await stand.db.cluster.update({ where: { id }, data: { refusal: { message: "needs 12 GB on one host", lacking: "memory" } } });
    assert.deepEqual((await sam.site.overview()).attention, [
      { title: "Cluster waits of Analytics", detail: "queued: needs 12 GB on one host", href: `/t/analytics/clusters/${id}` },
    ]);
  });

  it("tenants with their segments, and everybody's volumes", async () => {
    const tenants = await sam.site.tenants();
    assert.deepEqual(
      tenants.map(({ slug, name, clusters, members, segment }) => ({ slug, name, clusters, members, segment })),
      [
        { slug: "analytics", name: "Analytics", clusters: 1, members: 2, segment: "10.35.192.0/24" },
        { slug: "research", name: "Research", clusters: 0, members: 1, segment: "10.35.193.0/24" },
      ],
    );
    const { id: hostId } = await stand.db.host.findFirstOrThrow();
    const volume = {
      hostId,
      name: "kindling-3",
      sizeMb: 2048,
      state: "kept",
      origin: "cluster old",
      keptAt: new Date(0),
      ownerId: "urhea",
    };
    await stand.db.volume.create({ data: { id: "vkept1", tenantId: stand.tenantId("research"), ...volume } });
    const found = await sam.site.volumes({});
    assert.deepEqual(found.all, { volumes: 1, kept: 1, sizeMb: 2048 });
    assert.deepEqual(found.rows, [
      {
        ...{ id: "vkept1", name: "kindling-3", sizeMb: 2048, usedMb: null, state: "kept", origin: "cluster old", host: "this-host" },
        ...{ keptAt: "1970-01-01T00:00:00.000Z", tenant: "research", owner: "rhea" },
      },
    ]);
    assert.deepEqual(await (await stand.as("dana")).volumes.list({ tenant: "analytics" }), []);

    const newer = { ...volume, name: "kindling-4", state: "attached", ownerId: "udana", origin: "50%_done" };
    await stand.db.volume.create({ data: { id: "vused1", tenantId: stand.tenantId("analytics"), ...newer } });
    const first = await sam.site.volumes({ limit: 1 });
    const second = await sam.site.volumes({ limit: 1, cursor: first.next ?? "" });
    assert.deepEqual(
      [first, second].map(({ rows, total, next }) => [rows[0]?.name, total, next]),
      [
        ["kindling-3", 2, "1"],
        ["kindling-4", 2, null],
      ],
    );
    for (const [q, names] of [
      ["Rhea", ["kindling-3"]],
      ["analytics", ["kindling-4"]],
      ["kindling-", ["kindling-3", "kindling-4"]],
      ["0%_d", ["kindling-4"]],
      ["%", ["kindling-4"]],
      ["nothing", []],
    ] as const)
      assert.deepEqual(
        (await sam.site.volumes({ q })).rows.map(({ name }) => name),
        names,
        q,
      );
  });

  it("every action in order, a page at a time, and nobody can change what was written", async () => {
    for (let n = 0; n < 55; n += 1) {
      const at = { actorName: "x", action: "session.open", resource: "user:x" };
      await stand.db.audit.create({ data: at });
    }
    const first = await sam.site.audit({});
    assert.equal(first.rows.length, 50);
    const second = await sam.site.audit({ cursor: first.next ?? "" });
    assert.equal(first.rows.length + second.rows.length, first.total);
    assert.equal(new Set([...first.rows, ...second.rows].map(({ id }) => id)).size, first.total);
    await assert.rejects(stand.db.audit.updateMany({ data: { actorName: "y" } }), /append-only/);
    await assert.rejects(stand.db.audit.deleteMany(), /append-only/);
  });
});
