import type { ClusterView } from "../../../server/services/clusters/schemas.ts";

export interface ResizeView {
  added: number;
  removed: number;
  frees: { vcpus: number; memoryMb: number; gpus: number };
  /** Why it cannot be sent; null: it can. */
  problem: string | null;
}

type Sized = Pick<ClusterView, "workerCount" | "workerFlavor">;

/** What another number of workers means. */
export function resizeView(cluster: Sized, wanted: number | null): ResizeView {
  const whole = wanted !== null && Number.isInteger(wanted) && wanted >= 0;
  const change = whole ? wanted - cluster.workerCount : 0;
  const removed = Math.max(0, -change);
  return {
    added: Math.max(0, change),
    removed,
    frees: {
      vcpus: removed * cluster.workerFlavor.vcpus,
      memoryMb: removed * cluster.workerFlavor.memoryMb,
      gpus: removed * cluster.workerFlavor.gpus,
    },
    // The API has the last word; this much is said without asking, and without its schemas in the page.
    problem: !whole
      ? "The number of workers is a whole number, 0 or more."
      : change === 0
        ? "That is how many there are; choose another number."
        : null,
  };
}
