import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { demoBase } from "../../directory/accounts.ts";
import { newId } from "../../ids.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";
import { hostLabel, seed } from "./index.ts";
import { bridgeName, nextSubnet } from "./segment.ts";

describe("what the platform brings along", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand({ KINDLING_HOST_ID: "hthishost", KINDLING_INSTALLATION: "ithisinst" });
  });
  after(() => stand.stop());
  const again = (settings = {}) => seed(stand.db, { ...stand.env, ...settings }, newId, demoBase);
  const everything = async () =>
    JSON.stringify([
      await stand.db.installation.findMany(),
      await stand.db.tenant.findMany(),
      await stand.db.segment.findMany(),
      await stand.db.flavor.findMany({ orderBy: { position: "asc" } }),
      await stand.db.distribution.findMany(),
      await stand.db.groupMapping.findMany({ orderBy: { id: "asc" } }),
      await stand.db.host.findMany(),
    ]);

  it("is the same however often it starts, also twice at once", async () => {
    const before = await everything();
    await Promise.all([again(), again()]);
    assert.equal(await everything(), before);
  });

  it("has the reference's flavors, and smaller ones", async () => {
    const flavors = await (await stand.as("dana")).catalogue.flavors({ tenant: "analytics" });
    const sizes = new Map(flavors.map(({ name, vcpus, memoryMb, rootGb }) => [name, [vcpus, memoryMb, rootGb]]));
    assert.deepEqual(sizes.get("Small"), [1, 4096, 20]);
    assert.deepEqual(sizes.get("Medium"), [2, 6144, 20]);
    assert.deepEqual(sizes.get("Large"), [4, 8192, 20]);
    assert.deepEqual(sizes.get("Extra Large"), [4, 12288, 20]);
    assert.deepEqual(sizes.get("Extra Cores"), [8, 12288, 20]);
    assert.deepEqual(sizes.get("Extra Local Storage"), [4, 8192, 500]);
    assert.ok(flavors.filter(({ memoryMb }) => memoryMb <= 2048).length >= 2);
  });

  it("gives each tenant a network of its own out of the pool", async () => {
    const segments = await stand.db.segment.findMany({ orderBy: { cidr: "asc" } });
    assert.deepEqual(
      segments.map(({ cidr, gateway }) => [cidr, gateway]),
      [
        ["10.35.192.0/24", "10.35.192.254"],
        ["10.35.193.0/24", "10.35.193.254"],
      ],
    );
    for (const { bridge } of segments) assert.match(bridge, /^k[a-z][a-z0-9]{1,13}$/);
  });

  it("keeps what people changed", async () => {
    await stand.db.tenant.updateMany({ where: { slug: "analytics" }, data: { maxClusters: 3, name: "Analysis" } });
    await stand.db.flavor.update({ where: { slug: "tiny" }, data: { retired: true } });
    await again();
    const tenant = await stand.db.tenant.findUniqueOrThrow({ where: { slug: "analytics" } });
    assert.deepEqual([tenant.maxClusters, tenant.name], [3, "Analysis"]);
    assert.ok(!(await (await stand.as("dana")).catalogue.flavors({ tenant: "analytics" })).some(({ slug }) => slug === "tiny"));
  });

  it("takes a host's new address, and no database of another installation", async () => {
    await again({ KINDLING_RUN: "/run/elsewhere" });
    assert.equal((await stand.db.host.findUniqueOrThrow({ where: { id: "hthishost" } })).endpoint, "unix:/run/elsewhere/agent");
    await assert.rejects(again({ KINDLING_INSTALLATION: "iother" }), /belongs to the installation ithisinst/);
  });

  it("makes no demo tenants for a directory of one's own", async () => {
    await seed(stand.db, stand.env, newId, null);
    assert.equal(await stand.db.tenant.count(), 2);
  });
});

describe("names and subnets", () => {
  it("cuts the pool in order and says when it is used up", () => {
    assert.deepEqual(nextSubnet("10.0.0.0/22", []), { cidr: "10.0.0.0/24", gateway: "10.0.0.254" });
    assert.equal(nextSubnet("10.0.0.0/22", ["10.0.0.0/24", "10.0.2.0/24"]).cidr, "10.0.1.0/24");
    assert.equal(nextSubnet("10.35.200.0/18", []).cidr, "10.35.192.0/24");
    assert.throws(() => nextSubnet("10.0.0.0/24", ["10.0.0.0/24"]), /no free subnet left/);
  });
  it("fits bridges into the kernel's 15 characters", () => assert.equal(bridgeName("gabcdefghijkl2").length, 15));
  it("makes labels of machines' names", () => {
    assert.deepEqual(["Web_01.example.com", "10-0-0-1", "ÅÄÖ", "node-", "ok"].map(hostLabel), [
      "web-01",
      "this-host",
      "this-host",
      "node",
      "ok",
    ]);
  });
});
