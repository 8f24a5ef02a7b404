import { revokeSession } from "../../auth/sessions.ts";
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
