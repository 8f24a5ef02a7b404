import type { Db } from "../db.ts";

const keptMs = 30 * 86_400_000;

/** Removes sessions and tokens that ended a month ago; until then they explain what the audit trail says. */
export async function purge(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - keptMs);
  await db.session.deleteMany({ where: { expiresAt: { lt: before } } });
  await db.token.deleteMany({ where: { expiresAt: { lt: before } } });
}
