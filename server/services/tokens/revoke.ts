import { aliveToken } from "../../auth/tokens.ts";
import { notFound } from "../../errors.ts";
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
