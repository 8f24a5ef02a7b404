import { runsWorker } from "./bundle-roles.ts";
import { lost } from "./confirm.ts";
import { type Derived, nodeStates } from "./node-state.ts";
import { stepsOfCluster } from "./rows.ts";
import { admitted } from "./scheduler/ledger.ts";
import { blind } from "./silence.ts";
import type { ClusterRow, NodeRow, Snapshot, StepRow } from "./snapshot.ts";
import { stepsOf } from "./steps.ts";
import { isUnreadable } from "./unreadable.ts";
import { count } from "./words.ts";

export { nodeStates } from "./node-state.ts";

type Seen = ReturnType<typeof nodeStates>[number];

/** A cluster's state in words, derived from what people want and what hosts report; never set by hand. */
export function clusterPhase(snapshot: Snapshot, cluster: ClusterRow, now: number): Derived {
  const seen = nodeStates(snapshot, cluster, now);
  if (cluster.desired === "deleted") return deleting(seen);
  const staying = seen.filter(({ node }) => !node.removing);
  const gone = (host: Seen["host"]): string | null =>
    lost(host) ? (cluster.refusal?.message ?? `${host.name} is lost`) : blind(host, now);
  const quiet = staying.map(({ host }) => gone(host)).find((words) => words !== null);
  if (quiet) return { phase: "unknown", reason: quiet };
  if (cluster.desired === "stopped") return stopping(staying);
  if (!admitted(snapshot, cluster)) return waiting(cluster, staying);
  return running(snapshot, cluster, staying);
}

function trouble({ node, state }: Seen): string | null {
  return state.reason ? `${node.name}: ${state.reason}` : null;
}

function deleting(seen: readonly Seen[]): Derived {
  const stuck = seen.map(trouble).find((words) => words !== null);
  return { phase: "deleting", reason: stuck ?? null };
}

function stopping(seen: readonly Seen[]): Derived {
  const rest = seen.filter(({ state }) => state.phase === "stopped");
  if (rest.length === seen.length) return { phase: "stopped", reason: null };
  const stuck = seen.map(trouble).find((words) => words !== null);
  return { phase: "stopping", reason: stuck ?? `${rest.length} of ${seen.length} stopped` };
}

function waiting(cluster: ClusterRow, seen: readonly Seen[]): Derived {
  if (cluster.refusal) return { phase: "queued", reason: cluster.refusal.message };
  return { phase: "queued", reason: seen.some(({ state }) => state.phase === "stopping") ? "its nodes are still stopping" : null };
}

function running(snapshot: Snapshot, cluster: ClusterRow, seen: readonly Seen[]): Derived {
  const steps = stepsOfCluster(snapshot, cluster.id).filter((row) => row.attempt === cluster.attempt);
  const startedAt = startEnded(snapshot, cluster, steps);
  if (isUnreadable(cluster)) return { phase: startedAt === null ? "failed" : "degraded", reason: cluster.refusal?.message ?? null };
  if (startedAt === null) return starting(seen, steps);
  const wrong = seen.filter(({ state }) => state.phase !== "ready");
  const broken = wrong.filter(
    (entry) => !isNew(entry.node, startedAt) || (entry.state.phase !== "starting" && entry.state.phase !== "queued"),
  );
  const [worst] = broken.sort((a, b) => severity(b.state) - severity(a.state));
  if (worst) return { phase: "degraded", reason: trouble(worst) ?? `${worst.node.name} is not ready` };
  const workers = registered(snapshot, cluster, seen);
  if (wrong.length > 0)
    return { phase: "starting", reason: workers ? `workers ${workers.alive} of ${workers.expected}` : "more nodes come" };
  if (workers && workers.alive < workers.expected) {
    if (seen.some(({ node }) => isNew(node, startedAt)))
      return { phase: "starting", reason: `workers ${workers.alive} of ${workers.expected}` };
    return { phase: "degraded", reason: `the master sees ${workers.alive} of ${count(workers.expected, "worker")}` };
  }
  // It runs as it is, and cannot grow as people want: said, but no reason to call it broken.
  return { phase: "ready", reason: cluster.refusal ? waitsWith(cluster.refusal.message) : null };
}

/** Most often it cannot grow; a node without a host says so itself. */
function waitsWith(message: string): string {
  return / waits for another host: /.test(message) ? message : `more workers wait: ${message}`;
}

/** When the start was complete, or null while it is not. */
function startEnded(snapshot: Snapshot, cluster: ClusterRow, steps: readonly StepRow[]): number | null {
  const distribution = snapshot.distributions.find((row) => row.id === cluster.distributionId);
  if (!distribution) return null;
  const ends = stepsOf(distribution).map((id) => steps.find((row) => row.step === id)?.endedAt ?? null);
  return ends.some((end) => end === null) ? null : Math.max(...ends.map((end) => end ?? 0));
}

/** A worker that was added to a running cluster may take its time. */
function isNew(node: NodeRow, startedAt: number): boolean {
  return node.createdAt > startedAt;
}

function severity(state: Derived): number {
  return ["starting", "degraded", "failed"].indexOf(state.phase);
}

function starting(seen: readonly Seen[], steps: readonly StepRow[]): Derived {
  const failed = seen.find(({ state }) => state.phase === "failed");
  if (failed) return { phase: "failed", reason: trouble(failed) };
  const stuck = steps.find((row) => row.failed);
  if (stuck) return { phase: "failed", reason: stuck.message };
  const tried = seen.find(({ node, state }) => node.observed?.fault || state.phase === "degraded");
  if (tried) return { phase: "starting", reason: trouble(tried) };
  const step = steps.filter((row) => row.endedAt === null).sort((a, b) => order(a) - order(b))[0];
  if (!step) return { phase: "starting", reason: null };
  if (step.message) return { phase: "starting", reason: step.message };
  const one = { master: "the Spark master starts", notebook: "the notebook starts" };
  if (step.step === "master" || step.step === "notebook") return { phase: "starting", reason: one[step.step] };
  return { phase: "starting", reason: `${counted[step.step]} ${step.done} of ${step.of}` };
}

/** As the timeline calls them. */
const counted = { placed: "placed", network: "segment", volumes: "disks", containers: "containers", workers: "workers" } as const;

function order(row: StepRow): number {
  return ["placed", "network", "volumes", "containers", "master", "workers", "notebook"].indexOf(row.step);
}

/** Workers that the Spark master has, and should have; null without one that answers. */
function registered(snapshot: Snapshot, cluster: ClusterRow, seen: readonly Seen[]): { alive: number; expected: number } | null {
  const distribution = snapshot.distributions.find((row) => row.id === cluster.distributionId);
  const spark = seen.find(({ node }) => node.role === "master")?.node.observed?.sparkMaster;
  if (!distribution || !spark) return null;
  const expected = seen.filter(({ node }) => runsWorker(distribution, node.role)).length;
  return { alive: Math.min(spark.aliveWorkers, expected), expected };
}
