import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeObservation } from "../../agents/protocol/observed.ts";
import { heard } from "../reconciler/testing/heard.ts";
import { cluster, rowsWith } from "../reconciler/testing/rows.ts";
import { apply } from "./apply.ts";
import { clusterPhase } from "./phase.ts";
import { plan } from "./plan.ts";
import type { ClusterRow, NodeRow, Snapshot, StepRow } from "./snapshot.ts";
import { timeline } from "./steps.ts";

const now = Date.UTC(2026, 4, 1, 12);
const later = now + 60_000;

function placed(change: Partial<ClusterRow> = {}): Snapshot {
  const rows = heard(rowsWith([cluster({ workerCount: 2, ...change })]), now);
  let n = 0;
  return apply(rows, plan(rows, now, (prefix) => `${prefix}${String(n++).padStart(6, "0")}`).changes);
}

/** What a host says of a node that is well. */
function well(node: NodeRow, change: Partial<NodeObservation> = {}): NodeObservation {
  const ids = node.role === "master" ? ["spark-master", "spark-worker", "jupyter"] : ["spark-worker"];
  return {
    id: node.id,
    state: "running",
    step: "done",
    ip: null,
    incarnation: 1,
    startedAt: new Date(now).toISOString(),
    services: ids.map((id) => ({ id, state: "running", healthy: true, since: new Date(now).toISOString(), restarts: 0, detail: null })),
    sparkMaster: node.role === "master" ? { aliveWorkers: 3, cores: 3, coresUsed: 0, applications: [] } : null,
    oomKills: 0,
    lastOom: null,
    usage: null,
    fault: null,
    ...change,
  };
}

function see(rows: Snapshot, say: (node: NodeRow) => NodeObservation | null): Snapshot {
  return { ...rows, nodes: rows.nodes.map((node) => ({ ...node, observed: say(node) })) };
}

/** All steps ended a moment ago: the start is over. */
function started(rows: Snapshot): Snapshot {
  const ids = ["placed", "network", "volumes", "containers", "master", "workers", "notebook"] as const;
  const steps = ids.map(
    (step): StepRow => ({
      clusterId: "ccluster",
      attempt: 1,
      step,
      startedAt: now,
      endedAt: now + 1,
      done: 1,
      of: 1,
      failed: false,
      message: null,
    }),
  );
  return { ...rows, steps };
}

function phase(rows: Snapshot, at = now): { phase: string; reason: string | null } {
  const [row] = rows.clusters;
  assert.ok(row);
  return clusterPhase(rows, row, at);
}

const worker = (rows: Snapshot): NodeRow => rows.nodes.find((node) => node.role === "worker") as NodeRow;

test("a cluster without a place is queued and says what is missing", () => {
  const rows = heard(
    rowsWith([cluster({ refusal: { message: "needs 12 GB on one host; this-host has 9 GB free", lacking: "memory" } })]),
    now,
  );
  assert.deepEqual(phase(rows), { phase: "queued", reason: "needs 12 GB on one host; this-host has 9 GB free" });
});

test("while it starts the reason is the step that is under way", () => {
  const rows = placed();
  const [row] = rows.clusters;
  const steps = timeline(rows, row as ClusterRow, now);
  assert.deepEqual(phase({ ...rows, steps: [...rows.steps, ...steps] }), { phase: "starting", reason: "segment 0 of 3" });
});

test("a step of one thing is said without counting", () => {
  const rows = placed();
  const step = (id: StepRow["step"], endedAt: number | null): StepRow => ({
    clusterId: "ccluster",
    attempt: 1,
    step: id,
    startedAt: now,
    endedAt,
    done: 0,
    of: 1,
    failed: false,
    message: null,
  });
  const steps = [...rows.steps, step("network", now), step("volumes", now), step("containers", now), step("master", null)];
  assert.deepEqual(phase({ ...see(rows, (node) => well(node)), steps }), { phase: "starting", reason: "the Spark master starts" });
});

test("an image that is being built is named with its progress", () => {
  const rows = placed();
  const building = {
    ...rows,
    hosts: rows.hosts.map((host) => ({
      ...host,
      observed: host.observed && {
        ...host.observed,
        images: [
          {
            bundle: "spark-3-5-jupyter",
            tag: "kindling/spark-3-5-jupyter:1",
            state: "building" as const,
            progress: "step 4 of 11: installing JupyterLab",
            startedAt: null,
            endedAt: null,
            sizeMb: null,
            fault: null,
          },
        ],
      },
    })),
  };
  const containers = timeline(building, building.clusters[0] as ClusterRow, now).find((step) => step.step === "containers");
  assert.equal(containers?.message, "building the image: step 4 of 11: installing JupyterLab");
});

