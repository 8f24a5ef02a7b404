import { aliveSession, revokeSession } from "../../auth/sessions.ts";
import { notFound } from "../../errors.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";

/** Ends one of one's own sessions: pages, sockets and services behind the gateway at once. @throws UserError not_found */
export async function endSession({ db, actor, now }: ActorCtx, input: { id: string }): Promise<{ id: string }> {
  await db.$transaction(async (tx) => {
    if (!(await revokeSession(tx, { id: input.id, userId: actor.userId }, now()))) throw notFound("session");
    await audit(tx, actor, { action: "session.revoke", resource: `session:${input.id}`, resourceName: actor.username });
  });
  return input;
}

/** Ends all of one's sessions but the one that this is asked with; with a token, all of them. */
export async function endOtherSessions({ db, actor, now }: ActorCtx): Promise<{ ended: number }> {
  return db.$transaction(async (tx) => {
    const others = actor.sessionId === null ? {} : { id: { not: actor.sessionId } };
    const { count } = await tx.session.updateMany({
      where: { userId: actor.userId, ...aliveSession(now()), ...others },
      data: { revokedAt: now() },
    });
    if (count > 0)
      await audit(tx, actor, {
        action: "session.revoke",
        resource: `user:${actor.userId}`,
        resourceName: actor.username,
        detail: { what: count === 1 ? "the other session" : `the other ${count} sessions` },
      });
    return { ended: count };
  });
}
