import { aliveToken } from "../../auth/tokens.ts";
import type { ActorCtx } from "../context.ts";
import type { TokenView } from "../views.ts";
import { tokenInclude, toTokenView } from "./view.ts";

/** One's own tokens that count now, newest first. */
export async function listTokens({ db, actor, now }: ActorCtx): Promise<TokenView[]> {
  const rows = await db.token.findMany({
    where: { userId: actor.userId, ...aliveToken(now()) },
    orderBy: { createdAt: "desc" },
    include: tokenInclude,
  });
  return rows.map(toTokenView);
}
