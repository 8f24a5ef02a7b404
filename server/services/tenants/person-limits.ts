import type { z } from "zod";
import type { Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";
import { audit } from "../audit/write.ts";
import type { TenantCtx } from "../context.ts";
import { difference } from "./difference.ts";
import { limitWords } from "./limit-words.ts";
import { limitColumns, type PersonLimits } from "./schemas.ts";
import { lockTenant, personLimitsOf, usualLimits } from "./usage.ts";

/**
 * Says what one person of the tenant may use, instead of what everybody may; null takes that back.
 * @throws UserError not_found for somebody who is not in the tenant
 */
export async function setPersonLimits(ctx: TenantCtx, input: z.output<typeof PersonLimits>): Promise<{ person: string }> {
  await ctx.db.$transaction(async (tx) => {
    const tenant = await lockTenant(tx, ctx.tenant.id);
    const user = await personOf(tx, tenant.id, input.person);
    const key = { tenantId: tenant.id, userId: user.id };
    const known = await tx.personLimit.findUnique({ where: { tenantId_userId: key } });
    // Programs that do not know of GPUs say nothing of them: what was said before stays, or what holds for everybody.
    const said = input.limits?.gpus === undefined ? {} : { ownGpus: true };
    const columns = input.limits && { ...limitColumns("max", input.limits), ...said };
    if (columns) await tx.personLimit.upsert({ where: { tenantId_userId: key }, create: { ...key, ...columns }, update: columns });
    else if (known) await tx.personLimit.delete({ where: { tenantId_userId: key } });
    const now = columns && (await tx.personLimit.findUniqueOrThrow({ where: { tenantId_userId: key } }));
    const of = (row: typeof known) => limitWords(row ? personLimitsOf(row, tenant) : usualLimits(tenant));
    const detail = difference(of(known), of(now));
    if (!detail && Boolean(known) === Boolean(now)) return;
    await audit(tx, ctx.actor, {
      action: "tenant.limits",
      resource: `tenant:${tenant.id}`,
      resourceName: user.displayName,
      tenantId: tenant.id,
      detail: detail ?? { what: now ? "limits of their own" : "as for everybody" },
    });
  });
  return { person: input.person };
}

/** Somebody who is in the tenant, or still has something there. */
async function personOf(tx: Tx, tenantId: string, username: string): Promise<{ id: string; displayName: string }> {
  const user = await tx.user.findFirst({
    where: {
      username,
      OR: [{ memberships: { some: { tenantId } } }, { clusters: { some: { tenantId } } }, { limits: { some: { tenantId } } }],
    },
    select: { id: true, displayName: true },
  });
  if (!user) throw new UserError("not_found", `Nobody in the tenant has the sign-in name ${username}.`, "person");
  return user;
}
