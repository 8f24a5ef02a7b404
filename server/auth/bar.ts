import type { Tx } from "../db.ts";
import { type AuditEntry, audit } from "../services/audit/write.ts";
import { directoryActor } from "./roles.ts";
import { aliveSession } from "./sessions.ts";

export const barReasons = ["disabled", "missing", "replaced", "unconfirmed"] as const;
export type BarReason = (typeof barReasons)[number];

const why: Record<BarReason, string> = {
  disabled: "disabled in the directory",
  missing: "no longer in the directory",
  replaced: "the name is another person's in the directory now",
  unconfirmed: "the directory could not confirm them for too long",
};

/** In the trail of each tenant that the person is in: its administrators want to know, too. Who is in none is the site's alone. */
async function tell(tx: Tx, person: { id: string; username: string }, action: string, detail?: AuditEntry["detail"]): Promise<void> {
  const tenants = await tx.membership.findMany({ where: { userId: person.id }, select: { tenantId: true }, orderBy: { tenantId: "asc" } });
  for (const tenantId of tenants.length === 0 ? [null] : tenants.map((row) => row.tenantId))
    await audit(tx, directoryActor, {
      action,
      resource: `user:${person.id}`,
      resourceName: person.username,
      tenantId,
      ...(detail ? { detail } : {}),
    });
}

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
  await tell(tx, person, "person.bar", { what: why[reason], sessions });
}

/**
 * The name is somebody else's now. Whoever had it keeps what they made, which administrators can give to others, under a name that nobody signs in with;
 * sessions and tokens count no more.
 */
export async function retirePerson(tx: Tx, person: { id: string; username: string }, now: Date): Promise<void> {
  await barPerson(tx, person, "replaced", now);
  const of = { where: { userId: person.id } };
  await tx.membership.deleteMany(of);
  await tx.personLimit.deleteMany(of);
  await tx.clusterShare.deleteMany(of);
  await tx.user.update({ where: { id: person.id }, data: { username: `${person.username}~${person.id}` } });
}

/** The directory knows the person again: what was barred counts. */
export async function admitPerson(tx: Tx, person: { id: string; username: string; barredAt: Date | null }, now: Date): Promise<void> {
  await tx.user.update({ where: { id: person.id }, data: { barredAt: null, barredFor: null, confirmedAt: now } });
  if (person.barredAt === null) return;
  await tell(tx, person, "person.admit");
}
