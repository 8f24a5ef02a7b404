import { type ClusterView, type CreateCluster, WorkerCount } from "../../../server/services/clusters/schemas.ts";

export interface ResizeView {
  added: number;
  removed: number;
  frees: { vcpus: number; memoryMb: number };
  /** Why it cannot be sent; null: it can. */
  problem: string | null;
}

type Sized = Pick<ClusterView, "workerCount" | "workerFlavor">;

/** What another number of workers means. */
export function resizeView(cluster: Sized, wanted: number | null): ResizeView {
  const parsed = WorkerCount.safeParse(wanted);
  const change = parsed.success ? parsed.data - cluster.workerCount : 0;
  const removed = Math.max(0, -change);
  return {
    added: Math.max(0, change),
    removed,
    frees: { vcpus: removed * cluster.workerFlavor.vcpus, memoryMb: removed * cluster.workerFlavor.memoryMb },
    problem: parsed.success
      ? change === 0
        ? "That is how many there are; choose another number."
        : null
      : (parsed.error.issues[0]?.message ?? "Type a number."),
  };
}

/** Asks whether so many more nodes of the workers' flavor fit: the same room as a bare cluster of that many nodes. */
export function resizeQuestion(cluster: Sized & Pick<ClusterView, "tenant">, added: number): Omit<CreateCluster, "name"> {
  const { slug } = cluster.workerFlavor;
  return { tenant: cluster.tenant.slug, type: "utility", masterFlavor: slug, workerFlavor: slug, workerCount: added - 1 };
}
