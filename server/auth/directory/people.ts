import { AndFilter, type Client, type Entry, EqualityFilter, type Filter, FilterParser, OrFilter } from "ldapts";
import type { DirectoryConfig } from "./config.ts";
import { all, byteAttributes, canonicalName, personAttributes } from "./entry.ts";

export const eq = (attribute: string, value: string | Buffer): Filter => new EqualityFilter({ attribute, value });
export const any = (filters: Filter[]): Filter => (filters.length === 1 && filters[0] ? filters[0] : new OrFilter({ filters }));
export const every = (filters: (Filter | null)[]): Filter => new AndFilter({ filters: filters.filter((one) => one !== null) });
export const parsed = (filter: string | null): Filter | null => (filter === null ? null : FilterParser.parseString(filter));

export const isPerson = (): Filter => any(["person", "inetOrgPerson", "posixAccount", "user"].map((kind) => eq("objectClass", kind)));

/** So many people are asked for at once. */
const batch = 50;

async function search(client: Client, config: DirectoryConfig, base: string, filter: Filter, scope: "sub" | "base"): Promise<Entry[]> {
  // In lower case: there are servers that compare them as they are written.
  const attributes = [...new Set([...config.loginAttributes, ...personAttributes].map((name) => name.toLowerCase()))];
  const explicitBufferAttributes = byteAttributes.flatMap((name) => [name, name.toLowerCase()]);
  const options = { scope, filter, attributes, explicitBufferAttributes, timeLimit: config.timeoutSeconds };
  return (await client.search(base, { ...options, paged: { pageSize: 200 } })).searchEntries;
}

/** The one person of that name; two people under one name cannot be told apart: neither is found. */
export async function findPerson(client: Client, config: DirectoryConfig, username: string): Promise<Entry | null> {
  const named = any(config.loginAttributes.map((attribute) => eq(attribute, username)));
  const entries = await search(client, config, config.base, every([isPerson(), named, parsed(config.personFilter)]), "sub");
  return entries.length === 1 ? (entries[0] ?? null) : null;
}

/** The person who bound directly. A distinguished name is the entry; any other name (user@domain) is looked for, and must mean one person only. */
export async function findBound(client: Client, config: DirectoryConfig, bound: string, username: string): Promise<Entry | null> {
  const restricted = every([isPerson(), parsed(config.personFilter)]);
  if (/^[a-z][a-z0-9-]*=/i.test(bound)) return (await search(client, config, bound, restricted, "base"))[0] ?? null;
  const named = any([...config.loginAttributes.map((attribute) => eq(attribute, username)), eq("userPrincipalName", bound)]);
  const entries = await search(client, config, config.base, every([restricted, named]), "sub");
  return entries.length === 1 ? (entries[0] ?? null) : null;
}

/** Accounts by the name that they have here; several under one name are none. Whoever is not in the answer is not there. */
export async function findPeople(client: Client, config: DirectoryConfig, names: readonly string[]): Promise<Map<string, Entry>> {
  const found = new Map<string, Entry | null>();
  for (let at = 0; at < names.length; at += batch) {
    const wanted = new Set(names.slice(at, at + batch));
    const named = any([...wanted].flatMap((name) => config.loginAttributes.map((attribute) => eq(attribute, name))));
    for (const entry of await search(client, config, config.base, every([isPerson(), named, parsed(config.personFilter)]), "sub")) {
      const name = canonicalName(entry, config.loginAttributes);
      if (name !== null && wanted.has(name)) found.set(name, found.has(name) ? null : entry);
    }
  }
  return new Map([...found].filter((pair): pair is [string, Entry] => pair[1] !== null));
}

/** Whether the directory shows anybody at all: one that shows nobody is not believed when it says that somebody is gone. */
export async function showsPeople(client: Client, config: DirectoryConfig): Promise<boolean> {
  const filter = every([isPerson(), parsed(config.personFilter)]);
  const { searchEntries } = await client.search(config.base, {
    scope: "sub",
    filter,
    attributes: config.loginAttributes.map((name) => name.toLowerCase()),
    sizeLimit: 3,
    timeLimit: config.timeoutSeconds,
  });
  return searchEntries.some((entry) => config.loginAttributes.some((attribute) => all(entry, attribute).length > 0));
}