test("an image that failed before the host heard of the retry is not why the retry fails", () => {
  const rows = placed();
  const failed = (wantedGeneration: number | null, generation: number) => ({
    ...rows,
    hosts: rows.hosts.map((host) => ({
      ...host,
      wantedGeneration,
      observed: host.observed && {
        ...host.observed,
        generation,
        images: [
          {
            ...{ bundle: "spark-3-5-jupyter", tag: "kindling/spark-3-5-jupyter:1", state: "failed" as const, progress: null },
            ...{ startedAt: null, endedAt: null, sizeMb: null },
            fault: { code: "image_build_failed", message: "No mirror.", retryable: false },
          },
        ],
      },
    })),
  });
  const containers = (one: Snapshot) =>
    timeline(one, one.clusters[0] as ClusterRow, now).find((step) => step.step === "containers")?.failed ?? null;
  assert.equal(containers(failed(5, 4)), false);
  assert.equal(containers(failed(5, 5)), true);
  assert.equal(containers(failed(null, 4)), true);
});

test("a fault that nobody can wait out fails the start; one that passes does not", () => {
  const fault = { code: "image_build_failed", message: "The image could not be built: no space is left.", retryable: false };
  const failing = see(placed(), (node) => well(node, { state: "pending", step: "image", fault }));
  assert.deepEqual(phase(failing), { phase: "failed", reason: "kindling-1: The image could not be built: no space is left." });
  const passing = see(placed(), (node) => well(node, { state: "pending", step: "container", fault: { ...fault, retryable: true } }));
  assert.equal(phase(passing).phase, "starting");
  assert.match(phase(passing).reason ?? "", /kindling-1: The image/);
});

test("all well is ready, and needs no word more", () => {
  const rows = started(see(placed(), (node) => well(node)));
  assert.deepEqual(phase(rows), { phase: "ready", reason: null });
});

test("a worker that breaks later degrades the cluster and is named", () => {
  const rows = started(placed());
  const broken = see(rows, (node) => (node.id === worker(rows).id ? well(node, { state: "exited" }) : well(node)));
  assert.equal(phase(broken).phase, "degraded");
  assert.match(phase(broken).reason ?? "", /^kindling-2: /);
  const dead = { id: "jupyter", state: "fatal" as const, healthy: false, since: null, restarts: 5, detail: "exited too quickly" };
  const notebook = see(rows, (node) =>
    node.role === "master" ? well(node, { services: [...well(node).services.slice(0, 2), dead] }) : well(node),
  );
  assert.deepEqual(phase(notebook), { phase: "degraded", reason: "kindling-1: Jupyter does not start: exited too quickly" });
});

test("a worker that was added may take its time", () => {
  const rows = started(placed());
  const grown = { ...rows, nodes: rows.nodes.map((node) => (node.id === worker(rows).id ? { ...node, createdAt: later } : node)) };
  const coming = see(grown, (node) =>
    node.id === worker(rows).id
      ? null
      : well(node, { sparkMaster: node.role === "master" ? { aliveWorkers: 2, cores: 2, coresUsed: 0, applications: [] } : null }),
  );
  assert.deepEqual(phase(coming), { phase: "starting", reason: "workers 2 of 3" });
});

test("a lost worker is missed even though its services run", () => {
  const lost = { aliveWorkers: 2, cores: 2, coresUsed: 0, applications: [] };
  const rows = started(see(placed(), (node) => well(node, node.role === "master" ? { sparkMaster: lost } : {})));
  assert.deepEqual(phase(rows), { phase: "degraded", reason: "the master sees 2 of 3 workers" });
});

test("a host that is silent for more than 15 s makes everything on it unknown", () => {
  const rows = started(see(placed(), (node) => well(node)));
  assert.equal(phase(rows, now + 15_000).phase, "ready");
  assert.deepEqual(phase(rows, now + 40_000), { phase: "unknown", reason: "host-1 silent 40 s" });
});

