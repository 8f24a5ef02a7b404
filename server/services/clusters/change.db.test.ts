import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { hear, runningNode } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";

const tenant = "analytics";

describe("changing a cluster", () => {
  let stand: Stand;
  let dana: Awaited<ReturnType<Stand["as"]>>;
  let cluster: string;
  before(async () => {
    stand = await startStand();
    dana = await stand.as("dana");
  });
  after(() => stand.stop());
  beforeEach(async () => {
    await stand.db.address.deleteMany();
    await stand.db.node.deleteMany();
    await stand.db.volume.deleteMany();
    await stand.db.cluster.deleteMany();
    await stand.db.tenant.updateMany({ data: { maxVcpus: null } });
    await hear(stand.db);
    cluster = (await dana.clusters.create({ tenant, name: "flights", workerCount: 1 })).id;
  });
  const row = () => stand.db.cluster.findUniqueOrThrow({ where: { id: cluster } });
  const ref = () => ({ tenant, cluster });

  /** As the planner would: a master with disk and address, all steps done. */
  async function place(observed: object | null = null): Promise<void> {
    const { id: hostId } = await stand.db.host.findFirstOrThrow();
    const segment = await stand.db.segment.findFirstOrThrow({ where: { tenantId: stand.tenantId(tenant) } });
    await stand.db.volume.create({
      data: { id: "vmaster", tenantId: stand.tenantId(tenant), hostId, name: "kindling-1", sizeMb: 4096, state: "attached" },
    });
    await stand.db.node.create({
      data: {
        ...{ id: "nmaster", clusterId: cluster, hostId, number: 1, name: "kindling-1", role: "master", volumeId: "vmaster" },
        ...{ vcpus: 1, memoryMb: 2048, rootGb: 20, dataMb: 4096, imageTag: "kindling/spark:test" },
        address: { create: { ip: "10.35.192.2", segmentId: segment.id } },
        ...(observed ? { observed, observedAt: new Date() } : {}),
      },
    });
    const at = new Date();
    for (const step of ["placed", "network", "volumes", "containers", "master", "workers", "notebook"])
      await stand.db.step.create({ data: { clusterId: cluster, attempt: 1, step, startedAt: at, endedAt: at, done: 1, of: 1 } });
  }

  it("stops, starts and counts attempts", async () => {
    await dana.clusters.stop(ref());
    assert.deepEqual([(await row()).desired, (await row()).generation], ["stopped", 2]);
    await assert.rejects(dana.clusters.stop(ref()), /stopped already/);
    await dana.clusters.start(ref());
    assert.deepEqual([(await row()).desired, (await row()).attempt, (await row()).generation], ["running", 2, 3]);
    await assert.rejects(dana.clusters.start(ref()), /running already/);
  });

  it("does not start beyond the tenant's limits", async () => {
    await dana.clusters.stop(ref());
    await stand.db.tenant.updateMany({ data: { maxVcpus: 1 } });
    await assert.rejects(dana.clusters.start(ref()), /may use 1 vCPU/);
    assert.equal((await row()).desired, "stopped");
  });

  it("refuses more workers than all hosts could ever carry, and lets those wait that fit once others have gone", async () => {
    await assert.rejects(
      dana.clusters.resize({ ...ref(), workerCount: 40 }),
      /This cannot fit here: needs .* GB free\. Choose fewer workers\./,
    );
    assert.equal((await row()).workerCount, 1);
    await place();
    // Somebody else's takes what is left now; it may go again.
    await stand.db.node.update({ where: { id: "nmaster" }, data: { memoryMb: 16_384 } });
    await dana.clusters.resize({ ...ref(), workerCount: 3 });
    assert.equal((await row()).workerCount, 3);
  });

  it("resizes up and down, and counts only what is added against limits", async () => {
    await stand.db.tenant.updateMany({ data: { maxVcpus: 3 } });
    await dana.clusters.resize({ ...ref(), workerCount: 2 });
    await assert.rejects(dana.clusters.resize({ ...ref(), workerCount: 3 }), /may use 3 vCPUs; 3 are taken and this needs 1 vCPU/);
    await dana.clusters.resize({ ...ref(), workerCount: 0 });
    assert.equal((await row()).workerCount, 0);
    const activity = await dana.clusters.activity(ref());
    assert.deepEqual(
      activity.map(({ action, outcome, detail }) => [action, outcome, detail?.slice(0, 20)]),
      [
        ["cluster.resize", "done", "2 → 0 workers"],
        ["cluster.resize", "refused", "The tenant Analytics"],
        ["cluster.resize", "done", "1 → 2 workers"],
        ["cluster.create", "done", "Spark 3.5 with Jupyt"],
      ],
    );
  });

  it("writes nothing when the size is what it is", async () => {
    await dana.clusters.resize({ ...ref(), workerCount: 1 });
    assert.equal((await row()).generation, 1);
  });

  it("deletes only by name, and remembers to keep the data", async () => {
    await assert.rejects(dana.clusters.delete({ ...ref(), confirm: "flight" }), /Type the cluster's name, flights/);
    await dana.clusters.delete({ ...ref(), confirm: "flights", keepData: true });
    assert.deepEqual([(await row()).desired, (await row()).keepData], ["deleted", true]);
    for (const verb of ["stop", "start", "retry"] as const) await assert.rejects(dana.clusters[verb](ref()), /being deleted/);
  });

  it("retries what failed with new containers, and nothing else", async () => {
    await place(runningNode("nmaster", { fault: { code: "disk_full", message: "The disk of this-host is full.", retryable: false } }));
    const view = await dana.clusters.get(ref());
    assert.deepEqual([view.state.phase, view.actions.retry.allowed], ["degraded", true]);
    assert.match(view.state.reason ?? "", /disk of this-host is full/);
    await dana.clusters.retry(ref());
    const node = await stand.db.node.findFirstOrThrow();
    assert.deepEqual([node.incarnation, (await row()).attempt], [2, 2]);
    await assert.rejects(dana.clusters.retry(ref()), /nothing to retry/);
  });

  it("asks the host for a log and for a restart, and writes the restart down", async () => {
    await place();
    const service = { ...ref(), node: "nmaster", service: "jupyter" };
    assert.equal((await dana.clusters.log({ ...service, bytes: 100 })).text, "the last line\n");
    await dana.clusters.restartService(service);
    const endpoint = `unix:${stand.env.KINDLING_RUN}/agent`;
    assert.deepEqual(stand.asked, [
      ["log", endpoint, { node: "nmaster", service: "jupyter", bytes: 100 }],
      ["restartService", endpoint, { node: "nmaster", service: "jupyter" }],
    ]);
    assert.equal((await dana.clusters.activity(ref()))[0]?.detail, "Jupyter on kindling-1");
    await assert.rejects(dana.clusters.log({ ...service, service: "sshd" }), /no such service/);
    await assert.rejects(dana.clusters.log({ ...service, node: "nother" }), /no such node/);
  });

  it("shows a ready cluster with its links, node and usual time", async () => {
    const well = (id: string) => ({ id, state: "running" as const, healthy: true, since: null, restarts: 0, detail: null });
    const application = { id: "app-1", name: "flights.ipynb", cores: 2, state: "RUNNING", startedAt: "2026-03-01T12:00:00.000Z" };
    const waiting = { id: "app-2", name: "notebook-2", cores: 0, state: "WAITING", startedAt: "2026-03-01T12:01:00.000Z" };
    await dana.clusters.resize({ ...ref(), workerCount: 0 });
    await place(
      runningNode("nmaster", {
        services: ["spark-master", "spark-worker", "jupyter"].map(well),
        sparkMaster: { aliveWorkers: 1, cores: 2, coresUsed: 2, applications: [application, waiting] },
        oomKills: 1,
        lastOom: { at: new Date(Date.now() - 180_000).toISOString(), process: "python3" },
      }),
    );
    const view = await dana.clusters.get(ref());
    assert.deepEqual([view.state.phase, view.state.reason], ["ready", null]);
    assert.deepEqual(
      view.links.map(({ id, href, ready, reason }) => [id, href, ready, reason]),
      ["jupyter", "spark", "application"].map((id) => [id, `/go/${cluster}/${id}`, true, null]),
    );
    assert.equal(view.sparkUrl, "spark://kindling-1.bdlocal:7077");
    assert.equal(view.waiting, "notebook-2 waits: flights.ipynb holds 2 of 2 cores");
    const [node] = view.nodes;
    assert.deepEqual(
      [node?.fqdn, node?.ip, node?.host, node?.description],
      ["kindling-1.bdlocal", "10.35.192.2", "this-host", "Spark master, Spark worker, Jupyter"],
    );
    assert.equal(node?.warning, "Out of memory: python3 was ended 3 min ago (limit 2 GB). Compact with 3 GB would do.");
    assert.ok(view.timeline.endedAt);
    assert.deepEqual(view.segment, { name: "analytics", cidr: "10.35.192.0/24", used: 1, size: 248 });
    assert.deepEqual(
      view.hosts.map(({ name, vcpus, memoryMb }) => [name, vcpus.used, memoryMb.used, vcpus.total > 0, memoryMb.total > 0]),
      [["this-host", 1, 2048, true, true]],
    );
    assert.deepEqual(view.volumes, [{ name: "kindling-1", sizeMb: 4096, usedMb: null }]);
    // The tenant's administrator sees Spark's pages, and is offered no notebook.
    const tina = await (await stand.as("tina")).clusters.get(ref());
    assert.deepEqual(
      tina.links.map(({ id, ready }) => [id, ready]),
      [
        ["spark", true],
        ["application", true],
      ],
    );
  });

  it("knows how long starts usually take after their clusters are gone, and says nothing of it in the activity", async () => {
    const begin = Date.parse("2026-03-01T12:00:00.000Z");
    const started = async (id: string, attempt: number, seconds: number) => {
      for (const [i, step] of ["placed", "network", "volumes", "containers"].entries())
        await stand.db.step.create({
          data: {
            ...{ clusterId: id, attempt, step, done: 1, of: 1 },
            startedAt: new Date(begin + i * 100),
            endedAt: new Date(begin + (i < 3 ? (i + 1) * 100 : seconds * 1000)),
          },
        });
    };
    await started(cluster, 1, 10);
    await started(cluster, 2, 12);
    await started(cluster, 3, 20);
    const other = (await dana.clusters.create({ tenant, name: "other" })).id;
    const usual = async () => (await dana.clusters.get({ tenant, cluster: other })).timeline.usualSeconds;
    assert.deepEqual(await usual(), { from: 10, to: 20 });
    await dana.clusters.delete({ ...ref(), confirm: "flights" });
    assert.deepEqual(await usual(), { from: 10, to: 20 });
    assert.equal((await dana.clusters.activity(ref()))[0]?.detail, "with all data");
    await stand.db.cluster.delete({ where: { id: cluster } });
    assert.deepEqual(await usual(), { from: 10, to: 20 });
    const utility = (await dana.clusters.create({ tenant, name: "bare", type: "utility", workerCount: 0 })).id;
    assert.equal((await dana.clusters.get({ tenant, cluster: utility })).timeline.usualSeconds, null);
  });

  it("lists, searches, filters, sorts and pages", async () => {
    for (const name of ["alpha", "beta", "gamma"]) await dana.clusters.create({ tenant, name });
    const names = async (input: object) => (await dana.clusters.list({ tenant, ...input })).rows.map(({ name }) => name);
    assert.deepEqual(await names({ sort: "name" }), ["alpha", "beta", "flights", "gamma"]);
    assert.deepEqual(await names({ q: "ALPH" }), ["alpha"]);
    assert.deepEqual(await names({ phase: "ready" }), []);
    const first = await dana.clusters.list({ tenant, sort: "name", limit: 3 });
    assert.deepEqual([first.total, first.next], [4, "3"]);
    assert.deepEqual(await names({ sort: "name", limit: 3, cursor: first.next }), ["gamma"]);
    const tina = await stand.as("tina");
    assert.equal((await tina.clusters.list({ tenant, scope: "mine" })).total, 0);
    assert.equal((await tina.clusters.list({ tenant, scope: "all" })).total, 4);
    const home = await dana.tenants.home({ tenant });
    assert.deepEqual([home.counts, home.suggestedName, home.usage.clusters.used], [{ mine: 4, shared: 0, all: 4 }, "dana-1", 4]);
  });
});
