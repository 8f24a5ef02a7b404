import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { ConflictError } from "../../planner/apply.ts";
import { hear } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";
import { prismaStore } from "../../reconciler/store/prisma.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import { lockSegment } from "./delete.ts";

/** Until somebody waits for a row that another has locked, or there is nobody left who could. */
async function untilWaiting(db: Stand["db"], over: () => boolean): Promise<void> {
  for (let waiting = 0n; waiting === 0n && !over(); ) {
    const [row] = await db.$queryRaw<{ waiting: bigint }[]>`
      SELECT count(*) AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    waiting = row?.waiting ?? 0n;
  }
}

describe("segments of tenants", () => {
  let stand: Stand;
  let sam: Awaited<ReturnType<Stand["as"]>>;
  before(async () => {
    stand = await startStand();
    sam = await stand.as("sam");
    await hear(stand.db);
  });
  after(() => stand.stop());
  beforeEach(async () => {
    await stand.db.cluster.deleteMany();
    await stand.db.address.deleteMany();
    await stand.db.segment.deleteMany({ where: { name: { notIn: ["analytics", "research"] } } });
    await sam.site.setSettings({ vlanPool: "100-101", vniPool: "7000" });
  });
  const find = async (id: string) => (await sam.segments.list()).find((row) => row.id === id);
  const make = (more: Partial<Parameters<typeof sam.segments.create>[0]> = {}) =>
    sam.segments.create({ owner: "analytics", name: "second", ...more });

  it("come out of the pool, with the next VLAN id or VNI", async () => {
    const first = await find((await make({ uplink: "vlan" })).id);
    assert.deepEqual([first?.cidr, first?.uplinkWords, first?.addresses.size], ["10.35.194.0/24", "VLAN 100", 248]);
    const second = await find((await make({ name: "third", uplink: "vxlan", bits: 26 })).id);
    assert.deepEqual([second?.cidr, second?.uplinkWords, second?.effectiveMtu], ["10.35.195.0/26", "VXLAN 7000", 1450]);
    assert.equal((await find((await make({ name: "fourth", uplink: "vlan" })).id))?.number, 101);
    await assert.rejects(make({ name: "fifth", uplink: "vlan" }), /pool of VLAN ids, 100-101, is used up/);
    await assert.rejects(make({ name: "fifth", uplink: "vxlan" }), /pool of VNIs, 7000, is used up/);
    assert.equal((await find((await make({ name: "fifth", uplink: "vlan", vlanId: 300 })).id))?.number, 300);
  });

  it("may have a subnet of one's own that overlaps nothing", async () => {
    const made = await find((await make({ cidr: "192.168.8.0/22", reserved: ["192.168.8.2-192.168.8.9"], dns: ["192.0.2.53"] })).id);
    assert.equal(made?.addresses.size, 1024 - 2 - 1 - 20 - 8);
    await assert.rejects(make({ name: "b", cidr: "192.168.10.0/24" }), /overlaps 192\.168\.8\.0\/22, the segment second of analytics/);
    await assert.rejects(make({ name: "b", cidr: "10.35.192.0/18" }), /overlaps 10\.35\.192\.0\/24/);
    await assert.rejects(make({ name: "b", cidr: "192.168.20.1/24" }), /begins at its first address/);
    await assert.rejects(make({ name: "b", cidr: "192.168.20.0/29" }), /between 16 and 28 bits/);
  });

  it("are never what every machine, or a host, takes for something else", async () => {
    for (const cidr of ["127.0.0.0/24", "169.254.0.0/16", "224.0.0.0/24", "255.255.255.0/24", "0.0.0.0/16"])
      await assert.rejects(make({ cidr }), new RegExp(`The subnet ${cidr.replaceAll(".", "\\.")} lies in .*Choose another`), cidr);
    await assert.rejects(make({ cidr: "banana" }), /first address and its bits, for example 10\.1\.2\.0\/24/);
    await assert.rejects(make({ dns: ["192.0.2.53", "ns1"] }), /Write an IPv4 address/);
    const host = await stand.db.host.findFirstOrThrow();
    await stand.db.host.update({ where: { id: host.id }, data: { address: "192.168.77.9" } });
    await assert.rejects(make({ cidr: "192.168.77.0/24" }), new RegExp(`host ${host.name} has the address 192\\.168\\.77\\.9`));
    await stand.db.host.update({ where: { id: host.id }, data: { address: null } });
    await hear(stand.db, { links: [{ name: "eth0", addresses: ["192.168.78.9"], mtu: 1500 }] });
    await assert.rejects(make({ cidr: "192.168.78.0/24" }), /has the address 192\.168\.78\.9/);
    await hear(stand.db, {
      networks: [
        { link: "docker0", cidr: "172.17.0.0/16", direct: true },
        { link: "eth0", cidr: "10.0.0.0/8", direct: false },
        { link: "tun0", cidr: "192.168.90.8/30", direct: false },
        { link: "br-1", cidr: "10.35.192.0/21", direct: true },
      ],
    });
    await assert.rejects(make({ cidr: "172.17.5.0/24" }), (error: unknown) => {
      assert.match(
        String(error),
        /172\.17\.5\.0\/24 overlaps 172\.17\.0\.0\/16, which the host .* has at its link docker0\. Choose another/,
      );
      return true;
    });
    await assert.rejects(make({ name: "b", cidr: "192.168.90.0/24" }), /overlaps 192\.168\.90\.8\/30, .* tun0/);
    // What lies beyond a router stays reachable around the segment, and the pool goes on after what hosts have.
    await make({ name: "c", cidr: "10.77.0.0/24" });
    const { id } = await make({ name: "d" });
    assert.equal((await find(id))?.cidr, "10.35.200.0/24");
    await hear(stand.db, { networks: [{ link: "eth0", cidr: "10.0.0.0/8", direct: true }] });
    await make({ name: "e" });
    await assert.rejects(make({ name: "f", cidr: "10.78.0.0/24" }), /overlaps 10\.0\.0\.0\/8, .* eth0/);
    await hear(stand.db);
    await make({ name: "g", cidr: "192.168.77.0/24" });
  });

  it("reserve addresses of their own only", async () => {
    await assert.rejects(
      make({ cidr: "192.168.8.0/24", reserved: ["192.168.9.2-192.168.9.9"] }),
      /lies outside of the subnet 192\.168\.8\.0\/24/,
    );
    const { id } = await make({ cidr: "192.168.8.0/24", reserved: ["192.168.8.250-192.168.8.255"] });
    await assert.rejects(sam.segments.edit({ segment: id, reserved: ["192.168.8.250-192.168.9.1"] }), /lies outside of the subnet/);
    assert.deepEqual((await find(id))?.reserved, ["192.168.8.250-192.168.8.255"]);
  });

  it("refuse a taken name, a taken number, one without its uplink, an unknown tenant", async () => {
    await make({ uplink: "vlan", vlanId: 100 });
    await assert.rejects(make(), /already has a segment named second/);
    await assert.rejects(make({ name: "b", uplink: "vlan", vlanId: 100 }), /VLAN id 100 is the segment second's of analytics/);
    await assert.rejects(make({ name: "b", vlanId: 5 }), /needs the uplink vlan/);
    await assert.rejects(make({ owner: "nobody", name: "b" }), /no tenant nobody/);
  });

  it("give a subnet and a number to one of two who ask at once", async () => {
    const asked = await Promise.allSettled(["a", "b", "c", "d"].map((name) => make({ name, uplink: "vlan" })));
    assert.equal(asked.filter(({ status }) => status === "fulfilled").length, 2);
    const rows = await stand.db.segment.findMany({ where: { uplink: "vlan" } });
    assert.equal(new Set(rows.map((row) => row.cidr)).size, 2);
  });

  it("change name servers, MTU and what is reserved", async () => {
    const { id } = await make();
    await sam.segments.edit({ segment: id, dns: ["192.0.2.1"], mtu: 9000, reserved: ["10.35.194.5"] });
    const seen = await find(id);
    assert.deepEqual([seen?.dns, seen?.mtu, seen?.reserved, seen?.addresses.size], [["192.0.2.1"], 9000, ["10.35.194.5"], 247]);
    await assert.rejects(sam.segments.edit({ segment: id, reserved: ["somewhere"] }), /single addresses or ranges/);
    await assert.rejects(sam.segments.edit({ segment: "gnobody", mtu: 1400 }), /no such segment/);
  });

  it("go only when nobody uses them", async () => {
    const { id } = await make();
    await assert.rejects(sam.segments.delete({ segment: id, confirm: "x" }), /Type its name, second/);
    const { id: hostId } = await stand.db.host.findFirstOrThrow();
    await stand.db.address.create({ data: { ip: "10.35.194.254", segmentId: id, hostId } });
    await assert.rejects(sam.segments.delete({ segment: id, confirm: "second" }), /still being taken down on this-host/);
    await stand.db.address.deleteMany();
    const made = await (await stand.as("dana")).clusters.create({ tenant: "analytics", name: "flights" });
    await stand.db.cluster.update({ where: { id: made.id }, data: { segmentId: id } });
    await assert.rejects(sam.segments.delete({ segment: id, confirm: "second" }), /used by flights/);
    await stand.db.cluster.deleteMany();
    await sam.segments.delete({ segment: id, confirm: "second" });
    assert.equal(await find(id), undefined);
  });

  it("wait for a plan that is being written: whoever got an address there keeps its segment", async () => {
    const { id } = await make();
    const { id: hostId } = await stand.db.host.findFirstOrThrow();
    const ip = "10.35.194.254";
    await stand.db.address.create({ data: { ip, segmentId: id, freedAt: new Date(0) } });
    const rows = await loadSnapshot(stand.db);
    const take = { op: "takeGateway" as const, ip, segmentId: id, hostId };
    const store = prismaStore(stand.db, () => ({ sparkAuth: "", jupyterToken: "" }));
    // The deletion has looked, and found nobody; the plan must not be written before it is over.
    const deleted = await stand.db.$transaction(async (tx) => {
      await lockSegment(tx, id);
      let over = false;
      const commit = store.commit(rows, { changes: [take], basis: [] }, false).then(
        () => "written",
        (error: unknown) => (error instanceof ConflictError ? "refused" : String(error)),
      );
      void commit.finally(() => {
        over = true;
      });
      await untilWaiting(stand.db, () => over);
      await tx.address.deleteMany({ where: { segmentId: id, freedAt: { not: null } } });
      await tx.segment.delete({ where: { id } });
      return { commit };
    });
    assert.equal(await deleted.commit, "refused");
    assert.equal(await find(id), undefined);
  });

  it("are chosen for no new cluster while they are being deleted", async () => {
    const { id } = await make();
    const dana = await stand.as("dana");
    const asked = await stand.db.$transaction(async (tx) => {
      await lockSegment(tx, id);
      let over = false;
      const made = dana.clusters.create({ tenant: "analytics", name: "late", segment: "second" }).then(
        () => "made",
        (error: unknown) => String(error),
      );
      void made.finally(() => {
        over = true;
      });
      await untilWaiting(stand.db, () => over);
      await tx.segment.delete({ where: { id } });
      return { made };
    });
    assert.match(await asked.made, /The segment second was deleted a moment ago\. Choose another\./);
    assert.equal(await stand.db.cluster.count(), 0);
  });

  it("never take an address in use along", async () => {
    const { id } = await make();
    const { id: hostId } = await stand.db.host.findFirstOrThrow();
    await stand.db.address.create({ data: { ip: "10.35.194.254", segmentId: id, hostId } });
    await assert.rejects(stand.db.segment.delete({ where: { id } }));
    await stand.db.address.updateMany({ data: { hostId: null, freedAt: new Date() } });
    await sam.segments.delete({ segment: id, confirm: "second" });
    assert.deepEqual(await stand.db.address.findMany({ where: { segmentId: id } }), []);
  });

  it("the site says how nodes are laid out and when those of a lost host move", async () => {
    await sam.site.setSettings({ placement: "pack", moveAfterSeconds: 120 });
    const seen = await sam.site.settings();
    assert.deepEqual([seen.placement, seen.moveAfterSeconds, seen.vlanPool], ["pack", 120, "100-101"]);
    await assert.rejects(sam.site.setSettings({ moveAfterSeconds: 10 }), /at least 60 seconds/);
    await assert.rejects(sam.site.setSettings({ vlanPool: "4095" }), /between 1 and 4094/);
    await sam.site.setSettings({ moveAfterSeconds: null });
    assert.equal((await sam.site.settings()).moveAfterSeconds, null);
  });

  it("which lease a host holds is not known after another wait was set, until it shows it", async () => {
    const held = async (): Promise<unknown> => (await loadSnapshot(stand.db)).hosts.map((host) => host.observed?.leaseSeconds);
    await sam.site.setSettings({ moveAfterSeconds: 120 });
    await hear(stand.db, { leaseSeconds: 45 });
    await sam.site.setSettings({ moveAfterSeconds: 120, placement: "spread" });
    assert.deepEqual(await held(), [45]);
    await sam.site.setSettings({ moveAfterSeconds: 300 });
    assert.deepEqual(await held(), [null]);
    await sam.site.setSettings({ moveAfterSeconds: null });
  });
});
