import type { IncomingHttpHeaders } from "node:http";
import { touchSession } from "../auth/sessions.ts";
import type { Db } from "../db.ts";
import { hashSecret, randomSecret } from "../secrets.ts";
import { type CookieNames, ownCookie, parseCookies } from "./cookies.ts";
import { localPath, type ServiceHost } from "./host.ts";

/** How long a browser may take from the first visit to the signed-in return, seconds: a cluster may be starting meanwhile. */
const nonceSeconds = 3600;
const codeSeconds = 30;
/** Tabs that sign in at once; the oldest nonces beyond them are dropped. */
const mostNonces = 5;
const secretShape = /^[A-Za-z0-9_-]{43}$/;

/** Begins a login: the cookies to set, and the nonce's hash for the portal. `path` is where the person wanted to go on this origin. */
export function beginLogin(headers: IncomingHttpHeaders, host: ServiceHost, names: CookieNames, path: string) {
  const nonce = randomSecret();
  const nonceHash = hashSecret(nonce);
  const wanted = localPath(path, host.origin) ?? "/";
  const old = parseCookies(headers.cookie).filter((cookie) => cookie.name.startsWith(names.nonce));
  const cookies = [
    ownCookie(names.nonce + nonceHash.slice(0, 10), `${nonce}.${Buffer.from(wanted).toString("base64url")}`, host.secure, nonceSeconds),
    ...old.slice(0, Math.max(0, old.length + 1 - mostNonces)).map((cookie) => ownCookie(cookie.name, "", host.secure, 0)),
  ];
  return { cookies, nonceHash };
}

/**
 * Takes the portal's form: keeps the code for the next request, which the browser sends as an ordinary visit. A POST from another
 * site comes without our SameSite cookies, so the nonce can only be compared there. Null: not a code.
 */
export function keepCode(body: string, host: ServiceHost, names: CookieNames): string | null {
  const code = new URLSearchParams(body).get("code") ?? "";
  return secretShape.test(code) ? ownCookie(names.code, code, host.secure, codeSeconds) : null;
}

export type Redeemed =
  | { ok: true; cookies: string[]; hash: string; path: string; sessionId: string }
  /** `why` is for the log; the person only learns that the link no longer counts. */
  | { ok: false; cookies: string[]; why: "no_code" | "unknown" | "used" | "expired" | "other_endpoint" | "other_nonce" | "session_ended" };

/**
 * Turns a code into a gateway session. The code is used up by being shown, whatever else is wrong: a stolen one is worth nothing twice.
 */
export async function redeem(db: Db, headers: IncomingHttpHeaders, host: ServiceHost, names: CookieNames, now: Date): Promise<Redeemed> {
  const sent = parseCookies(headers.cookie);
  const cookies = [ownCookie(names.code, "", host.secure, 0)];
  const code = sent.find((cookie) => cookie.name === names.code && secretShape.test(cookie.value))?.value;
  if (!code) return { ok: false, cookies, why: "no_code" };
  const hash = hashSecret(code);
  const row = await db.handover.findUnique({ where: { hash } });
  if (!row) return { ok: false, cookies, why: "unknown" };
  const { count } = await db.handover.updateMany({ where: { hash, usedAt: null }, data: { usedAt: now } });
  if (count !== 1) return { ok: false, cookies, why: "used" };
  if (row.expiresAt <= now || now.getTime() - row.createdAt.getTime() > codeSeconds * 1000) return { ok: false, cookies, why: "expired" };
  if (row.clusterId !== host.clusterId || row.endpoint !== host.endpoint) return { ok: false, cookies, why: "other_endpoint" };
  const mine = sent
    .filter((cookie) => cookie.name.startsWith(names.nonce))
    .map(({ name, value }) => ({ name, nonce: value.split(".")[0] ?? "", path: value.split(".")[1] ?? "" }))
    .find(({ nonce }) => secretShape.test(nonce) && hashSecret(nonce) === row.nonceHash);
  if (!mine) return { ok: false, cookies, why: "other_nonce" };
  cookies.push(ownCookie(mine.name, "", host.secure, 0));
  if (!(await touchSession(db, row.sessionId, now))) return { ok: false, cookies, why: "session_ended" };
  const session = await db.session.findUniqueOrThrow({ where: { id: row.sessionId }, select: { expiresAt: true } });
  const secret = randomSecret();
  const opened = { hash: hashSecret(secret), sessionId: row.sessionId, clusterId: row.clusterId, endpoint: row.endpoint };
  await db.gatewaySession.create({ data: { ...opened, createdAt: now, expiresAt: session.expiresAt } });
  const seconds = Math.floor((session.expiresAt.getTime() - now.getTime()) / 1000);
  cookies.push(ownCookie(names.session, secret, host.secure, seconds));
  const path = localPath(Buffer.from(mine.path, "base64url").toString(), host.origin) ?? "/";
  return { ok: true, cookies, hash: opened.hash, path, sessionId: row.sessionId };
}
