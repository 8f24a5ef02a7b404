import type { z } from "zod";
import { notFound, UserError } from "../../errors.ts";
import type { ActorCtx } from "../context.ts";
import { said } from "./change.ts";
import { closedWords } from "./closed.ts";
import { difference } from "./difference.ts";
import type { EditTenant } from "./schemas.ts";
import { settingColumns, settingWords } from "./settings.ts";
import { lockTenant } from "./usage.ts";

/**
 * Changes what is said about a tenant. A limit below what is used stops nothing that runs; it only keeps more from coming.
 * @throws UserError not_found; conflict for one that is being deleted
 */
export function editTenant(ctx: ActorCtx, input: z.output<typeof EditTenant>): Promise<{ tenant: string }> {
  return ctx.db.$transaction(async (tx) => {
    const found = await tx.tenant.findUnique({ where: { slug: input.tenant }, select: { id: true } });
    if (!found) throw notFound("tenant");
    const tenant = await lockTenant(tx, found.id);
    if (tenant.state === "deleting") throw new UserError("conflict", closedWords(tenant) ?? "");
    const before = await settingWords(tx, tenant.id);
    await tx.tenant.update({ where: { id: tenant.id }, data: await settingColumns(tx, tenant.id, input) });
    const changed = difference(before, await settingWords(tx, tenant.id));
    if (changed) await said(tx, ctx, "tenant.edit", tenant, changed);
    return { tenant: input.tenant };
  });
}
