import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { hear } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";

const tenant = "analytics";

describe("a flavor's life", () => {
  let stand: Stand;
  let sam: Awaited<ReturnType<Stand["as"]>>;
  let dana: Awaited<ReturnType<Stand["as"]>>;
  before(async () => {
    stand = await startStand();
    sam = await stand.as("sam");
    dana = await stand.as("dana");
    await hear(stand.db, { cpus: 16, memoryMb: 64_000 });
  });
  after(() => stand.stop());
  beforeEach(async () => {
    await stand.db.cluster.deleteMany();
    await stand.db.flavor.deleteMany({ where: { OR: [{ slug: { startsWith: "lab" } }, { name: "Lab" }] } });
  });
  const find = async (slug: string) => (await sam.siteFlavors.list()).find((row) => row.slug === slug);
  const offered = async (person: typeof dana, of = tenant) => (await person.catalogue.flavors({ tenant: of })).map(({ slug }) => slug);
  const make = (more = {}) => sam.siteFlavors.create({ slug: "lab", name: "Lab", vcpus: 2, memoryMb: 4096, ...more });
  const use = (name: string, workerCount = 1) =>
    dana.clusters.create({ tenant, name, masterFlavor: "lab", workerFlavor: "lab", workerCount });

  it("begins for everybody, or for some tenants only", async () => {
    await make();
    assert.ok((await offered(dana)).includes("lab"));
    await assert.rejects(make(), /There is a flavor lab already: Lab\. Take another short name/);
    await sam.siteFlavors.edit({ flavor: "lab", tenants: ["research"] });
    assert.ok(!(await offered(dana)).includes("lab"));
    assert.ok((await offered(await stand.as("rhea"), "research")).includes("lab"));
    await assert.rejects(use("secret"), /There is no flavor lab\. Choose one of/);
    assert.deepEqual((await find("lab"))?.tenants, ["research"]);
    await assert.rejects(sam.siteFlavors.edit({ flavor: "lab", tenants: ["nowhere"] }), /There is no tenant nowhere/);
    await sam.siteFlavors.edit({ flavor: "lab", tenants: [] });
    assert.ok(!(await offered(await stand.as("rhea"), "research")).includes("lab"), "nobody's is not everybody's");
    await sam.siteFlavors.edit({ flavor: "lab", tenants: null });
    assert.ok((await offered(dana)).includes("lab"));
  });

  it("changes for clusters to come, never for those that are", async () => {
    await make();
    const { id } = await use("before");
    await sam.siteFlavors.edit({ flavor: "lab", memoryMb: 8192, vcpus: 4, name: "Lab" });
    const old = await dana.clusters.get({ tenant, cluster: id });
    assert.deepEqual([old.masterFlavor.memoryMb, old.vcpus], [4096, 4]);
    // What it grows by, and what that counts, is of the same size.
    await dana.clusters.resize({ tenant, cluster: id, workerCount: 2 });
    assert.equal((await dana.tenants.home({ tenant })).usage.vcpus.used, 6);
    const { id: next } = await use("after");
    assert.equal((await dana.clusters.get({ tenant, cluster: next })).masterFlavor.memoryMb, 8192);
    const row = await find("lab");
    assert.deepEqual([row?.memoryMb, row?.clusters, row?.older], [8192, 1, 1]);
    assert.equal((await offered(dana)).filter((slug) => slug.startsWith("lab")).length, 1);
    const entry = await stand.db.audit.findFirst({ where: { action: "flavor.edit" }, orderBy: { id: "desc" } });
    assert.deepEqual(entry?.detail, {
      what: "vCPUs: 2 → 4; memory: 4 GB → 8 GB",
      before: { vCPUs: "2", memory: "4 GB" },
      after: { vCPUs: "4", memory: "8 GB" },
    });
  });

  it("is retired and offered again; deleted only when no cluster has it, in this size or an earlier one", async () => {
    await make();
    const { id } = await use("user", 0);
    await sam.siteFlavors.retire({ flavor: "lab" });
    assert.ok(!(await offered(dana)).includes("lab"));
    await dana.clusters.resize({ tenant, cluster: id, workerCount: 1 });
    await sam.siteFlavors.edit({ flavor: "lab", rootGb: 30 });
    await assert.rejects(sam.siteFlavors.delete({ flavor: "lab", confirm: "lab" }), /is used by user of analytics\. Retire it instead/);
    await sam.siteFlavors.retire({ flavor: "lab", retired: false });
    assert.ok((await offered(dana)).includes("lab"));
    await stand.db.cluster.deleteMany();
    await assert.rejects(sam.siteFlavors.delete({ flavor: "lab", confirm: "Lab" }), /Type its short name, lab/);
    await sam.siteFlavors.delete({ flavor: "lab", confirm: "lab" });
    assert.equal(await find("lab"), undefined);
    await assert.rejects(sam.siteFlavors.delete({ flavor: "lab", confirm: "lab" }), /no such flavor/);
  });
});
