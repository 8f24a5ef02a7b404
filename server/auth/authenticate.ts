import type { Db } from "../db.ts";
import { type Actor, loadActor } from "./actor.ts";
import { sessionIdFromCookie } from "./cookies.ts";
import { touchSession } from "./sessions.ts";
import { touchToken } from "./tokens.ts";

/** Who sent these headers: a personal token in `Authorization: Bearer`, else the session cookie; null when neither counts. */
export type Authenticator = (
  headers: { authorization?: string | null | undefined; cookie?: string | null | undefined },
  ip: string | null,
) => Promise<Actor | null>;

/** The one way in: pages, API, sockets and downloads all ask here, every time. */
export function createAuthenticator(made: { db: Db; secret: string; cookie: string; now: () => Date }): Authenticator {
  const { db, secret, cookie, now } = made;
  return async (headers, ip) => {
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
    if (bearer !== undefined) {
      const token = await touchToken(db, bearer.trim(), now());
      return token ? loadActor(db, token.userId, { sessionId: null, tokenId: token.tokenId, ip }) : null;
    }
    const sessionId = await sessionIdFromCookie(headers.cookie, cookie, secret);
    const userId = sessionId ? await touchSession(db, sessionId, now()) : null;
    return userId ? loadActor(db, userId, { sessionId, tokenId: null, ip }) : null;
  };
}
