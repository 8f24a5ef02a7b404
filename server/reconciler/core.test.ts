import assert from "node:assert/strict";
import { test } from "node:test";
import type { HostSpec } from "../../agents/protocol/spec.ts";
import { settleHost, takeStep } from "../hosts/fake/converge.ts";
import { accept, makeFakeHost } from "../hosts/fake/host.ts";
import { picture } from "../hosts/fake/picture.ts";
import type { ClusterRow } from "../planner/snapshot.ts";
import { clockWatch } from "./clock-watch.ts";
import { type Core, type CoreDeps, makeCore } from "./core.ts";
import { memoryStore } from "./store/memory.ts";
import type { ObservedWrite } from "./store/port.ts";
import { cluster, rowsWith } from "./testing/rows.ts";

/** A reconciler's core on rows in memory and one fake host, with a clock in the test's hand. */
function site(change: Partial<ClusterRow> = {}) {
  let clock = Date.UTC(2026, 4, 1, 12);
  let ids = 0;
  const now = (): number => clock;
  const memory = memoryStore(rowsWith([cluster(change)]));
  const host = makeFakeHost({ id: "host0", installation: "isite", now });
  const writes: ObservedWrite[] = [];
  const told: HostSpec[] = [];
  const lines: string[] = [];
  const make = (more: Partial<CoreDeps> = {}) =>
    makeCore({
      ...more,
      store: {
        ...memory,
        observe(write) {
          writes.push(write);
          return memory.observe(write);
        },
      },
      now,
      newId(prefix) {
        ids += 1;
        return `${prefix}${String(ids).padStart(6, "0")}`;
      },
      site: { origin: (endpoint, id) => `http://${endpoint}-${id}.localhost` },
      log: (_level, op) => void lines.push(op),
      async apply(spec) {
        told.push(spec);
        // Another host is there only to be heard.
        return spec.host === host.id ? accept(host, spec) : spec.generation;
      },
    });
  return {
    now,
    memory,
    host,
    writes,
    told,
    lines,
    make,
    wait(ms: number): void {
      clock += ms;
    },
    want: (wanted: Partial<ClusterRow>) =>
      memory.edit((rows) => ({ ...rows, clusters: rows.clusters.map((row) => ({ ...row, ...wanted, generation: row.generation + 1 })) })),
    /** Until nothing moves any more. */
    async settle(core: Core) {
      await core.reconcile();
      for (let round = 0; round < 6; round += 1) {
        for (const id of core.pending()) await core.push(id);
        settleHost(host);
        await core.observe(picture(host), round === 0);
      }
    },
  };
}

test("a converged host is told nothing and nothing is written", async () => {
  const at = site();
  const core = at.make();
  await at.settle(core);
  assert.equal(at.memory.rows().clusters[0]?.phase, "ready");
  const [told, writes] = [at.told.length, at.writes.length];
  await core.reconcile();
  await core.observe(picture(at.host), false);
  await core.tick();
  assert.deepEqual([core.pending(), at.told.length, at.writes.length], [[], told, writes]);
});

test("figures that only wobble are written every few seconds, and nobody is called for them", async () => {
  const at = site();
  const core = at.make();
  await at.settle(core);
  const before = at.writes.length;
  at.wait(1_000);
  await core.observe(picture(at.host), false);
  assert.equal(at.writes.length, before);
  at.wait(5_000);
  await core.observe(picture(at.host), false);
  assert.equal(at.writes.length, before + 1);
  assert.deepEqual(at.writes.at(-1)?.notify, []);
});

test("a real change is written at once with the cluster's name", async () => {
  const at = site();
  const core = at.make();
  await at.settle(core);
  at.host.disk.containers.delete(at.memory.rows().nodes[1]?.id ?? "");
  await core.observe(picture(at.host), false);
  assert.deepEqual(at.writes.at(-1)?.notify, ["ccluster"]);
  assert.equal(at.memory.rows().clusters[0]?.phase, "degraded");
});

test("a late picture is dropped", async () => {
  const at = site();
  const core = at.make();
  const early = picture(at.host);
  await at.settle(core);
  const rows = at.memory.rows();
  await core.observe(early, false);
  assert.equal(at.memory.rows(), rows);
  assert.equal(at.lines.at(-1), "observe.late");
});

