import { aliveToken } from "../../auth/tokens.ts";
import { notFound, UserError } from "../../errors.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";

/** Ends one of one's own tokens at once. @throws UserError not_found */
export async function revokeToken({ db, actor, now }: ActorCtx, input: { id: string }): Promise<{ id: string }> {
  await db.$transaction(async (tx) => {
    const where = { id: input.id, userId: actor.userId, ...aliveToken(now()) };
    const row = await tx.token.findFirst({ where });
    if (!row || (await tx.token.updateMany({ where, data: { revokedAt: now() } })).count === 0) throw notFound("token");
    await audit(tx, actor, { action: "token.revoke", resource: `token:${row.id}`, resourceName: row.name });
  });
  return input;
}

/** Ends the token that this is asked with. @throws UserError for a caller who came with a session */
export function endThisToken(ctx: ActorCtx): Promise<{ id: string }> {
  if (ctx.actor.tokenId === null) throw new UserError("bad_request", "This was not asked with a token. Sign out instead.");
  return revokeToken(ctx, { id: ctx.actor.tokenId });
}
