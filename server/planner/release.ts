import type { Change } from "./changes.ts";
import { nodeGone, volumeGone } from "./confirm.ts";
import type { ClusterRow, NodeRow, Snapshot } from "./snapshot.ts";
import { decideVolume } from "./volumes/decide.ts";

/** Marks what has to go: every node of a deleted cluster, and the highest workers of one that was made smaller. */
export function markRemovals(snapshot: Snapshot, cluster: ClusterRow): Change[] {
  const nodes = snapshot.nodes.filter((node) => node.clusterId === cluster.id && !node.removing);
  const surplus = cluster.desired === "deleted" ? nodes : surplusWorkers(nodes, cluster.workerCount);
  return surplus.flatMap((node): Change[] => {
    const volume = decideVolume(cluster, node);
    return [{ op: "removeNode", id: node.id }, ...(volume === "destroy" ? [{ op: "condemnVolume" as const, id: node.volumeId }] : [])];
  });
}

function surplusWorkers(nodes: readonly NodeRow[], wanted: number): NodeRow[] {
  return nodes
    .filter((node) => node.role === "worker")
    .sort((a, b) => a.number - b.number)
    .slice(wanted);
}

/**
 * Lets go of what the hosts report gone: a node with its address once its disk is kept or destroyed too, a condemned volume, and at the
 * very end the cluster.
 */
export function releaseGone(snapshot: Snapshot, now: number): Change[] {
  const { installation } = snapshot;
  const hosts = new Map(snapshot.hosts.map((host) => [host.id, host]));
  const volumes = new Map(snapshot.volumes.map((volume) => [volume.id, volume]));
  const addresses = new Map(snapshot.addresses.map((address) => [address.nodeId, address]));
  const clusters = new Map(snapshot.clusters.map((cluster) => [cluster.id, cluster]));
  const left = new Map<string, number>();
  const changes: Change[] = [];
  const owned = new Set<string>();
  for (const node of snapshot.nodes) {
    owned.add(node.volumeId);
    const host = hosts.get(node.hostId);
    const volume = volumes.get(node.volumeId);
    const cluster = clusters.get(node.clusterId);
    const kept = volume?.state === "attached";
    if (!host || !cluster || !nodeGone(node, host, installation) || !(kept || (volume && volumeGone(volume, host, installation)))) {
      left.set(node.clusterId, (left.get(node.clusterId) ?? 0) + 1);
      continue;
    }
    const address = addresses.get(node.id);
    if (address) changes.push({ op: "freeAddress", ip: address.ip, nodeId: node.id, at: now });
    changes.push({ op: "dropNode", id: node.id });
    if (kept) changes.push({ op: "keepVolume", id: volume.id, origin: `cluster ${cluster.name}`, at: now });
    else changes.push({ op: "dropVolume", id: node.volumeId });
  }
  for (const volume of snapshot.volumes) {
    const host = hosts.get(volume.hostId);
    if (!owned.has(volume.id) && host && volumeGone(volume, host, installation)) changes.push({ op: "dropVolume", id: volume.id });
  }
  for (const cluster of snapshot.clusters)
    if (cluster.desired === "deleted" && !left.has(cluster.id)) changes.push({ op: "dropCluster", id: cluster.id });
  return changes;
}
