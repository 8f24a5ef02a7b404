import { aliveSession, idleSeconds } from "../../auth/sessions.ts";
import type { ActorCtx } from "../context.ts";
import type { SessionView } from "../views.ts";

const browsers: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/HeadlessChrome\/|Chromium\//, "Chromium"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const systems: [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** "Chromium on Linux" out of what the browser says of itself. */
export function browserWords(userAgent: string | null): string {
  const of = (list: [RegExp, string][]): string | null => list.find(([pattern]) => pattern.test(userAgent ?? ""))?.[1] ?? null;
  const browser = of(browsers);
  const system = of(systems);
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? "Another program";
}

/** Where one is signed in now, this one first, then by last use. */
export async function listSessions({ db, actor, now }: ActorCtx): Promise<SessionView[]> {
  const rows = await db.session.findMany({ where: { userId: actor.userId, ...aliveSession(now()) }, orderBy: { lastSeenAt: "desc" } });
  return rows
    .map((row) => ({
      id: row.id,
      current: row.id === actor.sessionId,
      createdAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      idleEndsAt: new Date(Math.min(row.lastSeenAt.getTime() + idleSeconds * 1000, row.expiresAt.getTime())).toISOString(),
      endsAt: row.expiresAt.toISOString(),
      ip: row.ip,
      browser: browserWords(row.userAgent),
    }))
    .sort((a, b) => Number(b.current) - Number(a.current));
}
