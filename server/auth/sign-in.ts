import type { Db, Tx } from "../db.ts";
import { UserError } from "../errors.ts";
import type { NewId } from "../ids.ts";
import { log } from "../log.ts";
import { count } from "../planner/words.ts";
import { audit } from "../services/audit/write.ts";
import { loadActor } from "./actor.ts";
import { admitPerson, retirePerson } from "./bar.ts";
import type { Directory, DirectoryUser } from "./directory/directory.ts";
import { someoneElse } from "./directory/entry.ts";
import { localAdminNow, localName, localPerson, localUsername, takeLocalTurn, verifyPassword } from "./local-admin.ts";
import { checkShape, wrongCredentials } from "./password.ts";
import type { RateLimit } from "./rate-limit.ts";
import { byGroup, followDirectory, rolesOf } from "./roles.ts";
import { openSession } from "./sessions.ts";

/** "45 seconds", "15 minutes": never less than it is. */
export function waitWords(seconds: number): string {
  return seconds < 120 ? count(seconds, "second") : count(Math.ceil(seconds / 60), "minute");
}

export interface SignInDeps {
  db: Db;
  directory: Pick<Directory, "authenticate">;
  limit: RateLimit;
  newId: NewId;
  now: () => Date;
}

/** Roles follow the directory's groups at every sign-in; nobody edits them by hand. Who signs in is confirmed, and barred no longer. */
async function upsertUser(tx: Tx, newId: NewId, now: Date, found: DirectoryUser): Promise<string> {
  const { username, displayName, email, dn, entry } = found;
  const before = await tx.user.findUnique({ where: { username }, select: { id: true, username: true, kind: true, entry: true } });
  if (before?.kind === "person" && someoneElse(before.entry, entry)) await retirePerson(tx, before, now);
  const person = await tx.user.upsert({
    where: { username },
    create: { id: newId("u"), username, displayName, email, dn, entry, confirmedAt: now },
    update: {},
    include: { memberships: { select: { tenantId: true, role: true } } },
  });
  // Whatever the directory calls its people: nobody becomes a service account or the local administrator by a name.
  if (person.kind !== "person") throw new UserError("not_signed_in", wrongCredentials);
  const tenants = await tx.tenant.findMany({ select: { id: true, slug: true } });
  const names = new Map(tenants.map(({ id, slug }) => [id, slug]));
  await followDirectory(tx, person, found, rolesOf(byGroup(await tx.groupMapping.findMany()), found.groups), names);
  await admitPerson(tx, person, now);
  return person.id;
}

/** A failed attempt is written down by name only for accounts we know: people also type passwords into the wrong field. */
async function writeRefusal(db: Db, username: string, ip: string | null, what: string): Promise<void> {
  const known = await db.user.findUnique({ where: { username }, select: { id: true, displayName: true } });
  await audit(
    db,
    { userId: known?.id ?? null, displayName: known?.displayName ?? "somebody", ip },
    {
      action: "session.open",
      resource: known ? `user:${known.id}` : "user:unknown",
      resourceName: known ? username : "an unknown account",
      outcome: "refused",
      detail: { what },
    },
  );
}

/** Whose password it was. */
interface Found {
  /** Null: the local administrator's. */
  person: DirectoryUser | null;
  /** When the session ends at the latest. */
  until: Date | null;
}

async function byDirectory(directory: SignInDeps["directory"], username: string, password: string): Promise<Found | null> {
  const person = await directory.authenticate(username, password);
  return person && { person, until: null };
}

async function byLocalPassword(local: { hash: string; expiresAt: Date }, password: string): Promise<Found | null> {
  return (await verifyPassword(password, local.hash)) ? { person: null, until: local.expiresAt } : null;
}

/**
 * Signs a person in with the directory's password and opens a session row.
 * @throws UserError with a sentence for people: wrong credentials, too many attempts, no tenant, directory silent
 */
export async function signIn(
  { db, directory, limit, newId, now }: SignInDeps,
  attempt: { username: unknown; password: unknown; ip: string | null; userAgent: string | null },
): Promise<{ userId: string; sessionId: string; displayName: string }> {
  const address = attempt.ip ?? "unknown";
  const { username, password } = checkShape(attempt.username, attempt.password);
  const seconds = limit.wait(username, address);
  if (seconds > 0) {
    // Once for each wait: whoever goes on guessing meanwhile does not fill the trail.
    if (limit.tellsNow(username, address)) await writeRefusal(db, username, attempt.ip, "too many wrong attempts");
    throw new UserError("too_many_attempts", `Too many wrong attempts from here. Try again in ${waitWords(seconds)}.`);
  }
  // Counted before the answer: of a thousand guesses sent at once, all but the free ones would have passed otherwise.
  limit.failed(username, address);
  // Only while it is switched on is the name anything but a name for the directory.
  const local = username === localName ? await localAdminNow(db, now()) : null;
  const found = await (local ? byLocalPassword(local, password) : byDirectory(directory, username, password)).catch((error: unknown) => {
    limit.unchecked(username, address);
    throw error;
  });
  if (!found) {
    await writeRefusal(db, local ? localUsername : username, attempt.ip, "wrong name or password");
    throw new UserError("not_signed_in", wrongCredentials);
  }
  limit.succeeded(username, address);
  const opened = await db.$transaction(async (tx) => {
    // Comparing takes its time: another password may have been given meanwhile, and this one taken away.
    if (local) {
      await takeLocalTurn(tx);
      if ((await localAdminNow(tx, now()))?.hash !== local.hash) return null;
    }
    const userId = found.person ? await upsertUser(tx, newId, now(), found.person) : await localPerson(tx, newId);
    const actor = await loadActor(tx, userId, { sessionId: null, tokenId: null, ip: attempt.ip });
    if (!actor) throw new UserError("not_signed_in", wrongCredentials);
    const until = found.until ? { until: found.until } : {};
    const sessionId = await openSession(tx, { newId, now: now(), userId, ip: attempt.ip, userAgent: attempt.userAgent, ...until });
    await audit(tx, actor, {
      action: "session.open",
      resource: `session:${sessionId}`,
      resourceName: found.person?.username ?? localUsername,
      ...(found.person ? {} : { detail: { what: "with the local administrator's password" } }),
    });
    if (!found.person) log.warn({ ip: attempt.ip, session: sessionId }, "sign-in.local-admin");
    return { userId, sessionId, displayName: actor.displayName };
  });
  if (opened) return opened;
  await writeRefusal(db, localUsername, attempt.ip, "the password was replaced or taken away meanwhile");
  throw new UserError("not_signed_in", wrongCredentials);
}