test("a picture that could not be written is taken when it comes again", async () => {
  const at = site();
  let fails = false;
  const { observe } = at.memory;
  at.memory.observe = (write) => {
    if (!fails) return observe(write);
    fails = false;
    return Promise.reject(new Error("the database is away"));
  };
  const core = at.make();
  await at.settle(core);
  at.host.disk.containers.delete(at.memory.rows().nodes[1]?.id ?? "");
  const seen = picture(at.host);
  fails = true;
  await assert.rejects(core.observe(seen, false), /away/);
  await core.observe(seen, false);
  assert.equal(at.memory.rows().clusters[0]?.phase, "degraded");
});

test("a clock that is set back ends no lease", async () => {
  const at = site();
  at.memory.edit((rows) => ({ ...rows, installation: { ...rows.installation, moveAfterSeconds: 120 } }));
  const core = at.make();
  await at.settle(core);
  assert.deepEqual(core.pending(), []);
  at.wait(-3_600_000);
  await core.tick();
  assert.deepEqual(core.pending(), ["host0"]);
});

test("a picture of another installation is not believed", async () => {
  const at = site();
  const core = at.make();
  await at.settle(core);
  const rows = at.memory.rows();
  await core.observe({ ...picture(at.host), installation: "iother" }, false);
  assert.equal(at.memory.rows(), rows);
});

test("a host that is ahead of a restored database loses nothing by it", async () => {
  const at = site();
  const core = at.make();
  await at.settle(core);
  at.want({ desired: "deleted" });
  await core.reconcile();
  const ahead = {
    ...picture(at.host),
    generation: 999,
    nodes: picture(at.host).nodes.map((node) => ({ ...node, state: "absent" as const })),
  };
  await core.observe(ahead, false);
  assert.ok(at.lines.includes("observe.ahead"));
  assert.equal(at.memory.rows().nodes.length, 2, "its word that they are absent is no proof");
});

test("an agent that starts again is told everything again, in the same generation", async () => {
  const at = site();
  const core = at.make();
  await at.settle(core);
  const last = at.told.at(-1);
  await core.observe(picture(at.host), true);
  assert.deepEqual(core.pending(), ["host0"]);
  await core.push("host0");
  assert.deepEqual(at.told.at(-1), last);
  const told = at.told.length;
  await core.push("host0");
  assert.equal(at.told.length, told, "once is enough");
});

test("an agent that starts again while it is being told is told once more", async () => {
  const at = site();
  const core = at.make();
  await at.settle(core);
  at.want({ workerCount: 2 });
  await core.reconcile();
  const telling = core.push("host0");
  await core.observe(picture(at.host), true);
  await telling;
  assert.deepEqual(core.pending(), ["host0"]);
});

test("nodes of a deleted cluster stay in the rows until the host has accepted the deletion, whatever it said before", async () => {
  const at = site();
  const core = at.make();
  await core.reconcile();
  await core.observe(picture(at.host), true);
  for (const id of core.pending()) await core.push(id);
  const absent = picture(at.host);
  assert.equal(absent.nodes[0]?.state, "absent", "not made yet");
  at.want({ desired: "deleted" });
  await core.reconcile();
  takeStep(at.host, () => 0, "none");
  await core.observe({ ...absent, sequence: absent.sequence + 1 }, false);
  assert.equal(at.memory.rows().nodes.length, 2);
  await at.settle(core);
  assert.deepEqual([at.memory.rows().nodes, at.memory.rows().clusters], [[], []]);
  assert.deepEqual([at.host.disk.containers.size, at.host.disk.volumes.size], [0, 0]);
});

test("a kept disk that people condemn stays in the rows until its host was told and says so", async () => {
  const at = site();
  const core = at.make();
  await core.reconcile();
  await core.observe(picture(at.host), true);
  for (const id of core.pending()) await core.push(id);
  const absent = picture(at.host);
  await core.observe(absent, false);
  const kept = at.memory.rows().volumes[0]?.id;
  // As if its node were gone already, and the host's last word were from before the disk was made.
  at.memory.edit((rows) => ({
    ...rows,
    clusters: [],
    nodes: [],
    steps: [],
    addresses: [],
    volumes: rows.volumes.filter((row) => row.id === kept).map((row) => ({ ...row, state: "deleting" as const })),
  }));
  await core.reconcile();
  assert.equal(at.memory.rows().volumes.length, 1);
  await at.settle(core);
  assert.equal(at.memory.rows().volumes.length, 0);
});

