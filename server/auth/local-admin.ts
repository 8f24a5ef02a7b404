import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Tx } from "../db.ts";
import type { NewId } from "../ids.ts";

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** What is typed at the sign-in while the local administrator is switched on. */
export const localName = "local-admin";
/** How its row is called: with a slash, which is in no name that a directory's people can sign in with. */
export const localUsername = "local/admin";
export const localDisplayName = "Local administrator";

// 64 MB and some tenths of a second: one of the settings that OWASP advises for passwords that people choose, and this one is random.
const cost = { N: 2 ** 16, r: 8, p: 2 };
const most = { N: 2 ** 20, r: 32, p: 16 };
const bytes = 32;

const options = ({ N, r, p }: typeof cost): ScryptOptions => ({ N, r, p, maxmem: 256 * N * r });

/** scrypt with a salt of its own, as scrypt$N$r$p$salt$hash. */
export async function hashPassword(password: string, with_ = cost): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password.normalize("NFC"), salt, bytes, options(with_));
  return ["scrypt", with_.N, with_.r, with_.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

/** Whether it is the password; false for text that is no hash of ours. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [kind, n, r, p, salt = "", hash = ""] = stored.split("$");
  const given = { N: Number(n), r: Number(r), p: Number(p) };
  const sound = given.N >= 2 && given.N <= most.N && given.r >= 1 && given.r <= most.r && given.p >= 1 && given.p <= most.p;
  const expected = Buffer.from(hash, "base64url");
  if (kind !== "scrypt" || !sound || expected.length !== bytes) return false;
  return timingSafeEqual(await derive(password.normalize("NFC"), Buffer.from(salt, "base64url"), bytes, options(given)), expected);
}

/** The local administrator, while somebody on the host has switched it on. */
export function localAdminNow(db: Tx, now: Date) {
  return db.localAdmin.findFirst({ where: { expiresAt: { gt: now } } });
}

/** Held by whoever gives it another password or takes it away, and by whoever signs in with it: one after the other. */
const turn = 72707374;

/** Waits until nobody else changes or uses the password; until the end of the transaction. */
export async function takeLocalTurn(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${turn}::bigint)`;
}

/** Its row among the people: made at the first sign-in, and nobody's in the directory. */
export async function localPerson(tx: Tx, newId: NewId): Promise<string> {
  const { id } = await tx.user.upsert({
    where: { username: localUsername },
    create: { id: newId("u"), username: localUsername, displayName: localDisplayName, dn: "", kind: "local", siteAdmin: true },
    update: {},
  });
  return id;
}
