import type { Prisma, Tenant } from "../../db/generated/client.ts";
import { notify, type Tx } from "../../db.ts";
import { notFound } from "../../errors.ts";
import { columnChanges } from "../audit/changes.ts";
import { audit } from "../audit/write.ts";
import type { TenantCtx } from "../context.ts";
import { closedWords } from "../tenants/closed.ts";
import { lockTenant } from "../tenants/usage.ts";
import { type Action, allow } from "./actions.ts";
import { type ClusterRow, findCluster } from "./rows.ts";
import type { Phase } from "./schemas.ts";

interface Change {
  data: Prisma.ClusterUncheckedUpdateInput;
  detail?: Prisma.InputJsonObject;
}

/** Locks the tenant's row, then the cluster's. @throws UserError not_found where there is none that the person may see */
export async function lockCluster(tx: Tx, ctx: TenantCtx, id: string): Promise<{ tenant: Tenant; row: ClusterRow }> {
  const tenant = await lockTenant(tx, ctx.tenant.id);
  const locked = await tx.$queryRaw<unknown[]>`SELECT id FROM "Cluster" WHERE id = ${id} AND "tenantId" = ${ctx.tenant.id} FOR UPDATE`;
  if (locked.length === 0) throw notFound("cluster");
  return { tenant, row: await findCluster(tx, ctx, id) };
}

/**
 * What every change of a cluster has in common: the tenant's and its row locked, the permission, a higher generation, the audit row and the notification,
 * in one transaction.
 * @param decide sees the locked row and says what to write; null when it already is as wanted
 */
export async function changeCluster(
  ctx: TenantCtx,
  id: string,
  action: Action,
  decide: (row: ClusterRow, tx: Tx, tenant: Tenant) => Promise<Change | null> | Change | null,
  phase: Phase | null = null,
): Promise<{ id: string }> {
  await ctx.db.$transaction(async (tx) => {
    const { tenant, row } = await lockCluster(tx, ctx, id);
    allow(ctx.actor, { ...ctx.tenant, closed: closedWords(tenant) }, row, action, phase);
    const change = await decide(row, tx, tenant);
    if (!change) return;
    const detail = { ...change.detail, ...(change.detail?.unit ? {} : columnChanges(row, change.data)) };
    await tx.cluster.update({ where: { id }, data: { ...change.data, generation: { increment: 1 } } });
    await audit(tx, ctx.actor, {
      action: `cluster.${action}`,
      resource: `cluster:${id}`,
      resourceName: row.name,
      tenantId: ctx.tenant.id,
      ...(Object.keys(detail).length > 0 ? { detail } : {}),
    });
    await notify(tx, "desired", id);
  });
  return { id };
}
