import type { Db, Tx } from "../db.ts";
import type { NewId } from "../ids.ts";

/** A session ends this long after sign-in, used or not. */
export const absoluteSeconds = 12 * 3600;
/** And this long after its last use. */
export const idleSeconds = 2 * 3600;
/** The last use is written at most this often. */
const touchSeconds = 60;

export async function openSession(
  tx: Tx,
  made: { newId: NewId; now: Date; userId: string; ip: string | null; userAgent: string | null; until?: Date },
): Promise<string> {
  const end = new Date(made.now.getTime() + absoluteSeconds * 1000);
  const { id } = await tx.session.create({
    data: {
      id: made.newId("s"),
      userId: made.userId,
      createdAt: made.now,
      lastSeenAt: made.now,
      expiresAt: made.until && made.until < end ? made.until : end,
      ip: made.ip,
      userAgent: made.userAgent?.slice(0, 400) ?? null,
    },
    select: { id: true },
  });
  return id;
}

/** Prisma's condition for a session that counts now. The gateway uses the same one. */
export function aliveSession(now: Date) {
  return { revokedAt: null, expiresAt: { gt: now }, lastSeenAt: { gt: new Date(now.getTime() - idleSeconds * 1000) } };
}

/** The user of a session that counts now, or null; writes down that it was used. */
export async function touchSession(db: Db, id: string, now: Date): Promise<string | null> {
  const session = await db.session.findFirst({ where: { id, ...aliveSession(now) }, select: { userId: true, lastSeenAt: true } });
  if (!session) return null;
  if (now.getTime() - session.lastSeenAt.getTime() > touchSeconds * 1000)
    await db.session.updateMany({ where: { id, revokedAt: null }, data: { lastSeenAt: now } });
  return session.userId;
}

/** @returns whether a session that counted was ended */
export async function revokeSession(tx: Tx, where: { id: string; userId: string }, now: Date): Promise<boolean> {
  const { count } = await tx.session.updateMany({ where: { ...where, ...aliveSession(now) }, data: { revokedAt: now } });
  return count > 0;
}
