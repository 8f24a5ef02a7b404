import { nodeAtRest } from "../confirm.ts";
import { cardsOfOthers, freeCards } from "../gpus.ts";
import { nodesOnHost, stepsOfCluster, volumesOnHost } from "../rows.ts";
import type { ClusterRow, HostRow, Snapshot } from "../snapshot.ts";

/** Space on a volumes' disk that /data never takes: images and logs live there too. */
export const diskMarginMb = 2048;

/** What is free on one host; numbers may be negative when its owner shrank it. */
export interface Free {
  readonly host: HostRow;
  readonly memoryMb: number;
  readonly vcpus: number;
  readonly diskMb: number;
  /** Whole cards that no node has, also none that does not run. */
  readonly gpus: number;
  /** Cards that come free once a container from before has gone. */
  readonly heldGpus: number;
}

/** Whether the cluster's present attempt was given its place. */
export function admitted(snapshot: Pick<Snapshot, "steps">, cluster: Pick<ClusterRow, "id" | "attempt">): boolean {
  return stepsOfCluster(snapshot, cluster.id).some(
    (step) => step.attempt === cluster.attempt && step.step === "placed" && step.endedAt !== null,
  );
}

/**
 * What each host has left. A node counts while it may run, and beyond: until the host has shown that it rests. Disks count from the
 * moment they are promised, at their full size.
 * @param without a cluster whose own nodes are left out, because they are about to be placed anew
 */
export function ledger(snapshot: Snapshot, without?: string): Free[] {
  const holds = new Map(snapshot.clusters.map((cluster) => [cluster.id, cluster.desired === "running" && admitted(snapshot, cluster)]));
  return snapshot.hosts.map((host) => {
    const facts = host.observed?.facts;
    let memoryMb = (facts?.memoryMb ?? 0) - host.reservedMemoryMb;
    let vcpus = Math.floor((facts?.cpus ?? 0) * snapshot.installation.cpuRatio);
    let diskMb = (facts?.diskFreeMb ?? 0) - diskMarginMb;
    for (const node of nodesOnHost(snapshot, host.id)) {
      if (node.clusterId === without) continue;
      if (!node.removing && !holds.get(node.clusterId) && nodeAtRest(node, host, snapshot.installation)) continue;
      memoryMb -= node.memoryMb;
      vcpus -= node.vcpus;
    }
    for (const volume of volumesOnHost(snapshot, host.id)) {
      // What a sparse disk already took is missing from the free space, so only the rest of its promise is.
      const seen = volume.observed;
      const used = seen?.copy?.state === "receiving" ? seen.copy.doneMb : seen && seen.state !== "absent" ? (seen.usedMb ?? 0) : 0;
      diskMb -= Math.max(0, volume.sizeMb - used);
    }
    const [gpus, heldGpus] = [freeCards(snapshot, host).length, cardsOfOthers(snapshot, host).length];
    return { host, memoryMb: Math.floor(memoryMb), vcpus, diskMb: Math.floor(diskMb), gpus, heldGpus };
  });
}

/** The ledger after something was placed. */
export function take(free: readonly Free[], hostId: string, demand: Pick<Free, "memoryMb" | "vcpus" | "diskMb" | "gpus">): Free[] {
  return free.map((entry) =>
    entry.host.id === hostId
      ? {
          host: entry.host,
          memoryMb: entry.memoryMb - demand.memoryMb,
          vcpus: entry.vcpus - demand.vcpus,
          diskMb: entry.diskMb - demand.diskMb,
          gpus: entry.gpus - demand.gpus,
          heldGpus: entry.heldGpus,
        }
      : entry,
  );
}
