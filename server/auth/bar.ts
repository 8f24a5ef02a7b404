import type { Tx } from "../db.ts";
import { audit } from "../services/audit/write.ts";
import { directoryActor } from "./roles.ts";
import { aliveSession } from "./sessions.ts";

export type BarReason = "disabled" | "missing" | "unconfirmed";

const why: Record<BarReason, string> = {
  disabled: "disabled in the directory",
  missing: "no longer in the directory",
  unconfirmed: "the directory could not confirm them for too long",
};

/**
 * A person counts for nothing from now on: sessions end, and with them sockets and services; tokens are refused until the directory knows the person
 * again. Tokens are not revoked: that would make a directory's mistake of a minute one that people repair for days.
 */
export async function barPerson(tx: Tx, person: { id: string; username: string }, reason: BarReason, now: Date): Promise<void> {
  const { count: barred } = await tx.user.updateMany({
    where: { id: person.id, OR: [{ barredAt: null }, { barredFor: { not: reason } }] },
    data: { barredAt: now, barredFor: reason },
  });
  const { count: sessions } = await tx.session.updateMany({ where: { userId: person.id, ...aliveSession(now) }, data: { revokedAt: now } });
  if (barred === 0) return;
  await audit(tx, directoryActor, {
    action: "person.bar",
    resource: `user:${person.id}`,
    resourceName: person.username,
    detail: { what: why[reason], sessions },
  });
}

/** The directory knows the person again: what was barred counts. */
export async function admitPerson(tx: Tx, person: { id: string; username: string; barredAt: Date | null }, now: Date): Promise<void> {
  await tx.user.update({ where: { id: person.id }, data: { barredAt: null, barredFor: null, confirmedAt: now } });
  if (person.barredAt === null) return;
  await audit(tx, directoryActor, { action: "person.admit", resource: `user:${person.id}`, resourceName: person.username });
}
