import type { Prisma, Tenant } from "../../db/generated/client.ts";
import { notify, type Tx } from "../../db.ts";
import { notFound } from "../../errors.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";
import { lockTenant } from "./usage.ts";

export interface TenantChange {
  data: Prisma.TenantUncheckedUpdateInput;
  detail: Prisma.InputJsonObject;
}

/**
 * Changes a tenant with its audit row in one transaction, while nobody can create or start anything in it, and wakes everybody whose page shows it.
 * @param decide sees the locked row and says what to write; null when it already is as wanted
 * @throws UserError not_found for a short name that no tenant has
 */
export function changeTenant(
  ctx: ActorCtx,
  slug: string,
  action: string,
  decide: (tenant: Tenant, tx: Tx) => Promise<TenantChange | null> | TenantChange | null,
): Promise<{ tenant: string }> {
  return ctx.db.$transaction(async (tx) => {
    const found = await tx.tenant.findUnique({ where: { slug }, select: { id: true } });
    if (!found) throw notFound("tenant");
    const tenant = await lockTenant(tx, found.id);
    const change = await decide(tenant, tx);
    if (!change) return { tenant: slug };
    await tx.tenant.update({ where: { id: tenant.id }, data: change.data });
    await said(tx, ctx, action, tenant, change.detail);
    return { tenant: slug };
  });
}

/** The audit row, and a word to the reconciler and to pages. */
export async function said(
  tx: Tx,
  ctx: ActorCtx,
  action: string,
  { id, name }: Pick<Tenant, "id" | "name">,
  detail: Prisma.InputJsonObject,
): Promise<void> {
  await audit(tx, ctx.actor, { action, resource: `tenant:${id}`, resourceName: name, tenantId: id, detail });
  await notify(tx, "desired", id);
  await notify(tx, "observed", "*");
}
