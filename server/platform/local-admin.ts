import { randomInt } from "node:crypto";
import { hashPassword, localUsername, takeLocalTurn } from "../auth/local-admin.ts";
import { aliveSession } from "../auth/sessions.ts";
import type { Db } from "../db.ts";
import { audit } from "../services/audit/write.ts";

/** Without what is read wrongly: 0 and o, 1 and l. */
const letters = "abcdefghijkmnpqrstuvwxyz23456789";

/** 120 bits in groups, to be typed from another screen. */
function newPassword(): string {
  const group = (): string => Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join("");
  return [group(), group(), group(), group()].join("-");
}

const resource = "site:local-admin";
const resourceName = "the local administrator";

/** Whoever runs the command on the host. */
const byHost = (who: string) => ({ userId: null, displayName: who, ip: null });

/**
 * Gives the local administrator a new password for so many minutes; what was opened with an earlier one ends. In the audit trail, and on every page.
 * @returns the password, which is kept nowhere else
 */
export async function switchOn(db: Db, made: { who: string; minutes: number; now: Date }): Promise<{ password: string; until: Date }> {
  const { who, minutes, now } = made;
  const password = newPassword();
  const hash = await hashPassword(password);
  const until = new Date(now.getTime() + minutes * 60_000);
  await db.$transaction(async (tx) => {
    await takeLocalTurn(tx);
    const data = { hash, enabledAt: now, expiresAt: until, enabledBy: who };
    await tx.localAdmin.upsert({ where: { id: "site" }, create: data, update: data });
    await tx.session.updateMany({ where: { user: { username: localUsername }, ...aliveSession(now) }, data: { revokedAt: now } });
    const detail = { before: { state: "off" }, after: { state: `on until ${until.toISOString()}` } };
    await audit(tx, byHost(who), { action: "local-admin.on", resource, resourceName, detail });
  });
  return { password, until };
}

/** Takes the password away and ends every session that was opened with it. */
export function switchOff(db: Db, made: { who: string; now: Date }): Promise<{ was: boolean; sessions: number }> {
  const { who, now } = made;
  return db.$transaction(async (tx) => {
    await takeLocalTurn(tx);
    const { count } = await tx.localAdmin.deleteMany();
    const where = { user: { username: localUsername }, ...aliveSession(now) };
    const { count: sessions } = await tx.session.updateMany({ where, data: { revokedAt: now } });
    if (count > 0) {
      const detail = { before: { state: "on" }, after: { state: "off" }, sessions };
      await audit(tx, byHost(who), { action: "local-admin.off", resource, resourceName, detail });
    }
    return { was: count > 0, sessions };
  });
}

/** Until when it is on, who switched it on, and how many sessions are open; null while it is off. */
export async function localAdminStatus(db: Db, now: Date): Promise<{ until: Date; by: string; sessions: number } | null> {
  const row = await db.localAdmin.findFirst({ where: { expiresAt: { gt: now } } });
  if (!row) return null;
  const sessions = await db.session.count({ where: { user: { username: localUsername }, ...aliveSession(now) } });
  return { until: row.expiresAt, by: row.enabledBy, sessions };
}
