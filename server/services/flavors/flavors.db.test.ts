import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { hear } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";
import { cardsFor } from "../../reconciler/testing/heard.ts";

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

  it("has GPUs: they are of one host, count with whoever takes them also while stopped, and are limited", async () => {
    const tina = await stand.as("tina");
    assert.equal((await dana.tenants.home({ tenant })).gpus, false, "nobody is told of what is not there");
    const choices = async () => {
      const { gpus, cards } = await sam.siteTenants.choices();
      return [gpus, cards];
    };
    assert.deepEqual(await choices(), [false, false], "nor is the site's administrator");
    await hear(stand.db, { cpus: 16, memoryMb: 64_000, cards: cardsFor(0, 1) });
    assert.deepEqual(await choices(), [false, true], "a flavor can have some now");
    await hear(stand.db, { cpus: 16, memoryMb: 64_000 });
    await make({ gpus: 2 });
    assert.deepEqual(await choices(), [true, true]);
    assert.equal((await find("lab"))?.gpus, 2);
    const ask = { tenant, masterFlavor: "mini", workerFlavor: "lab", workerCount: 1 };
    const fit = () => dana.clusters.fit({ ...ask, type: "spark" });
    const none = await fit();
    assert.deepEqual([none.fits, none.takes.gpus, none.refusal], [false, 2, "needs 2 GPUs on one host; this-host has none"]);
    // The way out is not to give cards to whoever did not ask, nor to take them away unasked while there are others.
    assert.equal(none.nearest?.workerFlavor === "lab", false);
    await assert.rejects(
      dana.clusters.create({ ...ask, name: "gpu-none" }),
      /This cannot fit here: needs 2 GPUs on one host; this-host has none/,
    );
    await hear(stand.db, { cpus: 16, memoryMb: 64_000, cards: cardsFor(0, 3) });
    assert.equal((await fit()).refusal, null);
    const home = await dana.tenants.home({ tenant });
    assert.deepEqual([home.gpus, home.free.gpus, home.usage.gpus], [true, 3, { used: 0, limit: null }]);
    const { id } = await dana.clusters.create({ ...ask, name: "gpu-one" });
    assert.deepEqual((await dana.clusters.get({ tenant, cluster: id })).workerFlavor.gpus, 2);

    await sam.siteTenants.edit({ tenant, limits: { gpus: 3 } });
    const limit = "The tenant Analytics may use 3 GPUs; 2 are taken and this needs 2 GPUs.";
    assert.match((await fit()).refusal ?? "", new RegExp(`^${limit}`));
    await assert.rejects(dana.clusters.create({ ...ask, name: "gpu-two" }), new RegExp(limit));
    await assert.rejects(dana.clusters.resize({ tenant, cluster: id, workerCount: 2 }), new RegExp(limit));
    await dana.clusters.stop({ tenant, cluster: id });
    const stopped = await dana.tenants.home({ tenant });
    assert.deepEqual([stopped.usage.gpus, stopped.usage.vcpus.used], [{ used: 2, limit: 3 }, 0]);
    await dana.clusters.start({ tenant, cluster: id });

    // The only host with cards takes nothing just now: that is said, and waited for.
    await sam.siteTenants.edit({ tenant, limits: { gpus: null } });
    await hear(stand.db, { cpus: 16, memoryMb: 64_000, cards: cardsFor(0, 5) });
    const host = await stand.db.host.findFirstOrThrow();
    const silent = { observedAt: new Date(Date.now() - 200_000) };
    for (const [change, why] of [
      [{ mode: "cordoned" }, "but takes no new nodes (its administrator set it so)"],
      [{ mode: "draining" }, "but is being drained"],
      [silent, "but was not heard for 3 min"],
    ] as const) {
      await stand.db.host.update({ where: { id: host.id }, data: change });
      assert.equal((await fit()).refusal, `needs 2 GPUs on one host; this-host has 5 free ${why}`);
      const waiting = await dana.clusters.create({ ...ask, name: "gpu-waits" });
      await dana.clusters.resize({ tenant, cluster: waiting.id, workerCount: 2 });
      await stand.db.cluster.delete({ where: { id: waiting.id } });
      await stand.db.host.update({ where: { id: host.id }, data: { mode: "active", observedAt: new Date() } });
    }
    await assert.rejects(
      dana.clusters.create({ ...ask, workerCount: 3, name: "gpu-never" }),
      /cannot fit here: needs 6 GPUs for its 4 nodes/,
    );
    await sam.siteTenants.edit({ tenant, limits: { gpus: 3 } });

    // Whoever writes limits as they were before there were GPUs leaves those as they are.
    const limits = { clusters: null, nodes: null, vcpus: null, memoryMb: null, dataGb: null };
    await sam.siteTenants.edit({ tenant, limits: { gpus: null }, personLimits: { gpus: 9 } });
    await tina.tenants.setPersonLimits({ tenant, person: "dana", limits: { ...limits, gpus: 3 } });
    await tina.tenants.setPersonLimits({ tenant, person: "dana", limits: { ...limits, clusters: 5 } });
    await assert.rejects(
      dana.clusters.create({ ...ask, name: "gpu-two" }),
      /You may use 3 GPUs in Analytics; 2 are taken and this needs 2 GPUs/,
    );
    await tina.tenants.setPersonLimits({ tenant, person: "dana", limits: null });
    // Nor do they lift what holds for everybody.
    await tina.tenants.setPersonLimits({ tenant, person: "dana", limits });
    const danas = async () => (await dana.tenants.home({ tenant })).mine?.gpus.limit ?? null;
    assert.equal(await danas(), 9);
    // Also once that is another number, and for limits from before there were GPUs.
    await sam.siteTenants.edit({ tenant, personLimits: { gpus: 2 } });
    assert.equal(await danas(), 2);
    await stand.db.personLimit.updateMany({ data: { maxGpus: null } });
    assert.equal(await danas(), 2);
    await assert.rejects(dana.clusters.create({ ...ask, name: "gpu-two" }), /You may use 2 GPUs in Analytics; 2 are taken/);
    const roster = await tina.tenants.people({ tenant });
    assert.deepEqual(
      roster.people.filter(({ username }) => username === "dana").map(({ usage, own }) => [usage.gpus.limit, own]),
      [[2, true]],
    );
    // None at all can be said, too.
    await tina.tenants.setPersonLimits({ tenant, person: "dana", limits: { ...limits, gpus: null } });
    assert.equal(await danas(), null);
    await tina.tenants.setPersonLimits({ tenant, person: "dana", limits: null });
    await sam.siteTenants.edit({ tenant, personLimits: { gpus: null } });
    const said = await stand.db.audit.findMany({ where: { action: { in: ["flavor.create", "tenant.edit", "tenant.limits"] } } });
    const words = JSON.stringify(said.map(({ detail }) => detail)).toLowerCase();
    for (const one of ["gpus: 2", "gpus: no limit → 3", "gpus a person: no limit → 9", "gpus: 9 → 3"])
      assert.ok(words.includes(one), `${one}: ${words}`);

    await sam.siteFlavors.edit({ flavor: "lab", gpus: 1 });
    assert.deepEqual([(await find("lab"))?.gpus, (await find("lab"))?.older], [1, 1]);
    assert.equal((await dana.clusters.get({ tenant, cluster: id })).workerFlavor.gpus, 2);
    assert.equal((await dana.tenants.home({ tenant })).usage.gpus.used, 2);
    await assert.rejects(sam.siteFlavors.edit({ flavor: "lab", gpus: -1 }), /at least 0/);
    await hear(stand.db, { cpus: 16, memoryMb: 64_000 });
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
