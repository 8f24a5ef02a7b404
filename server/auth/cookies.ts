import type { NextAuthOptions } from "next-auth";
import { decode } from "next-auth/jwt";
import type { Env } from "../env.ts";
import { portalOrigin } from "../env.ts";

/**
 * Cookies do not know ports: two installations on one host (localhost, above all) keep apart by name. `__Host-` makes the browser refuse
 * a cookie that a neighbouring sub-domain tries to plant.
 */
export function cookieNames(env: Env) {
  const secure = portalOrigin(env).startsWith("https:");
  const name = (what: string) => `${secure ? "__Host-" : ""}kindling-${env.KINDLING_PORT}-${what}`;
  return { secure, session: name("session"), csrf: name("csrf"), callback: name("callback") };
}

/** NextAuth's cookie settings: unreadable for scripts, not sent along from other sites' forms. */
export function cookieOptions(env: Env): Pick<NextAuthOptions, "cookies" | "useSecureCookies"> {
  const { secure, session, csrf, callback } = cookieNames(env);
  const options = { httpOnly: true, sameSite: "lax", path: "/", secure } as const;
  return {
    useSecureCookies: secure,
    cookies: {
      sessionToken: { name: session, options },
      csrfToken: { name: csrf, options },
      callbackUrl: { name: callback, options },
    },
  };
}

function cookieValue(header: string, name: string): string | null {
  for (const part of header.split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return decodeURIComponent(part.slice(at + 1).trim());
  }
  return null;
}

/** The Session row's id in the signed cookie; null when there is none or it is not ours. Whether the session still counts is the row's to say. */
export async function sessionIdFromCookie(header: string | null | undefined, name: string, secret: string): Promise<string | null> {
  try {
    const token = header ? cookieValue(header, name) : null;
    if (!token) return null;
    const payload = await decode({ token, secret });
    return typeof payload?.sid === "string" ? payload.sid : null;
  } catch {
    // Misspelt, forged, expired or signed by another installation: all the same, nobody is signed in.
    return null;
  }
}
