import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { HostError } from "../../agents/protocol/errors.ts";
import { makeInstallation, type TestInstallation } from "./testing/installation.ts";
import { cluster, rowsWith } from "./testing/rows.ts";

let site: TestInstallation;
beforeEach(async () => {
  site = await makeInstallation(rowsWith([cluster({ id: "ccluster", workerCount: 2 })]));
});
afterEach(() => site.close());

const inPhase = (phase: string) =>
  site.until(() => site.db.cluster.findFirst({ where: { id: "ccluster", phase }, include: { nodes: true, steps: true } }));

const gone = () => site.until(async () => ((await site.db.cluster.count()) === 0 ? true : null));

test("a cluster comes, rests, comes back with the same names and addresses, and goes without a trace", async () => {
  site.startReconciler();
  const ready = await inPhase("ready");
  assert.equal(ready.nodes.length, 3);
  assert.deepEqual(
    ready.steps.filter((step) => step.endedAt === null),
    [],
  );
  assert.deepEqual(
    new Set(ready.steps.map((step) => step.step)),
    new Set(["placed", "network", "volumes", "containers", "master", "workers", "notebook"]),
  );
  const addresses = await site.db.address.findMany({ orderBy: { ip: "asc" } });

  await site.want("ccluster", { desired: "stopped" });
  await inPhase("stopped");
  assert.ok([...(site.hosts[0]?.disk.containers.values() ?? [])].every((container) => container.state !== "running"));

  await site.want("ccluster", { desired: "running", attempt: 2 });
  const again = await inPhase("ready");
  assert.deepEqual(again.nodes.map((node) => node.name).sort(), ready.nodes.map((node) => node.name).sort());
  assert.deepEqual(await site.db.address.findMany({ orderBy: { ip: "asc" } }), addresses);

  await site.want("ccluster", { workerCount: 1 });
  await site.until(async () => ((await site.db.node.count()) === 2 ? true : null));

  await site.want("ccluster", { desired: "deleted" });
  await gone();
  assert.equal(await site.db.volume.count(), 0);
  assert.deepEqual([site.hosts[0]?.disk.containers.size, site.hosts[0]?.disk.volumes.size], [0, 0]);
});

test("a reconciler that ends in the middle is followed by another one, which finishes the work", async () => {
  const end = site.startReconciler((agent) => ({
    ...agent,
    async apply(spec) {
      await agent.apply(spec);
      throw new HostError({ code: "host_unreachable", message: "The answer is lost.", retryable: true });
    },
  }));
  await site.logged("failed", 1);
  await end();
  site.startReconciler();
  const ready = await inPhase("ready");
  assert.equal(ready.nodes.length, 3);
});

test("of two reconcilers only one leads, and the other one takes over when it ends", async () => {
  const first = site.startReconciler();
  await inPhase("ready");
  site.startReconciler();
  await site.logged("leader.waiting", 2);
  assert.equal(site.lines.filter((line) => line.op === "leader.leading").length, 1);
  await first();
  await site.want("ccluster", { desired: "deleted" });
  await gone();
  assert.equal(site.lines.filter((line) => line.op === "leader.leading").length, 2);
});

test("a container that was removed by hand comes back with its address", async () => {
  site.startReconciler();
  const ready = await inPhase("ready");
  const [host] = site.hosts;
  const worker = ready.nodes.find((node) => node.role === "worker");
  const before = host?.disk.containers.get(worker?.id ?? "");
  host?.disk.containers.delete(worker?.id ?? "");
  // The next spec makes the fake host look around.
  await site.want("ccluster", { workerCount: 3 });
  // Not by its phase: that is still the one from before when the plan has just been written.
  const back = await site.until(async () => host?.disk.containers.get(worker?.id ?? "") ?? null);
  assert.equal(back.ip, before?.ip);
  await site.until(async () => ((await site.db.node.count()) === 4 ? true : null));
  await inPhase("ready");
});

test("what fits on no host waits, says why, and takes nothing", async () => {
  await site.db.host.updateMany({ data: { reservedMemoryMb: 28_000 } });
  site.startReconciler();
  const queued = await site.until(() =>
    site.db.cluster.findFirst({ where: { id: "ccluster", phaseReason: { startsWith: "needs" } }, include: { nodes: true } }),
  );
  assert.equal(queued.phase, "queued");
  assert.match(queued.phaseReason ?? "", /^needs 12 GB for its 3 nodes; host-1 has 4\.6 GB free$/);
  assert.deepEqual(queued.nodes, []);
  assert.equal(await site.db.address.count(), 0);
});

test("when the database throws everybody out, the work goes on by itself", async () => {
  site.startReconciler();
  await inPhase("ready");
  await site.db
    .$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  await site.logged("leader.leading", 2);
  await site.want("ccluster", { desired: "deleted" });
  await gone();
  assert.equal(await site.db.address.count({ where: { nodeId: { not: null } } }), 0);
});
