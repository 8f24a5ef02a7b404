import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { knowsCopies } from "../../../agents/protocol/copy.ts";
import { hear } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";

describe("hosts, as their administrator has them", () => {
  let stand: Stand;
  let sam: Awaited<ReturnType<Stand["as"]>>;
  const host = "this-host";
  before(async () => {
    stand = await startStand();
    sam = await stand.as("sam");
  });
  after(() => stand.stop());
  beforeEach(async () => {
    await stand.db.address.deleteMany({ where: { nodeId: { not: null } } });
    await stand.db.node.deleteMany();
    await stand.db.cluster.deleteMany();
    await stand.db.volume.deleteMany();
    await stand.db.host.deleteMany({ where: { name: { not: host }, endpoint: { startsWith: "https" } } });
    await stand.db.host.updateMany({ data: { mode: "active", fencedAt: null, tags: [], tenantId: null, drainData: null } });
    await hear(stand.db);
  });
  const other = (name: string, more: object = {}) =>
    stand.db.host.create({ data: { id: `h${name.replaceAll("-", "")}`, name, endpoint: "https://192.0.2.9:8000", ...more } });
  const view = async (name = host) => (await sam.hosts.list()).find((row) => row.name === name);

  it("takes no new nodes, is drained, in maintenance, and takes nodes again, each told and audited", async () => {
    await sam.hosts.cordon({ host });
    assert.equal((await view())?.mode, "cordoned");
    await sam.hosts.maintenance({ host });
    assert.match((await view())?.reason ?? "", /maintenance/);
    await sam.hosts.drain({ host, data: "keep" });
    assert.deepEqual([(await view())?.mode, (await view())?.progress], ["draining", "drained: no node is left"]);
    await sam.hosts.activate({ host });
    assert.deepEqual([(await view())?.mode, (await view())?.progress, (await view())?.reason], ["active", null, null]);
    const { events } = await sam.hosts.get({ host });
    assert.deepEqual(
      events.slice(0, 4).map((event) => event.kind),
      ["mode", "drain", "mode", "mode"],
    );
    const audited = await stand.db.audit.findMany({ where: { resource: { startsWith: "host:" } }, orderBy: { id: "asc" } });
    assert.deepEqual(
      audited.slice(0, 4).map((row) => row.action),
      ["host.cordon", "host.maintenance", "host.drain", "host.activate"],
    );
  });

  it("says how many nodes move in words, one of them too", async () => {
    const { id } = await (await stand.as("dana")).clusters.create({ tenant: "analytics", name: "single", workerCount: 0 });
    const { id: hostId } = await stand.db.host.findFirstOrThrow({ where: { name: host } });
    const volume = { id: "vsingle", tenantId: stand.tenantId("analytics"), hostId, name: "kindling-1", sizeMb: 1024, state: "attached" };
    await stand.db.volume.create({ data: volume });
    await stand.db.node.create({
      data: {
        ...{ id: "nsingle", clusterId: id, hostId, number: 1, name: "kindling-1", role: "master", imageTag: "kindling/spark:1" },
        ...{ vcpus: 1, memoryMb: 2048, rootGb: 20, dataMb: 1024, volumeId: "vsingle" },
      },
    });
    const segment = await stand.db.segment.findFirstOrThrow({ where: { tenant: { slug: "analytics" } } });
    await stand.db.address.create({ data: { ip: "10.35.192.10", segmentId: segment.id, nodeId: "nsingle" } });
    const stays = [{ nodes: ["kindling-1"], reason: "there is no other host" }];
    assert.deepEqual((await sam.hosts.get({ host })).staying, stays, "which is said before anybody drains it");
    await sam.hosts.drain({ host, data: "keep" });
    assert.match((await view())?.progress ?? "", /^draining, 0 of 1 node moved; single waits: there is no other host$/);
    const told = async () => (await sam.hosts.get({ host })).events[0]?.message ?? "";
    assert.match(await told(), /began to drain it: 1 node, /);
    await hear(stand.db, { at: new Date(Date.now() - 60_000) });
    await sam.hosts.declareLost({ host, confirm: host });
    assert.match(await told(), /gave it up as lost; 1 node moves elsewhere\.$/);
  });

  it("copies /data along unless an agent is older than that, which it says with what to do, and changes nothing", async () => {
    await assert.rejects(
      sam.hosts.drain({ host }),
      /The agent of this-host is older than copies of \/data\. Install the agent again, or drain/,
    );
    assert.match((await sam.hosts.get({ host })).copying.refusal ?? "", /older than copies/);
    assert.equal((await view())?.mode, "active");
    await hear(stand.db, { understands: [knowsCopies] });
    await other("host-2");
    await assert.rejects(sam.hosts.drain({ host, data: "copy" }), /the agent of host-2 is older than copies\. Install one of them again/);
    const { observed } = await stand.db.host.findFirstOrThrow({ where: { name: host } });
    await other("host-3", { observed: JSON.parse(JSON.stringify(observed)), mode: "cordoned" });
    await assert.rejects(sam.hosts.drain({ host, data: "copy" }), /older than copies/);
    await stand.db.host.updateMany({ where: { name: "host-3" }, data: { mode: "active" } });
    assert.equal((await sam.hosts.get({ host })).copying.refusal, null);
    await sam.hosts.drain({ host });
    const seen = await sam.hosts.get({ host });
    assert.deepEqual([seen.mode, seen.settings.drainData], ["draining", "copy"]);
    assert.match(seen.events[0]?.message ?? "", /their \/data goes along/);
    await sam.hosts.activate({ host });
    assert.deepEqual((await sam.hosts.get({ host })).settings.drainData, null);
  });

  it("has tags, a tenant of its own, an address and memory for itself", async () => {
    await sam.hosts.configure({
      host,
      tags: ["ssd", "gpu", "ssd"],
      tenant: "research",
      address: "192.0.2.7",
      vlanParent: "eth1",
      reservedMemoryMb: 2048,
    });
    const seen = await sam.hosts.get({ host });
    assert.deepEqual([seen.tags, seen.tenant, seen.address, seen.settings.vlanParent], [["gpu", "ssd"], "research", "192.0.2.7", "eth1"]);
    assert.equal(seen.memoryMb.total, 17_408 - 2048);
    await sam.hosts.configure({ host, tags: [], tenant: null, address: null, vlanParent: null, reservedMemoryMb: 1024 });
    assert.deepEqual([(await view())?.tenant, (await view())?.address], [null, null]);
    await assert.rejects(sam.hosts.configure({ host, tenant: "nobody" }), /no tenant nobody/);
    await other("host-2", { address: "192.0.2.9" });
    await assert.rejects(sam.hosts.configure({ host, address: "192.0.2.9" }), /host-2 has the address/);
  });

  it("is given up as lost only while it is silent, and by its name", async () => {
    await assert.rejects(sam.hosts.declareLost({ host, confirm: host }), /was heard \d s ago: it is not lost/);
    await hear(stand.db, { at: new Date(Date.now() - 60_000) });
    await assert.rejects(sam.hosts.declareLost({ host, confirm: "host" }), /Type the host's name, this-host/);
    await sam.hosts.declareLost({ host, confirm: host });
    assert.match((await view())?.reason ?? "", /given up as lost/);
    await assert.rejects(sam.hosts.declareLost({ host, confirm: host }), /already/);
    await assert.rejects(sam.hosts.drain({ host, data: "keep" }), /move without draining/);
    const [event] = (await sam.hosts.get({ host })).events;
    assert.equal(event?.kind, "fenced");
    // It came back for one picture and is silent again since.
    const fencedAt = new Date(Date.now() - 120_000);
    await stand.db.host.updateMany({ data: { fencedAt } });
    await sam.hosts.declareLost({ host, confirm: host });
    const again = await stand.db.host.findFirstOrThrow({ where: { name: host } });
    assert.ok((again.fencedAt ?? fencedAt) > fencedAt);
  });

  it("goes when it is empty, says what is still there, and takes volumes along only when it is lost", async () => {
    await assert.rejects(sam.hosts.remove({ host, confirm: host }), /the platform's own machine/);
    const { id: hostId } = await other("host-2");
    const volume = { id: "vkept9", tenantId: stand.tenantId("analytics"), hostId, name: "kindling-9", sizeMb: 100, state: "kept" };
    await stand.db.volume.create({ data: volume });
    await assert.rejects(sam.hosts.remove({ host: "host-2", confirm: "host-2" }), /still holds 1 volume/);
    await stand.db.host.update({ where: { id: hostId }, data: { fencedAt: new Date() } });
    await assert.rejects(sam.hosts.remove({ host: "host-2", confirm: "" }), /1 volume on it would be forgotten/);
    const segment = await stand.db.segment.findFirstOrThrow();
    await stand.db.address.create({ data: { ip: "10.35.192.250", segmentId: segment.id, hostId } });
    await stand.db.volume.create({
      data: { ...volume, id: "vdata4", name: "kindling-4", tenantId: stand.tenantId("research"), state: "deleting" },
    });
    await sam.hosts.remove({ host: "host-2", confirm: "host-2" });
    const forgotten = await stand.db.audit.findMany({ where: { action: "volume.forget" } });
    assert.deepEqual(
      forgotten.map(({ tenantId, resource, resourceName, detail }) => ({ tenantId, resource, resourceName, detail })),
      [
        {
          ...{ tenantId: stand.tenantId("analytics"), resource: "volume:vkept9", resourceName: "kindling-9" },
          detail: { what: "lost with the host host-2, which was removed" },
        },
      ],
    );
    assert.deepEqual([await stand.db.host.count({ where: { id: hostId } }), await stand.db.volume.count()], [0, 0]);
    const freed = await stand.db.address.findUniqueOrThrow({ where: { ip: "10.35.192.250" } });
    assert.deepEqual([freed.hostId, freed.freedAt !== null], [null, true]);
    await stand.db.address.deleteMany();
    await assert.rejects(sam.hosts.remove({ host: "host-2", confirm: "host-2" }), /no such host/);
  });

  it("says what becomes of its nodes when its certificate is revoked", async () => {
    const said = async (name: string, moveAfterSeconds: number | null): Promise<string> => {
      await sam.site.setSettings({ moveAfterSeconds });
      await other(name, { certificate: "aa" });
      await sam.enrolment.revoke({ host: name, confirm: name });
      return (await sam.hosts.get({ host: name })).events[0]?.message ?? "";
    };
    assert.match(await said("host-2", 120), /120 s.*move elsewhere/);
    assert.match(await said("host-3", null), /goes on/);
  });

  it("tells what it is and what a missing ability means, and where it stands among the others", async () => {
    const seen = await sam.hosts.get({ host });
    assert.equal(seen.facts?.engine, "Docker 20.10.24, API 1.41, overlay2, cgroup v1");
    assert.match(seen.abilities.find((row) => row.id === "vxlan")?.means ?? "", /are not placed here/);
    const drawn = await sam.hosts.topology();
    assert.deepEqual(
      drawn.hosts.map((row) => row.name),
      [host],
    );
    assert.deepEqual(
      drawn.segments.map((row) => drawn.tenants[row.tenant]?.slug),
      ["analytics", "research"],
    );
  });
});
