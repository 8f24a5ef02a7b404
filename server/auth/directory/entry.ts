import type { Entry } from "ldapts";
import { firstName, normalDn } from "./names.ts";

function values(entry: Entry, name: string): (string | Buffer)[] {
  const found = Object.entries(entry).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  const list: (string | Buffer | undefined)[] = Array.isArray(found) ? found : [found];
  return list.flatMap((value) => (value === undefined || value.length === 0 ? [] : [value]));
}

/** Every value of an attribute that is text. */
export function all(entry: Entry, name: string): string[] {
  return values(entry, name).filter((value) => typeof value === "string");
}

/** The first value of the first of these attributes that has one. */
export function text(entry: Entry, ...names: string[]): string | null {
  for (const name of names) {
    const [first] = all(entry, name);
    if (first !== undefined) return first;
  }
  return null;
}

export function bytes(entry: Entry, name: string): Buffer | null {
  return values(entry, name).find((value) => Buffer.isBuffer(value)) ?? null;
}

/** What an entry keeps when it is renamed: of OpenLDAP and others (RFC 4530), FreeIPA, 389, Active Directory, eDirectory; the last two are bytes. */
const lasting = ["entryUUID", "ipaUniqueID", "nsUniqueId", "objectGUID", "GUID"];

/** Attributes that are bytes. */
export const byteAttributes = ["objectSid", "objectGUID", "GUID"];

/**
 * Which entry it is, for good: the attribute that says so and its value, below the directory's base. Null where the server has no such attribute, or shows
 * none.
 */
export function lastingId(entry: Entry, base: string): string | null {
  for (const name of lasting) {
    const value = text(entry, name) ?? bytes(entry, name)?.toString("hex");
    if (value) return `${normalDn(base)} ${name}=${value}`;
  }
  return null;
}

/**
 * Whether two of those are two people. Those of different directories, or by different attributes, cannot be compared: a directory that was moved
 * throws nobody out.
 */
export function someoneElse(known: string | null, found: string | null): boolean {
  const kind = (id: string): string => id.slice(0, id.lastIndexOf("="));
  return known !== null && found !== null && kind(known) === kind(found) && known !== found;
}

/** What is read of a person. */
export const personAttributes = [
  ...lasting,
  ...["cn", "displayName", "mail", "memberOf", "primaryGroupID", "objectSid", "gidNumber"],
  ...["userAccountControl", "accountExpires", "nsAccountLock", "loginDisabled", "pwdAccountLockedTime", "shadowExpire"],
];

/**
 * The name of a person's account here: the first of the attributes that they have. A person with several values has the one that names the entry, so
 * that whatever is typed leads to the same account.
 */
export function canonicalName(entry: Entry, attributes: readonly string[]): string | null {
  for (const attribute of attributes) {
    const found = all(entry, attribute).map((value) => value.toLowerCase());
    const named = firstName(entry.dn).toLowerCase();
    const name = found.includes(named) ? named : found.toSorted()[0];
    if (name !== undefined) return name;
  }
  return null;
}

/** Until 1601 and 1970 there are so many milliseconds. */
const windowsEpochMs = 11_644_473_600_000;

/** Whether the directory says that the account must not be used: Active Directory, 389, eDirectory, OpenLDAP's password policy, shadow. */
export function disabled(entry: Entry, now: Date): boolean {
  const control = Number(text(entry, "userAccountControl") ?? 0);
  if (Number.isInteger(control) && (control & 2) !== 0) return true;
  if (/^true$/i.test(text(entry, "nsAccountLock", "loginDisabled") ?? "")) return true;
  // By an administrator. Another time is a lock after wrong passwords, which anybody can cause: it must not end what is open.
  if (text(entry, "pwdAccountLockedTime")?.startsWith("00000101")) return true;
  const expires = BigInt(/^\d{1,19}$/.exec(text(entry, "accountExpires") ?? "")?.[0] ?? 0);
  if (expires !== 0n && expires !== 9_223_372_036_854_775_807n && Number(expires / 10_000n) - windowsEpochMs <= now.getTime()) return true;
  const days = Number(text(entry, "shadowExpire") ?? -1);
  return Number.isInteger(days) && days > 0 && days * 86_400_000 <= now.getTime();
}

/** Active Directory: the SID of the primary group is the person's with the last number replaced. */
export function primaryGroupSid(sid: Buffer, primaryGroupId: number): Buffer | null {
  if (sid.length < 12 || sid.length % 4 !== 0) return null;
  const group = Buffer.from(sid);
  group.writeUInt32LE(primaryGroupId >>> 0, group.length - 4);
  return group;
}
