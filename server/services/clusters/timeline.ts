import type { DistributionRow, Snapshot, StepId, StepRow } from "../../planner/snapshot.ts";
import { stepsOf } from "../../planner/steps.ts";
import { count, gb } from "../../planner/words.ts";
import type { ClusterView, StepView } from "./schemas.ts";

const titles: Record<StepId, string> = {
  placed: "Placed",
  network: "Segment",
  volumes: "Disks",
  containers: "Containers",
  master: "Spark master",
  workers: "Workers",
  notebook: "Notebook",
};

/** How far a step is: "3 addresses", "2 of 3 running", "listening on 7077". */
function detailOf(step: StepId, { done, of, endedAt }: Pick<StepRow, "done" | "of" | "endedAt">, diskMb: number): string | null {
  const ended = endedAt !== null;
  switch (step) {
    case "network":
      return ended ? count(of, "address", "addresses") : `${done} of ${of}`;
    case "volumes":
      return ended ? `${count(of, "disk")}, ${gb(diskMb)}` : `${done} of ${of}`;
    case "containers":
      return `${done} of ${of} running`;
    case "master":
      return ended ? "listening on 7077" : null;
    case "workers":
      return `${done} of ${of} registered`;
    case "notebook":
      return ended ? "answers" : null;
    case "placed":
      return null;
  }
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** The start of the present attempt, step by step; those that have not begun wait. */
export function timelineOf(
  cluster: { id: string; attempt: number; attemptAt: Date; desired: string; refusal: string | null },
  distribution: Pick<DistributionRow, "bundle">,
  snapshot: Snapshot,
  usualSeconds: ClusterView["timeline"]["usualSeconds"],
): ClusterView["timeline"] {
  const rows = new Map(
    snapshot.steps.filter((row) => row.clusterId === cluster.id && row.attempt === cluster.attempt).map((row) => [row.step, row]),
  );
  const hosts = [
    ...new Set(
      snapshot.nodes
        .filter((node) => node.clusterId === cluster.id)
        .map((node) => snapshot.hosts.find((host) => host.id === node.hostId)?.name ?? ""),
    ),
  ];
  const mine = new Set(snapshot.nodes.flatMap((node) => (node.clusterId === cluster.id ? [node.volumeId] : [])));
  const diskMb = snapshot.volumes.reduce((all, volume) => all + (mine.has(volume.id) ? volume.sizeMb : 0), 0);
  const steps = stepsOf(distribution).map((step): StepView => {
    const row = rows.get(step);
    const title = titles[step];
    if (!row) {
      const detail = step === "placed" ? cluster.refusal : null;
      return { step, title, detail, state: "waiting", startedAt: null, endedAt: null };
    }
    const placed = step === "placed" && row.endedAt !== null ? hosts.join(", ") : null;
    const counted = step === "placed" ? (row.of > 1 ? `${row.done} of ${row.of}` : null) : detailOf(step, row, diskMb);
    return {
      step,
      title,
      detail: row.message ?? placed ?? counted,
      state: row.failed ? "failed" : row.endedAt === null ? "running" : "done",
      startedAt: iso(row.startedAt),
      endedAt: iso(row.endedAt),
    };
  });
  const ends = steps.map((step) => step.endedAt);
  const endedAt = ends.every((end) => end !== null) ? (ends.toSorted().at(-1) ?? null) : null;
  return { steps, startedAt: cluster.attemptAt.toISOString(), endedAt, usualSeconds };
}
