import { randomBytes, randomInt, scrypt, timingSafeEqual } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

/** Who may sign in, hashed; the same for people; the password of the account that the portal searches with. */
const files = { hashed: "directory.json", shown: "accounts.txt", bind: "directory-bind" } as const;
export const demoFiles = Object.values(files);

export const demoBase = "dc=kindling,dc=demo";
export const demoBindDn = `cn=portal,${demoBase}`;

/** Who is in the demo directory and in which group. `analytics-engineers` is inside `analytics-members`: nesting is the normal case in companies. */
const people = [
  { uid: "sam", name: "Sam Okafor", what: "site administrator", groups: ["kindling-admins"] },
  { uid: "tina", name: "Tina Lindqvist", what: "tenant administrator of analytics", groups: ["analytics-admins"] },
  { uid: "dana", name: "Dana Moreau", what: "data scientist in analytics", groups: ["analytics-engineers"] },
  { uid: "rhea", name: "Rhea Castillo", what: "data scientist in research", groups: ["research-members"] },
] as const;

export const demoGroups: Record<string, string[]> = {
  "kindling-admins": ["uid=sam,ou=people"],
  "analytics-admins": ["uid=tina,ou=people"],
  "analytics-members": ["cn=analytics-engineers,ou=groups"],
  "analytics-engineers": ["uid=dana,ou=people"],
  "research-admins": [],
  "research-members": ["uid=rhea,ou=people"],
};

const Hash = z.object({ salt: z.string(), hash: z.string() });
const Stored = z.object({
  version: z.literal(1),
  /** Of the account that the portal searches with. */
  bind: Hash,
  accounts: z.array(z.object({ uid: z.string(), name: z.string(), mail: z.string(), password: Hash })),
});
export type DemoAccounts = z.infer<typeof Stored>;

async function hashPassword(password: string): Promise<z.infer<typeof Hash>> {
  const salt = randomBytes(16);
  return { salt: salt.toString("base64"), hash: (await derive(password, salt, 32)).toString("base64") };
}

/** Takes as long for an account that does not exist: pass null. */
export async function passwordMatches(stored: z.infer<typeof Hash> | null, password: string): Promise<boolean> {
  const salt = stored ? Buffer.from(stored.salt, "base64") : randomBytes(16);
  const hash = await derive(password, salt, 32);
  return stored !== null && timingSafeEqual(hash, Buffer.from(stored.hash, "base64"));
}

/** Four groups of four letters and digits that are not mistaken for each other: 78 bits, and still possible to type. */
function randomPassword(): string {
  const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  return Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join("")).join("-");
}

async function writePrivate(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content, { mode: 0o600 });
  await chmod(`${path}.new`, 0o600);
  await rename(`${path}.new`, path);
}

async function make(home: string): Promise<DemoAccounts> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const bindPassword = randomPassword();
  const made = people.map((person) => ({ ...person, password: randomPassword() }));
  const stored: DemoAccounts = {
    version: 1,
    bind: await hashPassword(bindPassword),
    accounts: await Promise.all(
      made.map(async ({ uid, name, password }) => ({ uid, name, mail: `${uid}@kindling.demo`, password: await hashPassword(password) })),
    ),
  };
  const lines = made.map(({ uid, password, what }) => `${uid.padEnd(8)}${password.padEnd(22)}${what}`);
  await writePrivate(join(home, files.bind), bindPassword);
  await writePrivate(join(home, files.shown), `Accounts of the demo directory, made at the first start.\n\n${lines.join("\n")}\n`);
  // Last, because its presence says that the other two are there.
  await writePrivate(join(home, files.hashed), `${JSON.stringify(stored, null, 2)}\n`);
  return stored;
}

/** Reads a folder's directory.json: all that the directory itself has to know. Null when there is none. */
export async function readAccounts(folder: string): Promise<DemoAccounts | null> {
  const found = await readFile(join(folder, files.hashed), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return found === null ? null : Stored.parse(JSON.parse(found));
}

/**
 * Reads KINDLING_HOME/directory.json; at the first start makes it with random passwords, kept hashed. accounts.txt shows
 * them to the owner of the home (all files 0600).
 */
export async function loadAccounts(home: string): Promise<{ accounts: DemoAccounts; bindPassword: string; madeNow: boolean }> {
  const known = await readAccounts(home);
  const accounts = known ?? (await make(home));
  return { accounts, bindPassword: await readFile(join(home, files.bind), "utf8"), madeNow: known === null };
}
