import type { DistributionRow, Snapshot, StepId } from "../../planner/snapshot.ts";
import { stepsOf } from "../../planner/steps.ts";
import type { ClusterView, StepView } from "./schemas.ts";

const titles: Record<StepId, string> = {
  placed: "Placed",
  network: "Network",
  volumes: "Disks",
  containers: "Containers",
  master: "Spark master",
  workers: "Workers",
  notebook: "Notebook",
};

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
  const steps = stepsOf(distribution).map((step): StepView => {
    const row = rows.get(step);
    const title = titles[step];
    if (!row) {
      const detail = step === "placed" ? cluster.refusal : null;
      return { step, title, detail, state: "waiting", startedAt: null, endedAt: null };
    }
    const counted = row.of > 1 || step === "workers" ? `${row.done} of ${row.of}${step === "workers" ? " registered" : ""}` : null;
    const placed = step === "placed" && row.endedAt !== null ? hosts.join(", ") : null;
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
