import type { Prisma, Tenant } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";
import { exceeded, type Limits, type Quota, type Take, usageOf } from "./quota.ts";

/** The columns that a cluster counts by. */
export const countedSelect = {
  desired: true,
  keepData: true,
  workerCount: true,
  masterFlavor: { select: { vcpus: true, memoryMb: true, dataGb: true, gpus: true } },
  workerFlavor: { select: { vcpus: true, memoryMb: true, dataGb: true, gpus: true } },
  dataVolume: { select: { sizeMb: true } },
} satisfies Prisma.ClusterSelect;

/** Volumes that count by themselves: kept, and no cluster counts them as the disk of its master. */
export const keptAlone = {
  state: "kept",
  OR: [{ claimedBy: null }, { claimedBy: { desired: "deleted", keepData: false } }],
} satisfies Prisma.VolumeWhereInput;

type Limited = Pick<Tenant, "maxClusters" | "maxNodes" | "maxVcpus" | "maxMemoryMb" | "maxDataGb" | "maxGpus">;

/** Columns of limits as what they limit. */
export function limitsOf(row: Limited): Limits {
  return {
    clusters: row.maxClusters,
    nodes: row.maxNodes,
    vcpus: row.maxVcpus,
    memoryMb: row.maxMemoryMb,
    dataGb: row.maxDataGb,
    gpus: row.maxGpus,
  };
}

type PersonLimited = Pick<
  Tenant,
  "userMaxClusters" | "userMaxNodes" | "userMaxVcpus" | "userMaxMemoryMb" | "userMaxDataGb" | "userMaxGpus"
>;

/** What the tenant says for each of its people. */
export function usualLimits(row: PersonLimited): Limits {
  return {
    clusters: row.userMaxClusters,
    nodes: row.userMaxNodes,
    vcpus: row.userMaxVcpus,
    memoryMb: row.userMaxMemoryMb,
    dataGb: row.userMaxDataGb,
    gpus: row.userMaxGpus,
  };
}

/** What is said for one person instead; of GPUs not everybody who sets limits knows. */
export function personLimitsOf(row: Limited & { ownGpus: boolean }, tenant: PersonLimited): Limits {
  return { ...limitsOf(row), gpus: row.ownGpus ? row.maxGpus : tenant.userMaxGpus };
}

/** What a tenant uses, or one of its people. @param without a cluster left out, because it is about to change */
export async function readUsage(tx: Tx, where: { tenantId: string; ownerId?: string }, without?: string): Promise<Take> {
  const clusters = await tx.cluster.findMany({ where: { ...where, ...(without ? { id: { not: without } } : {}) }, select: countedSelect });
  const kept = await tx.volume.aggregate({ where: { ...where, ...keptAlone }, _sum: { sizeMb: true } });
  return usageOf(clusters, kept._sum.sizeMb ?? 0);
}

/** Whose cluster it is or will be; `name` null: the caller's. */
export interface Owner {
  id: string;
  name: string | null;
}

/**
 * What the tenant and the owner may use, and use. Under lockTenant it stays true until the transaction ends.
 * @param asks as what somebody asks, who may not be the owner
 */
export async function readQuota(tx: Tx, tenant: Tenant, owner: Owner, asks: Quota["asks"], without?: string): Promise<Quota> {
  const tenantId = tenant.id;
  // One after the other: within a transaction there is one connection.
  const shared = await readUsage(tx, { tenantId }, without);
  const own = await readUsage(tx, { tenantId, ownerId: owner.id }, without);
  const exception = await tx.personLimit.findUnique({ where: { tenantId_userId: { tenantId, userId: owner.id } } });
  return {
    tenant: { name: tenant.name, limits: limitsOf(tenant), used: shared },
    person: { name: owner.name, limits: exception ? personLimitsOf(exception, tenant) : usualLimits(tenant), used: own },
    asks,
  };
}

/**
 * Locks the tenant's row, so that two creations cannot both take the last of a limit, and nobody creates anything in a tenant that is just being
 * suspended or deleted. Taken before a cluster's row, always. Rows that only refer to the tenant are not held up by it.
 */
export async function lockTenant(tx: Tx, tenantId: string): Promise<Tenant> {
  await tx.$queryRaw`SELECT id FROM "Tenant" WHERE id = ${tenantId} FOR NO KEY UPDATE`;
  return tx.tenant.findUniqueOrThrow({ where: { id: tenantId } });
}

/** @throws UserError `limit` */
export function checkQuota(quota: Quota, more: Take, mine: Take = more): void {
  const refusal = exceeded(quota, more, mine);
  if (refusal) throw new UserError("limit", refusal);
}
