import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { hear } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";
import { clusterSecrets } from "../../secrets/places.ts";
import { loadSiteKeys } from "../../secrets.ts";

const tenant = "analytics";

describe("creating a cluster", () => {
  let stand: Stand;
  let dana: Awaited<ReturnType<Stand["as"]>>;
  before(async () => {
    stand = await startStand();
    dana = await stand.as("dana");
  });
  after(() => stand.stop());
  beforeEach(async () => {
    await stand.db.cluster.deleteMany();
    await stand.db.volume.deleteMany();
    await stand.db.tenant.updateMany({ data: { maxClusters: null, maxNodes: null, maxVcpus: null, maxMemoryMb: null, maxDataGb: null } });
    await hear(stand.db);
  });

  const refused = (input: Parameters<typeof dana.clusters.create>[0], code: string, message: RegExp) =>
    assert.rejects(dana.clusters.create(input), (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    });
  const nothingMade = async () => assert.equal(await stand.db.cluster.count(), 0);

  it("needs a name only, writes what is wanted with an audit row and sealed secrets", async () => {
    const { id } = await dana.clusters.create({ tenant, name: "flights" });
    const row = await stand.db.cluster.findUniqueOrThrow({ where: { id }, include: { masterFlavor: true, workerFlavor: true } });
    assert.deepEqual(
      [row.name, row.distributionId, row.masterFlavor.slug, row.workerFlavor.slug, row.workerCount, row.desired],
      ["flights", "spark-3-5-jupyter", "mini", "tiny", 1, "running"],
    );
    assert.ok(!row.secrets.includes("sparkAuth"));
    const secrets: unknown = JSON.parse((await loadSiteKeys(stand.home)).open(clusterSecrets(id), row.secrets));
    assert.deepEqual(Object.keys(Object(secrets)).sort(), ["jupyterToken", "sparkAuth"]);
    const [entry] = await dana.clusters.activity({ tenant, cluster: id });
    assert.deepEqual([entry?.action, entry?.actor, entry?.detail], ["cluster.create", "dana", "Spark 3.5 with Jupyter, 1 Mini + 1 Tiny"]);
  });

  it("makes a pristine cluster of plain containers", async () => {
    const { id } = await dana.clusters.create({ tenant, name: "tools", type: "utility", workerCount: 0 });
    const view = await dana.clusters.get({ tenant, cluster: id });
    assert.deepEqual([view.type, view.sparkUrl, view.links], ["utility", null, []], "its terminal comes with its node");
    assert.deepEqual(
      view.timeline.steps.map(({ step }) => step),
      ["placed", "network", "volumes", "containers"],
    );
  });

  for (const [name, words] of [
    ["", /needs a name/],
    ["Flights", /lower-case/],
    ["1st", /start with a letter/],
    ["a_b", /lower-case/],
    ["ends-", /letter or digit/],
    ["x".repeat(41), /at most 40/],
    ["a b", /lower-case/],
    ["a\u0000b", /cannot be kept/],
  ] as const)
    it(`refuses the name ${JSON.stringify(name)} with a sentence`, async () => {
      await refused({ tenant, name }, "BAD_REQUEST", words);
      await nothingMade();
    });

  for (const [workerCount, words] of [
    [-1, /cannot be negative/],
    [101, /at most 100/],
    [1.5, /whole number/],
    [Number.NaN, /whole number/],
  ] as const)
    it(`refuses ${workerCount} workers`, async () => {
      await refused({ tenant, name: "a", workerCount }, "BAD_REQUEST", words);
      await nothingMade();
    });

  it("names what exists when a flavor or distribution does not", async () => {
    await refused({ tenant, name: "a", masterFlavor: "huge" }, "BAD_REQUEST", /no flavor huge.*tiny, mini/);
    await refused({ tenant, name: "a", distribution: "spark-1" }, "BAD_REQUEST", /no distribution spark-1.*spark-3-5-jupyter/);
    await nothingMade();
  });

  it("refuses a flavor that is too small for the role, and says which would do", async () => {
    await refused({ tenant, name: "a", masterFlavor: "tiny" }, "BAD_REQUEST", /needs at least 2 GB; Tiny has 1.5 GB. Mini would do/);
  });

  it("refuses what fits on no host, whoever makes room", async () => {
    await hear(stand.db, { memoryMb: 9 * 1024 + 1024 });
    await refused(
      { tenant, name: "a", masterFlavor: "extra-large" },
      "PRECONDITION_FAILED",
      /needs 12 GB on one host; this-host has 9 GB free.*smaller flavor/,
    );
    await nothingMade();
  });

  it("lets what fits later wait", async () => {
    await hear(stand.db, { engine: false });
    const { id } = await dana.clusters.create({ tenant, name: "patient" });
    assert.equal((await dana.clusters.get({ tenant, cluster: id })).state.phase, "queued");
  });

  it("refuses a taken name and says whose it is", async () => {
    await dana.clusters.create({ tenant, name: "flights" });
    await refused({ tenant, name: "flights" }, "CONFLICT", /already has a cluster named flights \(dana's\)/);
    await stand.db.cluster.updateMany({ data: { desired: "deleted" } });
    await refused({ tenant, name: "flights" }, "CONFLICT", /still being deleted/);
  });

  it("goes on the segment that was asked for, of the tenant's own", async () => {
    const sam = await stand.as("sam");
    const { id: segmentId } = await sam.segments.create({ owner: tenant, name: "lab" });
    const { id } = await dana.clusters.create({ tenant, name: "a", segment: "lab" });
    assert.equal((await stand.db.cluster.findUniqueOrThrow({ where: { id } })).segmentId, segmentId);
    assert.equal((await dana.clusters.get({ tenant, cluster: id })).segment?.name, "lab");
    assert.deepEqual(
      [(await dana.clusters.fit({ tenant })).segment, (await dana.clusters.fit({ tenant, segment: "lab" })).segment],
      ["analytics", "lab"],
    );
    await refused({ tenant, name: "b", segment: "research" }, "BAD_REQUEST", /no segment research\. Choose one of: analytics, lab/);
    await stand.db.cluster.deleteMany();
    await sam.segments.delete({ segment: segmentId, confirm: "lab" });
  });

  it("gives its containers what the tenant may use, and says beforehand what they do not get", async () => {
    const sam = await stand.as("sam");
    await refused(
      { tenant, name: "a", capabilitySet: "tools" },
      "BAD_REQUEST",
      /may not use the capability set Tools\. It may use: Default\./,
    );
    await nothingMade();
    await sam.siteTenants.edit({ tenant, capabilitySets: ["strict", "tools", "full"], capabilitySet: "strict" });
    const usual = await dana.clusters.fit({ tenant });
    assert.deepEqual([usual.rights.set, usual.rights.sudo, usual.rights.withheld], ["strict", false, []]);
    assert.deepEqual(usual.rights.capabilities, ["CHOWN", "KILL", "SETGID", "SETUID"]);
    // The test's host can give the four only.
    const full = await dana.clusters.fit({ tenant, capabilitySet: "full" });
    assert.deepEqual([full.fits, full.rights.sudo], [true, true]);
    assert.match(full.rights.withheld.join("; "), /^this-host cannot give .*SYS_RESOURCE/);
    const tools = await dana.clusters.fit({ tenant, capabilitySet: "tools" });
    assert.match(tools.rights.withheld[0] ?? "", /^Tools does not grant DAC_READ_SEARCH, SYS_PTRACE and SYS_RESOURCE$/);
    const { id } = await dana.clusters.create({ tenant, name: "a", capabilitySet: "tools" });
    const view = await dana.clusters.get({ tenant, cluster: id });
    assert.deepEqual([view.rights.name, view.rights.next], ["Tools", null]);
    const [entry] = await dana.clusters.activity({ tenant, cluster: id });
    assert.match(entry?.detail ?? "", /, Tools$/);
    await sam.siteTenants.edit({ tenant, capabilitySets: ["default"] });
    assert.deepEqual((await dana.clusters.get({ tenant, cluster: id })).rights.set, "default", "nothing of it runs yet");
  });

  it("refuses a capability that no host can give before anything is placed", async () => {
    const row = await stand.db.distribution.findUniqueOrThrow({ where: { id: "utility" } });
    const manifest = JSON.parse(JSON.stringify(row.manifest));
    await stand.db.distribution.update({
      where: { id: "utility" },
      data: { manifest: { ...manifest, capabilities: ["CHOWN", "NET_RAW"] } },
    });
    try {
      const asked = { tenant, name: "a", type: "utility", workerCount: 0 } as const;
      assert.match((await dana.clusters.fit(asked)).refusal ?? "", /needs the capability NET_RAW; this-host cannot grant it/);
      await refused(asked, "PRECONDITION_FAILED", /needs the capability NET_RAW; this-host cannot grant it/);
      await nothingMade();
      await (await stand.as("sam")).siteTenants.edit({ tenant, capabilitySets: ["strict"] });
      await refused(asked, "BAD_REQUEST", /needs the capability NET_RAW, which the set Strict does not grant/);
    } finally {
      await stand.db.distribution.update({ where: { id: "utility" }, data: { manifest } });
      await (await stand.as("sam")).siteTenants.edit({ tenant, capabilitySets: ["default"] });
    }
  });

  it("lets two tenants use one name", async () => {
    await dana.clusters.create({ tenant, name: "flights" });
    await (await stand.as("rhea")).clusters.create({ tenant: "research", name: "flights" });
    assert.equal(await stand.db.cluster.count(), 2);
  });

  it("keeps to every limit of the tenant, and says which one", async () => {
    for (const [limit, words] of [
      [{ maxClusters: 0 }, /may use 0 clusters/],
      [{ maxNodes: 1 }, /may use 1 node; 0 are taken and this needs 2 nodes/],
      [{ maxVcpus: 1 }, /may use 1 vCPU/],
      [{ maxMemoryMb: 3072 }, /may use 3 GB of memory; 0 GB is taken and this needs 3.5 GB/],
      [{ maxDataGb: 5 }, /may use 5 GB of disk/],
    ] as const) {
      const none = { maxClusters: null, maxNodes: null, maxVcpus: null, maxMemoryMb: null, maxDataGb: null };
      await stand.db.tenant.updateMany({ data: { ...none, ...limit } });
      await refused({ tenant, name: "a" }, "PRECONDITION_FAILED", words);
    }
    await nothingMade();
    const refusals = await stand.db.audit.count({ where: { outcome: "refused", action: "cluster.create" } });
    assert.ok(refusals >= 5);
  });

  it("gives the last of a limit to one of two who ask at once", async () => {
    await stand.db.tenant.updateMany({ data: { maxClusters: 1 } });
    const asked = await Promise.allSettled(["a", "b", "c", "d"].map((name) => dana.clusters.create({ tenant, name })));
    assert.equal(asked.filter(({ status }) => status === "fulfilled").length, 1);
    assert.equal(await stand.db.cluster.count(), 1);
  });

  it("gives a name to one of two who ask at once", async () => {
    const asked = await Promise.allSettled([1, 2, 3].map(() => dana.clusters.create({ tenant, name: "same" })));
    assert.equal(asked.filter(({ status }) => status === "fulfilled").length, 1);
  });

  describe("with a kept volume", () => {
    const volume = async (slug: string, state: string): Promise<string> => {
      const id = `v${slug}${state}`;
      const { id: hostId } = await stand.db.host.findFirstOrThrow();
      const data = { id, tenantId: stand.tenantId(slug), hostId, name: "kindling-9", sizeMb: 2048, state, ownerId: "udana" };
      await stand.db.volume.create({ data });
      return id;
    };
    it("takes it, and nobody else may", async () => {
      const id = await volume("analytics", "kept");
      await dana.clusters.create({ tenant, name: "a", dataVolume: id });
      await refused({ tenant, name: "b", dataVolume: id }, "CONFLICT", /already promised to the cluster a/);
      await assert.rejects(dana.volumes.delete({ tenant, volume: id, confirm: "kindling-9" }), /about to use/);
    });
    it("refuses another tenant's, one in use and one on its way out", async () => {
      await refused({ tenant, name: "a", dataVolume: await volume("research", "kept") }, "BAD_REQUEST", /no such kept volume/);
      await refused({ tenant, name: "a", dataVolume: await volume("analytics", "attached") }, "CONFLICT", /in use/);
      await refused({ tenant, name: "a", dataVolume: await volume("analytics", "deleting") }, "CONFLICT", /being deleted/);
      await nothingMade();
    });
    it("is deleted only by its name", async () => {
      const id = await volume("analytics", "kept");
      await assert.rejects(dana.volumes.delete({ tenant, volume: id, confirm: "x" }), /Type the volume's name, kindling-9/);
      await dana.volumes.delete({ tenant, volume: id, confirm: "kindling-9" });
      assert.equal((await dana.volumes.list({ tenant }))[0]?.state, "deleting");
    });
  });

  describe("beside the button", () => {
    it("says what it takes and where it would go", async () => {
      const fit = await dana.clusters.fit({ tenant, workerCount: 2 });
      assert.deepEqual(fit.takes, { vcpus: 3, memoryMb: 5120, dataGb: 8, nodes: 3, gpus: 0 });
      assert.deepEqual(fit.placement, [{ host: "this-host", nodes: ["master", "worker", "worker"] }]);
      assert.deepEqual([fit.fits, fit.refusal, fit.nearest], [true, null, null]);
      await nothingMade();
    });
    it("says why not, and what would", async () => {
      await hear(stand.db, { memoryMb: 9 * 1024 + 1024 });
      const fit = await dana.clusters.fit({ tenant, masterFlavor: "extra-large", workerFlavor: "tiny", workerCount: 1 });
      assert.equal(fit.fits, false);
      assert.match(fit.refusal ?? "", /needs 12 GB on one host; this-host has 9 GB free/);
      // 9 GB: no room for 8 GB beside the worker's 1.5 GB.
      assert.deepEqual(fit.nearest, { masterFlavor: "medium", workerFlavor: "tiny" });
    });
    it("counts the tenant's limits", async () => {
      await stand.db.tenant.updateMany({ data: { maxVcpus: 3 } });
      await dana.clusters.create({ tenant, name: "a" });
      const fit = await dana.clusters.fit({ tenant });
      assert.equal(fit.left.vcpus, 1);
      assert.match(fit.refusal ?? "", /may use 3 vCPUs; 2 are taken and this needs 2 vCPUs/);
    });
    it("says what more workers take, where they would go, and how many would fit", async () => {
      await hear(stand.db, { memoryMb: 9 * 1024 + 1024 });
      const made = await dana.clusters.create({ tenant, name: "a", masterFlavor: "small", workerFlavor: "mini", workerCount: 1 });
      const ref = { tenant, cluster: made.id };
      const fit = await dana.clusters.fitResize({ ...ref, workerCount: 2 });
      assert.deepEqual(fit.takes, { nodes: 1, vcpus: 1, memoryMb: 2048, dataGb: 4, gpus: 0 });
      assert.deepEqual([fit.fits, fit.workers], [true, null]);
      // Nothing of it runs yet, so that all of it has to find its place.
      assert.deepEqual(fit.placement, [{ host: "this-host", nodes: ["master", "worker", "worker"] }]);
      const much = await dana.clusters.fitResize({ ...ref, workerCount: 40 });
      assert.match(much.refusal ?? "", /this-host has/);
      assert.deepEqual([much.fits, much.placement, much.workers], [false, [], 2]);
      const fewer = await dana.clusters.fitResize({ ...ref, workerCount: 0 });
      assert.deepEqual([fewer.fits, fewer.takes.nodes, fewer.placement], [true, 0, []]);
      await stand.db.tenant.updateMany({ data: { maxVcpus: 2 } });
      const limited = await dana.clusters.fitResize({ ...ref, workerCount: 2 });
      assert.match(limited.refusal ?? "", /may use 2 vCPUs; 2 are taken and this needs 1 vCPU\./);
      assert.equal(limited.workers, null);
      assert.equal((await stand.db.cluster.findUniqueOrThrow({ where: { id: made.id } })).workerCount, 1);
    });
    it("says that Docker does not run", async () => {
      await hear(stand.db, { engine: false });
      assert.match((await dana.clusters.fit({ tenant })).refusal ?? "", /Docker is not running on this-host/);
    });
  });
});
