import { canCluster } from "../../auth/can.ts";
import type { Prisma, Tenant } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";
import { audit } from "../audit/write.ts";
import { lockCluster } from "../clusters/change.ts";
import { notifySharing } from "../clusters/changes.ts";
import { type ClusterRow, findCluster } from "../clusters/rows.ts";
import type { TenantCtx } from "../context.ts";
import { assertOpen } from "../tenants/closed.ts";

/** @throws UserError forbidden for those who may see the cluster but not say who else may */
function assertOwn({ actor, tenant }: TenantCtx, row: ClusterRow): void {
  if (canCluster(actor, tenant, "own", row)) return;
  throw new UserError("forbidden", `Only ${row.owner.displayName} or an administrator of the tenant decides with whom it is shared.`);
}

/** A cluster whose shares the person may see and change. @throws UserError not_found or forbidden */
export async function ownCluster(ctx: TenantCtx, id: string): Promise<ClusterRow> {
  const row = await findCluster(ctx.db, ctx, id);
  assertOwn(ctx, row);
  return row;
}

/**
 * What every change of who may do what with a cluster has in common: its row locked, the permission, the audit row and a word to everybody's pages, in
 * one transaction. The gateway asks for the rows of now by itself, every two seconds while something is open.
 * @param decide sees the locked row, writes, and says what to write down; null when it already is as wanted
 */
export async function changeSharing(
  ctx: TenantCtx,
  id: string,
  action: "share" | "unshare" | "hand-over",
  decide: (row: ClusterRow, tx: Tx, tenant: Tenant) => Promise<Prisma.InputJsonObject | null>,
): Promise<{ id: string }> {
  await ctx.db.$transaction(async (tx) => {
    const { tenant, row } = await lockCluster(tx, ctx, id);
    assertOwn(ctx, row);
    // Taking a share away is always right.
    if (action !== "unshare") assertOpen(tenant);
    if (row.desired === "deleted") throw new UserError("conflict", "The cluster is being deleted.");
    const detail = await decide(row, tx, tenant);
    if (!detail) return;
    await audit(tx, ctx.actor, {
      action: `cluster.${action}`,
      resource: `cluster:${id}`,
      resourceName: row.name,
      tenantId: ctx.tenant.id,
      detail,
    });
    await notifySharing(tx, id);
  });
  return { id };
}
