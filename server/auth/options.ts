import type { NextAuthOptions } from "next-auth";
import type { Env } from "../env.ts";
import { UserError } from "../errors.ts";
import { log } from "../log.ts";
import { audit } from "../services/audit/write.ts";
import { cookieOptions } from "./cookies.ts";
import { absoluteSeconds, revokeSession, touchSession } from "./sessions.ts";
import { type SignInDeps, signIn } from "./sign-in.ts";

/** Set by the portal's server on every request, from the socket and trusted proxies; whatever a client sends under this name is removed before. */
export const ipHeader = "x-kindling-address";

function headerOf(headers: unknown, name: string): string | null {
  if (typeof headers !== "object" || headers === null) return null;
  const value: unknown = Reflect.get(headers, name);
  return typeof value === "string" ? value : null;
}

/**
 * NextAuth with the directory's credentials. Its signed token carries only `sid`, the id of a Session row. What goes wrong reaches the
 * sign-in page as `error` of signIn("directory", { redirect: false }): the sentence itself.
 */
export function authOptions(env: Env, secret: string, deps: SignInDeps): NextAuthOptions {
  return {
    secret,
    ...cookieOptions(env),
    session: { strategy: "jwt", maxAge: absoluteSeconds },
    jwt: { maxAge: absoluteSeconds },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in", verifyRequest: "/sign-in" },
    providers: [
      // Written out: the package's helper is CommonJS, whose default export is a different thing for Node and for Next's bundler.
      {
        id: "directory",
        name: "Company account",
        type: "credentials",
        credentials: { username: { label: "User name" }, password: { label: "Password", type: "password" } },
        async authorize(credentials, request) {
          try {
            const opened = await signIn(deps, {
              username: credentials?.username,
              password: credentials?.password,
              ip: headerOf(request.headers, ipHeader),
              userAgent: headerOf(request.headers, "user-agent"),
            });
            return { id: opened.sessionId, name: opened.displayName };
          } catch (error) {
            if (error instanceof UserError) throw error;
            log.error({ err: error }, "sign-in");
            throw new UserError(
              "unavailable",
              "Signing in does not work just now. Try again in a minute; if it stays so, tell your administrator.",
            );
          }
        },
      },
    ],
    callbacks: {
      jwt({ token, user }) {
        return user ? { sid: user.id, name: user.name ?? null } : token;
      },
      async session({ session, token }) {
        const userId = typeof token.sid === "string" ? await touchSession(deps.db, token.sid, deps.now()) : null;
        // A revoked session looks like none, also to NextAuth's own pages.
        return userId ? session : { expires: session.expires };
      },
    },
    events: {
      async signOut({ token }) {
        const sid = token?.sid;
        if (typeof sid !== "string") return;
        const now = deps.now();
        await deps.db.$transaction(async (tx) => {
          const session = await tx.session.findUnique({ where: { id: sid }, include: { user: true } });
          if (!session || !(await revokeSession(tx, { id: sid, userId: session.userId }, now))) return;
          const { id: userId, displayName, username } = session.user;
          const actor = { userId, displayName, sessionId: sid, ip: session.ip };
          await audit(tx, actor, { action: "session.close", resource: `session:${sid}`, resourceName: username });
        });
      },
    },
    logger: {
      error: (code) => log.warn({ code }, "next-auth"),
      warn: (code) => log.debug({ code }, "next-auth"),
      debug: () => undefined,
    },
  };
}
