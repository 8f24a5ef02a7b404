import type { Tx } from "../db.ts";
import { audit } from "../services/audit/write.ts";
import type { DirectoryUser } from "./directory/directory.ts";
import { normalDn } from "./directory/names.ts";

export interface Mapping {
  group: string;
  role: string;
  tenantId: string | null;
}

export interface Roles {
  siteAdmin: boolean;
  /** member or admin, by tenant. */
  tenants: Map<string, "member" | "admin">;
}

/** What each group gives, by its normal name: made once for everybody, since reading a name takes longer than looking it up. */
export function byGroup(mappings: readonly Mapping[]): ReadonlyMap<string, readonly Mapping[]> {
  return Map.groupBy(mappings, ({ group }) => normalDn(group));
}

/** What a person's groups give them; in one tenant the greater role counts. */
export function rolesOf(mappings: ReadonlyMap<string, readonly Mapping[]>, groups: readonly string[]): Roles {
  const given = [...new Set(groups.map(normalDn))].flatMap((group) => mappings.get(group) ?? []);
  const tenants: Roles["tenants"] = new Map();
  for (const { tenantId, role } of given)
    if (tenantId !== null && tenants.get(tenantId) !== "admin") tenants.set(tenantId, role === "admin" ? "admin" : "member");
  return { siteAdmin: given.some(({ role }) => role === "site-admin"), tenants };
}

/** A person's row as far as the directory decides it. */
export interface KnownPerson {
  id: string;
  username: string;
  displayName: string;
  email: string | null;
  dn: string;
  entry: string | null;
  siteAdmin: boolean;
  groups: readonly string[];
  memberships: readonly { tenantId: string; role: string }[];
}

const words = (siteAdmin: boolean, tenants: Iterable<[string, string]>): string[] =>
  [...(siteAdmin ? ["site-admin"] : []), ...[...tenants].map(([tenant, role]) => `${role} of ${tenant}`)].sort();

const tenantsOf = (person: KnownPerson): Map<string, string> => new Map(person.memberships.map(({ tenantId, role }) => [tenantId, role]));

function sameRoles(person: KnownPerson, { siteAdmin, tenants }: Roles): boolean {
  const had = tenantsOf(person);
  return person.siteAdmin === siteAdmin && had.size === tenants.size && [...tenants].every(([id, role]) => had.get(id) === role);
}

/** In one order and spelling, so that the same groups are the same list. */
const groupsOf = (groups: readonly string[]): string[] => [...new Set(groups.map(normalDn))].sort();

function sameGroups(person: KnownPerson, groups: readonly string[]): boolean {
  const now = groupsOf(groups);
  return person.groups.length === now.length && now.every((group, at) => group === person.groups[at]);
}

/** Whether the row says anything else than the directory. */
export function differs(person: KnownPerson, { displayName, email, dn, entry, groups }: DirectoryUser, roles: Roles): boolean {
  const known = entry === null || person.entry === entry;
  const same = known && person.displayName === displayName && person.email === email && person.dn === dn;
  return !same || !sameGroups(person, groups) || !sameRoles(person, roles);
}

/**
 * Writes what the directory says of a person whom we know, where it differs; a change of roles is audited with before and after.
 * @param tenantNames slugs by id
 */
export async function followDirectory(
  tx: Tx,
  person: KnownPerson,
  found: DirectoryUser,
  roles: Roles,
  tenantNames: ReadonlyMap<string, string>,
): Promise<void> {
  if (!differs(person, found, roles)) return;
  const { siteAdmin, tenants } = roles;
  const { displayName, email, dn } = found;
  const entry = found.entry ?? person.entry;
  await tx.user.update({ where: { id: person.id }, data: { displayName, email, dn, entry, siteAdmin, groups: groupsOf(found.groups) } });
  if (sameRoles(person, roles)) return;
  await tx.membership.deleteMany({ where: { userId: person.id } });
  await tx.membership.createMany({ data: [...tenants].map(([tenantId, role]) => ({ userId: person.id, tenantId, role })) });
  const named = (pairs: Iterable<[string, string]>): [string, string][] =>
    [...pairs].map(([tenantId, role]) => [tenantNames.get(tenantId) ?? tenantId, role]);
  await audit(tx, directoryActor, {
    action: "person.roles",
    resource: `user:${person.id}`,
    resourceName: person.username,
    detail: {
      before: words(person.siteAdmin, named(tenantsOf(person))).join(", ") || "nothing",
      after: words(siteAdmin, named(tenants)).join(", ") || "nothing",
    },
  });
}

/** Whose doing it is when nobody here did it. */
export const directoryActor = { userId: null, displayName: "The directory", ip: null };
