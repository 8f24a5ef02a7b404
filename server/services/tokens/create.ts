import { z } from "zod";
import { Label } from "../../../agents/protocol/ids.ts";
import type { Actor } from "../../auth/actor.ts";
import { scopeOf } from "../../auth/can.ts";
import { localUsername } from "../../auth/local-admin.ts";
import { type TokenScope, tokenScopes } from "../../auth/power.ts";
import { aliveToken, makeToken } from "../../auth/tokens.ts";
import type { Tx } from "../../db.ts";
import { notFound, UserError } from "../../errors.ts";
import type { NewId } from "../../ids.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";
import type { TokenView } from "../views.ts";
import { tokenInclude, toTokenView } from "./view.ts";

/** What every token has, whose ever it is. */
export const TokenParts = z.object({
  name: z
    .string()
    .trim()
    .min(1, "A token needs a name, so that you know later what it was for.")
    .max(60, "A token's name has at most 60 characters.")
    .regex(/^\P{Cc}*$/u, "A token's name is one line."),
  days: z
    .number("The number of days is a whole number.")
    .int("The number of days is a whole number.")
    .min(1, "A token counts for at least one day.")
    .max(365, "A token counts for at most 365 days."),
  /** read: see; use: also start, stop and open what there is; manage: everything that its owner may. */
  scope: z.enum(tokenScopes, "A token is good for read, use or manage.").default("manage"),
});

export const CreateToken = TokenParts.extend({
  /** The only tenant that it is good for; left out: wherever one has business. */
  tenant: Label.optional(),
});

const mostTokens = 50;

export interface TokenToMake {
  newId: NewId;
  now: Date;
  /** Whose it is. */
  userId: string;
  name: string;
  days: number;
  scope: TokenScope;
  tenantId: string | null;
  /** The token that it is made with: it ends no later than that one, and when that one is revoked. Null: when its days are over. */
  madeWith: { id: string; expiresAt: Date } | null;
}

/** Writes the row inside the caller's transaction; the secret exists only in the answer. Whoever calls writes the audit row. */
export async function issueToken(tx: Tx, made: TokenToMake): Promise<{ secret: string; token: TokenView }> {
  const { userId, name, now, scope, tenantId } = made;
  // One at a time for each account: two at once would both find the name free.
  await tx.$queryRaw`SELECT id FROM "User" WHERE id = ${userId} FOR NO KEY UPDATE`;
  const alive = { userId, ...aliveToken(now) };
  if ((await tx.token.count({ where: { ...alive, name } })) > 0)
    throw new UserError("conflict", `There is a token named ${name} already. Revoke it first, or take another name.`, "name");
  if ((await tx.token.count({ where: alive })) >= mostTokens)
    throw new UserError("limit", `There are ${mostTokens} tokens, the most that one account may have. Revoke one first.`);
  // What ended may give its name to a new one.
  await tx.token.deleteMany({ where: { userId, name } });
  const { secret, hash } = makeToken();
  const end = new Date(now.getTime() + made.days * 86_400_000);
  const expiresAt = made.madeWith && made.madeWith.expiresAt < end ? made.madeWith.expiresAt : end;
  const row = await tx.token.create({
    data: { id: made.newId("k"), userId, name, hash, createdAt: now, expiresAt, scope, tenantId, madeWithId: made.madeWith?.id ?? null },
    include: tokenInclude,
  });
  return { secret, token: toTokenView(row) };
}

/** A token of one's own with its audit row, in the caller's transaction. @throws UserError not_found for a tenant where one has no business */
export async function issueOwnToken(
  tx: Tx,
  actor: Actor,
  made: { newId: NewId; now: Date; name: string; days: number; scope: TokenScope; tenant?: string | undefined },
): Promise<{ secret: string; token: TokenView }> {
  // It would count again, unseen, the next time that it is switched on.
  if (actor.username === localUsername) throw new UserError("forbidden", "The local administrator has no tokens. Use a directory account.");
  const row = made.tenant === undefined ? null : await tx.tenant.findUnique({ where: { slug: made.tenant } });
  if (made.tenant !== undefined && !(row && scopeOf(actor, row))) throw notFound("tenant");
  const { newId, now, name, days, scope } = made;
  const issued = await issueToken(tx, { newId, now, name, days, scope, userId: actor.userId, tenantId: row?.id ?? null, madeWith: null });
  await audit(tx, actor, {
    action: "token.create",
    resource: `token:${issued.token.id}`,
    resourceName: name,
    detail: { what: `for ${scope}${row ? ` in ${row.name}` : ""}`, days },
  });
  return issued;
}

/** A personal token for programs. @throws UserError for a taken name, and for a caller who came with a token */
export async function createToken(ctx: ActorCtx, input: z.output<typeof CreateToken>): Promise<{ secret: string; token: TokenView }> {
  // Else a stolen token could outlive its own end.
  if (ctx.actor.sessionId === null) throw new UserError("forbidden", "A token cannot make another one. Sign in on the portal to make it.");
  return ctx.db.$transaction((tx) => issueOwnToken(tx, ctx.actor, { newId: ctx.newId, now: ctx.now(), ...input }));
}
