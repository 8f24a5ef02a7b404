import { z } from "zod";
import { loadActor } from "../../auth/actor.ts";
import { revokeSession } from "../../auth/sessions.ts";
import { UserError } from "../../errors.ts";
import type { Deps } from "../context.ts";
import type { TokenView } from "../views.ts";
import { CreateToken, issueOwnToken } from "./create.ts";

/** What the terminal sends: the same password as on the page, for a token of its own. */
export const SignInForToken = CreateToken.extend({ username: z.string().max(1000), password: z.string().max(10_000) });

export type SignIn = (attempt: {
  username: string;
  password: string;
  ip: string | null;
  userAgent: string | null;
}) => Promise<{ userId: string; sessionId: string }>;

/**
 * Signs in with the directory's password and gives a token instead of a session. An earlier token of that name (the same machine's) ends.
 * @throws UserError as signing in on the page does
 */
export async function signInForToken(
  deps: Deps,
  signIn: SignIn,
  input: z.output<typeof SignInForToken>,
  ip: string | null,
): Promise<{ secret: string; token: TokenView }> {
  const { userId, sessionId } = await signIn({ username: input.username, password: input.password, ip, userAgent: "kindling" });
  const now = deps.now();
  return deps.db.$transaction(async (tx) => {
    const actor = await loadActor(tx, userId, { sessionId, tokenId: null, ip });
    if (!actor) throw new UserError("not_signed_in", "Your account is gone. Ask your administrator.");
    // The session was only the way to the token.
    await revokeSession(tx, { id: sessionId, userId }, now);
    await tx.token.updateMany({ where: { userId, name: input.name, revokedAt: null }, data: { revokedAt: now } });
    const { name, days, scope, tenant } = input;
    return issueOwnToken(tx, actor, { newId: deps.newId, now, name, days, scope, tenant });
  });
}