test("a new reconciler goes on where the last one ended", async () => {
  const at = site();
  const first = at.make();
  await first.reconcile();
  await first.observe(picture(at.host), true);
  const second = at.make();
  await at.settle(second);
  assert.equal(at.memory.rows().clusters[0]?.phase, "ready");
  assert.equal(at.memory.rows().nodes.length, 2);
});

test("a host that dies after the clock was set back is shown as silent all the same", async () => {
  const at = site();
  const core = at.make({ stoodStill: clockWatch(at.now) });
  await at.settle(core);
  at.wait(-3_600_000);
  await core.observe(picture(at.host), false);
  for (let passed = 0; passed < 20; passed += 5) {
    at.wait(5_000);
    await core.tick();
  }
  assert.deepEqual([at.memory.rows().clusters[0]?.phase, at.memory.rows().clusters[0]?.phaseReason], ["unknown", "host-1 silent 20 s"]);
});

test("a host is not called silent for the time in which nobody listened", async () => {
  const at = site();
  await at.settle(at.make());
  const since = at.memory.rows().clusters[0]?.phaseSince;
  at.wait(3_600_000);
  const core = at.make();
  await core.reconcile();
  assert.deepEqual([at.memory.rows().clusters[0]?.phase, at.memory.rows().clusters[0]?.phaseSince], ["ready", since]);
  at.wait(16_000);
  await core.tick();
  assert.deepEqual([at.memory.rows().clusters[0]?.phase, at.memory.rows().clusters[0]?.phaseReason], ["unknown", "host-1 silent 16 s"]);
});

test("a reconciler that stood still, or whose clock was set, calls no host silent and gives none up for that", async () => {
  const at = site();
  const second = makeFakeHost({ id: "host1", installation: "isite", now: at.now });
  at.memory.edit((rows) => ({ ...rowsWith(rows.clusters, 2), installation: { ...rows.installation, moveAfterSeconds: 60 } }));
  const core = at.make({ stoodStill: clockWatch(at.now) });
  const look = () => core.observe(picture(second), false);
  await at.settle(core);
  // Leases are told, and shown to be held.
  await at.settle(core);
  await look();
  const state = () => [at.memory.rows().clusters[0]?.phase, at.memory.rows().hosts.filter((host) => host.fencedAt !== null).length];
  assert.deepEqual(state(), ["ready", 0]);
  // Paused, and then one of two hosts is heard first.
  at.wait(600_000);
  await look();
  await core.reconcile();
  await core.tick();
  assert.deepEqual(state(), ["ready", 0]);
  // The clock is set.
  await at.settle(core);
  for (const ms of [3_600_000, -3_600_000]) {
    at.wait(ms);
    await look();
    await core.reconcile();
    await core.tick();
    assert.deepEqual(state(), ["ready", 0]);
  }
  // Who really says nothing while somebody listens is given up all the same.
  await at.settle(core);
  for (let passed = 0; passed < 90; passed += 5) {
    at.wait(5_000);
    await look();
    await core.tick();
  }
  await core.reconcile();
  assert.equal(state()[1], 1);
});

test("a host is heard when its picture arrives, however long it waits to be looked at", async () => {
  const at = site();
  at.memory.edit((rows) => ({ ...rowsWith(rows.clusters, 2), installation: { ...rows.installation, moveAfterSeconds: 60 } }));
  const second = makeFakeHost({ id: "host1", installation: "isite", now: at.now });
  const core = at.make();
  await at.settle(core);
  await at.settle(core);
  at.wait(90_000);
  core.arrived("host0");
  await core.observe(picture(second), true);
  await core.reconcile();
  assert.deepEqual(
    at.memory.rows().hosts.map((host) => host.fencedAt),
    [null, null],
  );
});

