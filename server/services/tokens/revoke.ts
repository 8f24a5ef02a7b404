import type { Actor } from "../../auth/actor.ts";
import { aliveToken } from "../../auth/tokens.ts";
import type { Tx } from "../../db.ts";
import { notFound, UserError } from "../../errors.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";

/** Ends one's own tokens of this id or name inside the caller's transaction, each with its audit row. @returns how many counted until now */
export async function endTokens(tx: Tx, actor: Actor, which: { id: string } | { name: string }, now: Date, what?: string): Promise<number> {
  const alive = { userId: actor.userId, ...aliveToken(now) };
  let ended = 0;
  for (const row of await tx.token.findMany({ where: { ...which, ...alive }, select: { id: true, name: true } })) {
    if ((await tx.token.updateMany({ where: { id: row.id, ...alive }, data: { revokedAt: now } })).count === 0) continue;
    ended += 1;
    const detail = what === undefined ? {} : { detail: { what } };
    await audit(tx, actor, { action: "token.revoke", resource: `token:${row.id}`, resourceName: row.name, ...detail });
  }
  return ended;
}

/** Ends one of one's own tokens at once. @throws UserError not_found */
export async function revokeToken({ db, actor, now }: ActorCtx, input: { id: string }): Promise<{ id: string }> {
  await db.$transaction(async (tx) => {
    if ((await endTokens(tx, actor, { id: input.id }, now())) === 0) throw notFound("token");
  });
  return input;
}

/** Ends the token that this is asked with. @throws UserError for a caller who came with a session */
export function endThisToken(ctx: ActorCtx): Promise<{ id: string }> {
  if (ctx.actor.tokenId === null) throw new UserError("bad_request", "This was not asked with a token. Sign out instead.");
  return revokeToken(ctx, { id: ctx.actor.tokenId });
}