test("without Docker nothing is known, and Docker is named", () => {
  const rows = started(see(placed(), (node) => well(node)));
  const fault = { code: "engine_unreachable", message: "Docker does not answer.", retryable: true };
  const blind = { ...rows, hosts: rows.hosts.map((host) => ({ ...host, observed: host.observed && { ...host.observed, fault } })) };
  assert.deepEqual(phase(blind), { phase: "unknown", reason: "host-1: Docker does not answer." });
});

test("stopping counts, stopped is said once nothing runs", () => {
  const rows = started(placed({}));
  const stopped = { ...rows, clusters: rows.clusters.map((row) => ({ ...row, desired: "stopped" as const })) };
  const half = see(stopped, (node) => (node.role === "master" ? well(node) : well(node, { state: "stopped", services: [] })));
  assert.deepEqual(phase(half), { phase: "stopping", reason: "2 of 3 stopped" });
  assert.deepEqual(phase(see(half, (node) => well(node, { state: "stopped" }))), { phase: "stopped", reason: null });
});

test("a container that was made and never started does not keep a cluster from being stopped", () => {
  const rows = placed();
  const stopped = { ...rows, clusters: rows.clusters.map((row) => ({ ...row, desired: "stopped" as const })) };
  assert.equal(phase(see(stopped, (node) => well(node, { state: "creating", step: "container" }))).phase, "stopping");
  assert.equal(phase(see(stopped, (node) => well(node, { state: "creating", step: "done" }))).phase, "stopped");
});

test("a cluster that cannot grow is still ready, and says what its new workers wait for", () => {
  const rows = started(see(placed(), (node) => well(node)));
  const refusal = { message: "needs 4 GB on one host; host-1 has 2 GB free", lacking: "memory" as const };
  const wanting = { ...rows, clusters: rows.clusters.map((row) => ({ ...row, workerCount: 9, refusal })) };
  assert.deepEqual(phase(wanting), { phase: "ready", reason: "more workers wait: needs 4 GB on one host; host-1 has 2 GB free" });
});

test("a step that ended stays ended in its attempt, and begins anew with the next one", () => {
  const rows = started(see(placed(), (node) => well(node, { state: "exited", services: [], sparkMaster: null })));
  const [row] = rows.clusters;
  assert.deepEqual(timeline(rows, row as ClusterRow, later), []);
  const retried = { ...rows, clusters: rows.clusters.map((entry) => ({ ...entry, attempt: 2, attemptAt: later })), steps: [] };
  assert.deepEqual(
    timeline(retried, retried.clusters[0] as ClusterRow, later).map(({ step, attempt, startedAt, endedAt }) => ({
      step,
      attempt,
      startedAt,
      endedAt,
    })),
    [{ step: "placed", attempt: 2, startedAt: later, endedAt: null }],
  );
});

test("the timeline ends with everything in order", () => {
  const rows = placed();
  const full = {
    ...see(rows, (node) => well(node)),
    hosts: rows.hosts.map((host) => ({
      ...host,
      observed: host.observed && { ...host.observed, segments: [{ id: "sred00", state: "present" as const, fault: null }] },
    })),
    volumes: rows.volumes.map((volume) => ({
      ...volume,
      observed: { id: volume.id, state: "mounted" as const, sizeMb: 1, usedMb: 0, fault: null },
    })),
  };
  const steps = timeline(full, full.clusters[0] as ClusterRow, later);
  assert.deepEqual(
    steps.map(({ step, done, of, endedAt }) => [step, done, of, endedAt]),
    [
      ["network", 3, 3, later],
      ["volumes", 3, 3, later],
      ["containers", 3, 3, later],
      ["master", 1, 1, later],
      ["workers", 3, 3, later],
      ["notebook", 1, 1, later],
    ],
  );
  assert.deepEqual(phase({ ...full, steps: [...full.steps, ...steps] }, later - 50_000), { phase: "ready", reason: null });
});

test("a pristine cluster has no Spark steps and is ready with its containers", () => {
  const rows = placed({ distributionId: "utility" });
  const up = see(rows, (node) => well(node, { services: [], sparkMaster: null }));
  const steps = timeline(up, up.clusters[0] as ClusterRow, now);
  assert.deepEqual(
    steps.map((step) => step.step),
    ["network", "volumes", "containers"],
  );
  assert.deepEqual(phase({ ...up, steps: [...up.steps, ...steps] }), { phase: "ready", reason: null });
});
