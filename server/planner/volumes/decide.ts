import type { ClusterRow, NodeRow } from "../snapshot.ts";

/**
 * What becomes of a leaving node's /data. Destroyed only by a person's word: the cluster's deletion without "keep data", or a smaller number
 * of workers. "Keep data" means the master's volume: that is where notebooks lie.
 */
export function decideVolume(cluster: Pick<ClusterRow, "desired" | "keepData">, node: Pick<NodeRow, "role">): "keep" | "destroy" {
  return cluster.desired === "deleted" && cluster.keepData && node.role === "master" ? "keep" : "destroy";
}
