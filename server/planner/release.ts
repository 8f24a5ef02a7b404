import type { Change } from "./changes.ts";
import { current, lost, nodeGone, remnantGone, segmentGone, volumeGone } from "./confirm.ts";
import { freeGpus } from "./gpus.ts";
import { addressOf, clusterOf, gatewaysOfHost, hostOf, nodesOfCluster, nodesOnHost, remnantsOnHost, volumeOf } from "./rows.ts";
import { blind } from "./silence.ts";
import type { AddressRow, ClusterRow, NodeRow, RemnantRow, Snapshot } from "./snapshot.ts";
import { decideVolume } from "./volumes/decide.ts";

/** Marks what has to go: every node of a deleted cluster, and the highest workers of one that was made smaller. */
export function markRemovals(snapshot: Snapshot, cluster: ClusterRow): Change[] {
  const nodes = nodesOfCluster(snapshot, cluster.id).filter((node) => !node.removing);
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
 * Lets go of what the hosts report gone: a node with its address once its disk is kept or destroyed too, a condemned volume, a host's own
 * address on a segment that it took down, what a returned host still ran, and at the very end the cluster.
 */
export function releaseGone(snapshot: Snapshot, now: number): Change[] {
  const { installation } = snapshot;
  const gone = new Set<string>();
  const changes: Change[] = [];
  for (const node of snapshot.nodes) {
    if (!node.removing) continue;
    const host = hostOf(snapshot, node.hostId);
    const volume = volumeOf(snapshot, node.volumeId);
    const cluster = clusterOf(snapshot, node.clusterId);
    if (!host || !cluster || !volume) continue;
    const kept = volume.state === "attached";
    // Of a lost host nobody will hear: what it may still run is written down, and its disk waits there for its own end.
    const away = lost(host);
    const destroyed = volumeGone(volume, host, installation);
    if (!away && !(nodeGone(node, host, installation) && (kept || destroyed))) continue;
    gone.add(node.id);
    const address = addressOf(snapshot, node.id);
    if (away && address) changes.push({ op: "addRemnant", remnant: remnantOf(node, cluster, address) });
    if (address) changes.push({ op: "freeAddress", ip: address.ip, nodeId: node.id, at: now });
    changes.push(...freeGpus(snapshot, node), { op: "dropNode", id: node.id });
    if (kept) changes.push({ op: "keepVolume", id: volume.id, origin: `cluster ${cluster.name}`, at: now });
    else if (destroyed) changes.push({ op: "dropVolume", id: node.volumeId });
  }
  const owned = new Set<string>();
  const doomed = snapshot.volumes.filter((volume) => volume.state === "deleting");
  if (doomed.length > 0) for (const node of snapshot.nodes) owned.add(node.volumeId);
  for (const volume of doomed) {
    const host = hostOf(snapshot, volume.hostId);
    if (!owned.has(volume.id) && host && volumeGone(volume, host, installation)) changes.push({ op: "dropVolume", id: volume.id });
  }
  for (const cluster of snapshot.clusters)
    if (cluster.desired === "deleted" && nodesOfCluster(snapshot, cluster.id).every((node) => gone.has(node.id)))
      changes.push({ op: "dropCluster", id: cluster.id });
  return [...changes, ...releaseHosts(snapshot, now)];
}

/** What a host may still run of a node that leaves it unheard. */
export function remnantOf(node: NodeRow, cluster: ClusterRow, address: AddressRow): RemnantRow {
  return {
    nodeId: node.id,
    hostId: node.hostId,
    clusterId: cluster.id,
    tenantId: cluster.tenantId,
    segmentId: address.segmentId,
    name: node.name,
    role: node.role,
    ip: address.ip,
    imageTag: node.imageTag,
    volumeId: node.volumeId,
    incarnation: node.incarnation,
  };
}

function releaseHosts(snapshot: Snapshot, now: number): Change[] {
  const { installation } = snapshot;
  return snapshot.hosts.flatMap((host): Change[] => {
    const changes: Change[] = [];
    if (host.toldToDelete.size > 0)
      for (const { ip, segmentId } of gatewaysOfHost(snapshot, host.id)) {
        if (!segmentGone(segmentId, host, installation)) continue;
        const used = nodesOnHost(snapshot, host.id).some((node) => addressOf(snapshot, node.id)?.segmentId === segmentId);
        if (!used) changes.push({ op: "freeGateway", ip, hostId: host.id, at: now });
      }
    if (host.fencedAt === null) return changes;
    const left = remnantsOnHost(snapshot, host.id);
    const cleared = left.filter((remnant) => remnantGone(remnant, host, installation));
    for (const { nodeId, hostId } of cleared) changes.push({ op: "dropRemnant", nodeId, hostId });
    if (cleared.length === left.length && !lost(host) && current(host, installation) && !blind(host, now))
      changes.push({ op: "unfenceHost", id: host.id });
    return changes;
  });
}
