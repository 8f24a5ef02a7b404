import type { Actor, TenantScope } from "../../auth/actor.ts";
import { canCluster } from "../../auth/can.ts";
import { shareSelect } from "../../auth/shares.ts";
import type { Prisma } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";
import { notFound } from "../../errors.ts";
import type { Owner } from "../tenants/usage.ts";

/** What the views of a cluster are made from beside the planner's picture. */
export const clusterInclude = {
  owner: { select: { id: true, displayName: true } },
  tenant: { select: { slug: true, name: true } },
  distribution: { select: { id: true, name: true, type: true, manifest: true } },
  masterFlavor: true,
  workerFlavor: true,
  nodes: { where: { removing: false }, select: { role: true, vcpus: true, memoryMb: true } },
  shares: { select: shareSelect },
} satisfies Prisma.ClusterInclude;

export type ClusterRow = Prisma.ClusterGetPayload<{ include: typeof clusterInclude }>;

/** A cluster of the tenant that the person may see; every other looks as if it did not exist. @throws UserError not_found */
export async function findCluster(db: Tx, { actor, tenant }: { actor: Actor; tenant: TenantScope }, id: string): Promise<ClusterRow> {
  const row = await db.cluster.findFirst({ where: { id, tenantId: tenant.id }, include: clusterInclude });
  if (!row || !canCluster(actor, tenant, "see", row)) throw notFound("cluster");
  return row;
}

/** Whose allowance a change of the cluster takes from: its owner's, whoever asks. */
export function ownerOf({ actor }: { actor: Actor }, { owner }: Pick<ClusterRow, "owner">): Owner {
  return { id: owner.id, name: owner.id === actor.userId ? null : owner.displayName };
}
