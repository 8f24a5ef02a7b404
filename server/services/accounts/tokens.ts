import type { z } from "zod";
import type { Actor } from "../../auth/actor.ts";
import { aliveToken } from "../../auth/tokens.ts";
import type { Tx } from "../../db.ts";
import { notFound, UserError } from "../../errors.ts";
import { audit } from "../audit/write.ts";
import type { TenantCtx } from "../context.ts";
import { issueToken } from "../tokens/create.ts";
import type { TokenView } from "../views.ts";
import { lockAccount, nameOf } from "./rows.ts";
import type { CreateAccountToken, RevokeAccountToken } from "./schemas.ts";

/**
 * A token of a service account; its secret exists only in the answer. Asked for with a token it ends no later than that one, and is revoked with it: a
 * stolen token must not outlive its own end.
 * @throws UserError for a taken name, or a suspended account
 */
export function createAccountToken(
  ctx: TenantCtx,
  input: z.output<typeof CreateAccountToken>,
): Promise<{ secret: string; token: TokenView }> {
  return ctx.db.$transaction(async (tx) => {
    const account = await lockAccount(tx, ctx, input.account);
    if (account.barredAt !== null)
      throw new UserError("conflict", `${nameOf(account)} is suspended: its tokens count for nothing. Resume it first.`);
    const { newId, tenant, actor } = ctx;
    const { name, days, scope } = input;
    const madeWith = await makerOf(tx, actor, ctx.now());
    const issued = await issueToken(tx, { newId, now: ctx.now(), userId: account.id, name, days, scope, tenantId: tenant.id, madeWith });
    await audit(tx, actor, {
      action: "token.create",
      resource: `token:${issued.token.id}`,
      resourceName: `${name} of ${nameOf(account)}`,
      tenantId: tenant.id,
      detail: { what: `for ${scope}`, days },
    });
    return issued;
  });
}

/** The token that this is asked with, held until the end of the transaction: who revokes it meanwhile waits, and finds what it made. */
async function makerOf(tx: Tx, { tokenId }: Actor, now: Date): Promise<{ id: string; expiresAt: Date } | null> {
  if (tokenId === null) return null;
  await tx.$queryRaw`SELECT id FROM "Token" WHERE id = ${tokenId} FOR SHARE`;
  const row = await tx.token.findFirst({ where: { id: tokenId, ...aliveToken(now) }, select: { id: true, expiresAt: true } });
  if (!row) throw new UserError("not_signed_in", "The token that this was asked with does not count any more.");
  return row;
}

/** Ends one of its tokens at once. @throws UserError not_found */
export function revokeAccountToken(ctx: TenantCtx, input: z.output<typeof RevokeAccountToken>): Promise<{ id: string }> {
  return ctx.db.$transaction(async (tx) => {
    const account = await lockAccount(tx, ctx, input.account);
    const where = { id: input.id, userId: account.id, ...aliveToken(ctx.now()) };
    const row = await tx.token.findFirst({ where });
    if (!row || (await tx.token.updateMany({ where, data: { revokedAt: ctx.now() } })).count === 0) throw notFound("token");
    await audit(tx, ctx.actor, {
      action: "token.revoke",
      resource: `token:${row.id}`,
      resourceName: `${row.name} of ${nameOf(account)}`,
      tenantId: ctx.tenant.id,
    });
    return { id: row.id };
  });
}
