import { runsWorker } from "./bundle-roles.ts";
import { addressOf, hostOf, nodesOfCluster, stepsOfCluster, volumeOf } from "./rows.ts";
import { admitted } from "./scheduler/ledger.ts";
import type { ClusterRow, DistributionRow, HostRow, NodeRow, Snapshot, StepId, StepRow } from "./snapshot.ts";

/** How far a step is: `null` when it has not begun. */
interface Progress {
  readonly step: StepId;
  readonly begun: boolean;
  readonly done: number;
  readonly of: number;
  readonly message: string | null;
  readonly failed: boolean;
}

/** The steps that a cluster of this distribution goes through, in order. */
export function stepsOf(distribution: Pick<DistributionRow, "bundle">): StepId[] {
  const common: StepId[] = ["placed", "network", "volumes", "containers"];
  if (distribution.bundle.type !== "spark") return common;
  return [...common, "master", "workers", ...(notebooks(distribution).length > 0 ? (["notebook"] as const) : [])];
}

/**
 * The rows of the start timeline that differ from what is kept. A step that ended stays ended within its attempt: what breaks later is the
 * node's state, not the start's story.
 */
export function timeline(snapshot: Snapshot, cluster: ClusterRow, now: number): StepRow[] {
  const distribution = snapshot.distributions.find((row) => row.id === cluster.distributionId);
  if (cluster.desired !== "running" || !distribution) return [];
  const before = new Map(
    stepsOfCluster(snapshot, cluster.id)
      .filter((row) => row.attempt === cluster.attempt)
      .map((row) => [row.step, row]),
  );
  return progress(snapshot, cluster, distribution).flatMap((now_) => {
    const row = next(cluster, before.get(now_.step), now_, now);
    return row ? [row] : [];
  });
}

function next(cluster: ClusterRow, before: StepRow | undefined, seen: Progress, now: number): StepRow | null {
  if (before?.endedAt || !seen.begun) return null;
  const ended = seen.of > 0 && seen.done >= seen.of;
  const startedAt = before?.startedAt ?? (seen.step === "placed" ? cluster.attemptAt : now);
  const row: StepRow = {
    clusterId: cluster.id,
    attempt: cluster.attempt,
    step: seen.step,
    startedAt,
    endedAt: ended ? Math.max(now, startedAt) : null,
    done: seen.done,
    of: seen.of,
    failed: !ended && seen.failed,
    message: ended ? null : seen.message,
  };
  const same = before && before.done === row.done && before.of === row.of && before.failed === row.failed && before.message === row.message;
  return same && !row.endedAt ? null : row;
}

function progress(snapshot: Snapshot, cluster: ClusterRow, distribution: DistributionRow): Progress[] {
  const nodes = nodesOfCluster(snapshot, cluster.id).filter((node) => !node.removing);
  const placed = admitted(snapshot, cluster);
  const all = nodes.length;
  const seen = (test: (node: NodeRow) => boolean): number => (placed ? nodes.filter(test).length : 0);
  const trouble = (...steps: string[]): Pick<Progress, "message" | "failed"> => {
    const node = nodes.find((row) => row.observed?.fault && steps.includes(row.observed.step));
    const fault = node?.observed?.fault;
    return fault ? { message: `${node.name}: ${fault.message}`, failed: !fault.retryable } : { message: null, failed: false };
  };
  const running = (node: NodeRow): boolean => node.observed?.state === "running";
  const rows: Progress[] = [
    {
      step: "placed",
      begun: true,
      done: placed ? all : 0,
      of: cluster.workerCount + 1,
      message: cluster.refusal?.message ?? null,
      failed: false,
    },
    { step: "network", begun: placed, done: seen((node) => networkOf(snapshot, node) || running(node)), of: all, ...trouble("network") },
    { step: "volumes", begun: placed, done: seen((node) => diskOf(snapshot, node) || running(node)), of: all, ...trouble("volume") },
    { step: "containers", begun: placed, done: seen(running), of: all, ...containerTrouble(snapshot, nodes, distribution, trouble) },
  ];
  return distribution.bundle.type === "spark" ? [...rows, ...sparkProgress(distribution, nodes, placed)] : rows;
}

