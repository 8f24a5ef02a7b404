import type { ClusterView } from "../../../server/services/clusters/schemas.ts";

type Parts = Pick<ClusterView, "nodes" | "volumes">;

/** The disk that "keep /data" keeps: the master's. Null while there is none. */
export function masterDisk(cluster: Parts): string | null {
  const master = cluster.nodes.find((node) => node.role === "master");
  return cluster.volumes.find((volume) => volume.name === master?.data.volume)?.name ?? null;
}

/** True when the master lives on a disk that is older than it: then it came with the cluster and staying is the safe default. */
export function broughtData(cluster: Parts): boolean {
  const master = cluster.nodes.find((node) => node.role === "master");
  return master !== undefined && masterDisk(cluster) !== null && master.data.volume !== master.name;
}
