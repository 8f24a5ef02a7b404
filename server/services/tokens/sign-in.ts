import { z } from "zod";
import { loadActor } from "../../auth/actor.ts";
import { revokeSession } from "../../auth/sessions.ts";
import { UserError } from "../../errors.ts";
import type { Deps } from "../context.ts";
import type { TokenView } from "../views.ts";
import { CreateToken, issueOwnToken } from "./create.ts";
import { endTokens } from "./revoke.ts";

/** What the terminal sends: the same password as on the page, for a token of its own. */
export const SignInForToken = CreateToken.extend({
  username: z.string().max(1000),
  password: z.string().max(10_000),
  /** An earlier token of that name ends: signing in again on the same machine. Without it the name has to be free. */
  replace: z.boolean().default(false),
});

export type SignIn = (attempt: {
  username: string;
  password: string;
  ip: string | null;
  userAgent: string | null;
}) => Promise<{ userId: string; sessionId: string }>;

/**
 * Signs in with the directory's password and gives a token instead of a session.
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
  // The session was only the way to the token; it ends also where there will be none.
  await revokeSession(deps.db, { id: sessionId, userId }, now);
  return deps.db.$transaction(async (tx) => {
    const actor = await loadActor(tx, userId, { sessionId, tokenId: null, ip });
    if (!actor) throw new UserError("not_signed_in", "Your account is gone. Ask your administrator.");
    if (input.replace) await endTokens(tx, actor, { name: input.name }, now, "for a new one of that name");
    const { name, days, scope, tenant } = input;
    return issueOwnToken(tx, actor, { newId: deps.newId, now, name, days, scope, tenant });
  });
}