test("stopped nodes give their memory to others, and get it back only when it is there", async () => {
  const at = site({ workerCount: 0 });
  at.memory.edit((rows) => ({ ...rows, hosts: rows.hosts.map((host) => ({ ...host, reservedMemoryMb: 27_000 })) }));
  const core = at.make();
  await at.settle(core);
  at.want({ desired: "stopped" });
  const other = cluster({ id: "cother0", name: "other", workerCount: 0, attemptAt: Date.UTC(2026, 5, 1) });
  at.memory.edit((rows) => ({ ...rows, clusters: [...rows.clusters, other] }));
  await core.reconcile();
  assert.equal(at.memory.rows().nodes.length, 1, "what may still run keeps its memory");
  await at.settle(core);
  assert.deepEqual(
    at.memory.rows().clusters.map((row) => [row.id, row.phase]),
    [
      ["ccluster", "stopped"],
      ["cother0", "ready"],
    ],
  );
  at.memory.edit((rows) => ({
    ...rows,
    clusters: rows.clusters.map((row) =>
      row.id === "ccluster" ? { ...row, desired: "running" as const, attempt: 2, generation: 9 } : row,
    ),
  }));
  await at.settle(core);
  assert.equal(at.memory.rows().clusters[0]?.phaseReason, "needs 4 GB on one host; host-1 has 1.6 GB free");
});

test("a cluster whose secret no key opens says so, alone, and goes on when the right key is back", async () => {
  const at = site({ secrets: null });
  const other = cluster({ id: "cother0", name: "other", workerCount: 0 });
  at.memory.edit((rows) => ({ ...rows, clusters: [...rows.clusters, other] }));
  const core = at.make();
  await at.settle(core);
  const phases = () => at.memory.rows().clusters.map((row) => row.phase);
  const said = () => at.memory.rows().clusters[0]?.phaseReason ?? "";
  const secrets = (value: ClusterRow["secrets"]) =>
    at.memory.edit((rows) => ({
      ...rows,
      clusters: rows.clusters.map((row) => (row.id === "ccluster" ? { ...row, secrets: value } : row)),
    }));
  assert.deepEqual(phases(), ["queued", "ready"]);
  assert.match(said(), /^its Spark secret cannot be read with this site's key; .*site\.key/);
  const read = { sparkAuth: "a", jupyterToken: "b" };
  secrets(read);
  await at.settle(core);
  assert.deepEqual(phases(), ["ready", "ready"]);
  // Lost while it runs: its host keeps what it holds, nothing that runs is touched, and it is not drained to where it could not start.
  const running = new Map(at.host.disk.containers);
  secrets(null);
  at.memory.edit((rows) => ({ ...rows, hosts: rows.hosts.map((host) => ({ ...host, mode: "draining" as const })) }));
  await at.settle(core);
  assert.deepEqual(phases(), ["degraded", "ready"]);
  assert.match(said(), /cannot be read/);
  assert.deepEqual(
    at.told
      .at(-1)
      ?.nodes.filter((node) => node.cluster.id === "ccluster")
      .map((node) => [node.desired, node.secrets]),
    [
      ["running", { "spark-auth": "", "jupyter-token": "" }],
      ["running", { "spark-auth": "" }],
    ],
  );
  assert.deepEqual(at.host.disk.containers, running);
  secrets(read);
  await at.settle(core);
  assert.deepEqual(phases(), ["ready", "ready"]);
  // It can always be deleted.
  secrets(null);
  at.want({ desired: "deleted" });
  await at.settle(core);
  await at.settle(core);
  assert.deepEqual(phases(), []);
});

test("that a host fell silent and is back is told once, and so is a start of the machine", async () => {
  const at = site();
  const core = at.make();
  await at.settle(core);
  const events = () => at.writes.flatMap((write) => write.events ?? []).map((event) => event.kind);
  at.wait(16_000);
  await core.tick();
  await core.tick();
  assert.deepEqual(events(), ["silent"]);
  Object.assign(at.host.facts, { bootId: "one" });
  await core.observe(picture(at.host), false);
  await core.tick();
  assert.deepEqual(events(), ["silent", "back"]);
  Object.assign(at.host.facts, { bootId: "two" });
  await core.observe(picture(at.host), false);
  assert.deepEqual(events(), ["silent", "back", "rebooted"]);
});

test("a host that is not heard is told nothing, until it is heard again", async () => {
  const at = site();
  const core = at.make();
  await at.settle(core);
  at.wait(16_000);
  at.want({ workerCount: 2 });
  await core.reconcile();
  const told = at.told.length;
  await core.push("host0");
  assert.deepEqual([core.pending(), at.told.length], [[], told]);
  await core.observe(picture(at.host), false);
  assert.deepEqual(core.pending(), ["host0"]);
});
