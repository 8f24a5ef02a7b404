import type { Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";

export interface Take {
  clusters: number;
  nodes: number;
  vcpus: number;
  memoryMb: number;
  dataGb: number;
}

/**
 * What a tenant uses of its limits. Every cluster that is not on its way out counts with its nodes and disks, only one that is to run with
 * processors and memory. Kept volumes count as disks.
 * @param without a cluster left out, because it is about to change
 */
export async function usageOf(tx: Tx, tenantId: string, without?: string): Promise<Take> {
  const clusters = await tx.cluster.findMany({
    where: { tenantId, desired: { not: "deleted" }, ...(without ? { id: { not: without } } : {}) },
    include: { masterFlavor: true, workerFlavor: true, dataVolume: { select: { sizeMb: true, state: true } } },
  });
  const kept = await tx.volume.aggregate({ where: { tenantId, state: "kept" }, _sum: { sizeMb: true } });
  const used: Take = { clusters: clusters.length, nodes: 0, vcpus: 0, memoryMb: 0, dataGb: (kept._sum.sizeMb ?? 0) / 1024 };
  for (const { masterFlavor, workerFlavor, workerCount, desired, dataVolume } of clusters) {
    used.nodes += 1 + workerCount;
    used.dataGb += masterData(masterFlavor.dataGb, dataVolume) + workerCount * workerFlavor.dataGb;
    if (desired !== "running") continue;
    used.vcpus += masterFlavor.vcpus + workerCount * workerFlavor.vcpus;
    used.memoryMb += masterFlavor.memoryMb + workerCount * workerFlavor.memoryMb;
  }
  return { ...used, dataGb: Math.round(used.dataGb * 10) / 10 };
}

// A kept volume that a cluster was made with counts once: as kept until it is attached, as the master's disk afterwards.
function masterData(flavorGb: number, volume: { sizeMb: number; state: string } | null): number {
  if (!volume) return flavorGb;
  return volume.state === "kept" ? 0 : volume.sizeMb / 1024;
}

export interface Limits {
  name: string;
  maxClusters: number | null;
  maxNodes: number | null;
  maxVcpus: number | null;
  maxMemoryMb: number | null;
  maxDataGb: number | null;
}

const whole = (n: number): string => String(Math.round(n * 10) / 10);
const gb = (mb: number): string => `${whole(mb / 1024)} GB of memory`;
const count = (one: string) => (n: number) => `${whole(n)} ${one}${n === 1 ? "" : "s"}`;

/** The first limit that `used` and `more` together exceed, as one sentence; null when all of it is allowed. */
export function exceeded(limits: Limits, used: Take, more: Take): string | null {
  const checks: [number | null, number, number, (n: number) => string][] = [
    [limits.maxClusters, used.clusters, more.clusters, count("cluster")],
    [limits.maxNodes, used.nodes, more.nodes, count("node")],
    [limits.maxVcpus, used.vcpus, more.vcpus, count("VCPU")],
    [limits.maxMemoryMb, used.memoryMb, more.memoryMb, gb],
    [limits.maxDataGb, used.dataGb, more.dataGb, (n) => `${whole(n)} GB of disk`],
  ];
  for (const [limit, has, takes, say] of checks)
    if (limit !== null && takes > 0 && has + takes > limit)
      return `The tenant ${limits.name} may use ${say(limit)}; ${whole(has === 0 ? 0 : say === gb ? has / 1024 : has)} ${say === gb ? "GB is" : "are"} taken and this needs ${say(takes)}. Stop or delete a cluster, or ask an administrator of the tenant.`;
  return null;
}

/** Locks the tenant's row, so that two creations cannot both take the last of a limit. */
export async function lockTenant(tx: Tx, tenantId: string): Promise<Limits> {
  await tx.$queryRaw`SELECT id FROM "Tenant" WHERE id = ${tenantId} FOR UPDATE`;
  return tx.tenant.findUniqueOrThrow({ where: { id: tenantId } });
}

/** @throws UserError `limit` */
export function checkLimits(limits: Limits, used: Take, more: Take): void {
  const refusal = exceeded(limits, used, more);
  if (refusal) throw new UserError("limit", refusal);
}