function networkOf(snapshot: Snapshot, node: NodeRow): boolean {
  const segment = addressOf(snapshot, node.id)?.segmentId;
  const host = hostOf(snapshot, node.hostId);
  return host?.observed?.segments.some((row) => row.id === segment && row.state === "present") ?? false;
}

function diskOf(snapshot: Snapshot, node: NodeRow): boolean {
  const seen = volumeOf(snapshot, node.volumeId)?.observed;
  return seen?.state === "present" || seen?.state === "mounted";
}

type Trouble = (...steps: string[]) => Pick<Progress, "message" | "failed">;

/** An image that is being built is the usual reason why containers do not come: said with the build's own progress. */
function containerTrouble(
  snapshot: Snapshot,
  nodes: readonly NodeRow[],
  distribution: DistributionRow,
  trouble: Trouble,
): ReturnType<Trouble> {
  const hosts = [...new Set(nodes.map((node) => node.hostId))].flatMap((id) => hostOf(snapshot, id) ?? []);
  // A failure that a host tells before it has heard what is wanted now is the one that Retry was about.
  const heard = ({ wantedGeneration, observed }: HostRow): boolean =>
    wantedGeneration === null || (observed?.generation ?? 0) >= wantedGeneration;
  const images = hosts.flatMap((host) => host.observed?.images.filter((row) => row.state !== "failed" || heard(host)) ?? []);
  const image = images.find((row) => row.tag === distribution.imageTag && row.state !== "present");
  if (image?.state === "failed")
    return { message: image.fault?.message ?? "the image could not be built", failed: !(image.fault?.retryable ?? false) };
  if (image) return { message: image.progress ? `building the image: ${image.progress}` : "building the image", failed: false };
  return trouble("image", "container");
}

function notebooks(distribution: Pick<DistributionRow, "bundle">): string[] {
  const { roles, services } = distribution.bundle;
  const working = new Set(roles.worker?.services ?? []);
  return roles.master.services.filter((id) => services[id]?.probe.kind !== "spark-master" && !working.has(id));
}

function sparkProgress(distribution: DistributionRow, nodes: readonly NodeRow[], placed: boolean): Progress[] {
  const master = nodes.find((node) => node.role === "master");
  const healthy = (id: string): boolean => master?.observed?.services.some((service) => service.id === id && service.healthy) ?? false;
  const failing = (ids: readonly string[]): Pick<Progress, "message" | "failed"> => {
    const bad = master?.observed?.services.find(
      (service) => ids.includes(service.id) && (service.state === "fatal" || service.state === "backoff"),
    );
    const title = bad ? (distribution.bundle.services[bad.id]?.title ?? bad.id) : "";
    return bad ? { message: bad.detail ?? `${title} ended`, failed: bad.state === "fatal" } : { message: null, failed: false };
  };
  const up = placed && master?.observed?.state === "running";
  const masters = distribution.bundle.roles.master.services.filter((id) => distribution.bundle.services[id]?.probe.kind === "spark-master");
  const ready = up && masters.every(healthy);
  const expected = nodes.filter((node) => runsWorker(distribution, node.role)).length;
  const alive = master?.observed?.sparkMaster?.aliveWorkers ?? 0;
  const books = notebooks(distribution);
  const rows: Progress[] = [
    { step: "master", begun: up, done: ready ? 1 : 0, of: 1, ...failing(masters) },
    { step: "workers", begun: ready, done: Math.min(alive, expected), of: expected, message: null, failed: false },
  ];
  if (books.length > 0) rows.push({ step: "notebook", begun: up, done: up && books.every(healthy) ? 1 : 0, of: 1, ...failing(books) });
  return rows;
}
