import {
  type Client,
  type Entry,
  ExtensibleFilter,
  type Filter,
  NotFilter,
  PresenceFilter,
  ResultCodeError,
  SubstringFilter,
} from "ldapts";
import type { DirectoryConfig } from "./config.ts";
import { all, bytes, primaryGroupSid, text } from "./entry.ts";
import { normalDn } from "./names.ts";
import { any, eq, every, isPerson, parsed } from "./people.ts";

/** LDAP_MATCHING_RULE_IN_CHAIN. */
const inChain = "1.2.840.113556.1.4.1941";
/** What a server that has the rule says of itself: it is an Active Directory. */
const activeDirectory = "1.2.840.113556.1.4.800";
/** A person in more groups than that is a fault of the directory. */
const most = 5000;

/** Whether the server follows nested groups by itself. */
export async function followsChains(client: Client, config: DirectoryConfig): Promise<boolean> {
  if (config.nested !== "auto") return config.nested === "chain";
  const options = { scope: "base" as const, attributes: ["supportedcapabilities"], timeLimit: config.timeoutSeconds };
  const { searchEntries } = await client.search("", options).catch((error: unknown) => {
    // A server that does not show what it can do is asked for what every one can.
    if (error instanceof ResultCodeError) return { searchEntries: [] };
    throw error;
  });
  return searchEntries.some((entry) => all(entry, "supportedCapabilities").includes(activeDirectory));
}

/** How groups name their members. */
const memberAttributes = ["member", "uniqueMember", "memberUid"] as const;
export type MemberAttribute = (typeof memberAttributes)[number];

/**
 * Which of them this directory uses at all. Asking for one that it neither uses nor has an index for makes it read every entry, for every person.
 */
export async function usedAttributes(client: Client, config: DirectoryConfig): Promise<MemberAttribute[]> {
  const used = await Promise.all(
    memberAttributes.map(async (attribute) => {
      const filter = every([new PresenceFilter({ attribute }), parsed(config.groupFilter)]);
      const options = { scope: "sub" as const, filter, attributes: ["1.1"], sizeLimit: 1, timeLimit: config.timeoutSeconds };
      try {
        return (await client.search(config.groupBase ?? config.base, options)).searchEntries.length > 0;
      } catch (error) {
        if (error instanceof ResultCodeError) return true;
        throw error;
      }
    }),
  );
  return memberAttributes.filter((_, at) => used[at]);
}

/** Nobody is in so many: what such a person may do cannot be said. */
export class TooManyGroups extends Error {}

/**
 * Reads people's groups over one connection. What was found of a group is remembered for as long as the reader lives, so that five thousand people
 * in the same groups cost one question a group.
 */
class GroupReader {
  private readonly client: Client;
  private readonly config: DirectoryConfig;
  private readonly chain: boolean;
  private readonly members: readonly MemberAttribute[];
  private readonly above = new Map<string, Promise<string[]>>();
  private readonly primary = new Map<string, Promise<string[]>>();

  constructor(client: Client, config: DirectoryConfig, { chain, members }: { chain: boolean; members: readonly MemberAttribute[] }) {
    this.members = members;
    this.client = client;
    this.config = config;
    this.chain = chain;
  }

  private async search(filter: Filter): Promise<string[]> {
    const { groupBase, base, timeoutSeconds, groupFilter } = this.config;
    const whole = every([filter, parsed(groupFilter)]);
    // In pages: servers cut a longer answer off, or refuse it.
    const { searchEntries } = await this.client.search(groupBase ?? base, {
      scope: "sub",
      filter: whole,
      attributes: ["1.1"],
      timeLimit: timeoutSeconds,
      paged: { pageSize: 500 },
    });
    return searchEntries.map(({ dn }) => dn);
  }

  /** The groups that hold this one, or this person, directly. */
  private holders(dn: string, uid: string | null): Promise<string[]> {
    const filters = this.members.flatMap((name) => (name !== "memberUid" ? eq(name, dn) : uid === null ? [] : eq(name, uid)));
    return filters.length === 0 ? Promise.resolve([]) : this.search(any(filters));
  }

  private parents(dn: string): Promise<string[]> {
    const key = normalDn(dn);
    const known = this.above.get(key);
    if (known) return known;
    const asked = this.holders(dn, null);
    this.above.set(key, asked);
    return asked;
  }

  /** The group that a person has by number: Active Directory's primaryGroupID, or gidNumber of POSIX. It does not list them as a member. */
  private primaryOf(person: Entry): Promise<string[]> {
    const sid = bytes(person, "objectSid");
    const rid = Number(text(person, "primaryGroupID") ?? Number.NaN);
    const group = sid && Number.isInteger(rid) ? primaryGroupSid(sid, rid) : null;
    const gid = text(person, "gidNumber");
    const filters = [
      ...(group ? [eq("objectSid", group)] : []),
      ...(gid === null ? [] : [every([eq("objectClass", "posixGroup"), eq("gidNumber", gid)])]),
    ];
    if (filters.length === 0) return Promise.resolve([]);
    const key = `${group?.toString("hex") ?? ""} ${gid ?? ""}`;
    const known = this.primary.get(key);
    if (known) return known;
    const asked = this.search(any(filters));
    this.primary.set(key, asked);
    return asked;
  }

  private async chained(direct: readonly string[], person: Entry): Promise<string[] | null> {
    const ask = (dn: string) => this.search(new ExtensibleFilter({ matchType: "member", rule: inChain, value: dn }));
    try {
      // The primary group does not list the person, so what holds it is asked for on its own.
      const asked = [ask(person.dn)];
      for (const dn of direct) {
        const key = `chain ${normalDn(dn)}`;
        const known = this.above.get(key) ?? ask(dn);
        this.above.set(key, known);
        asked.push(known);
      }
      const found = (await Promise.all(asked)).flat();
      // A server without the rule may also answer that nothing matches; for somebody without groups walking costs one question.
      return found.length > 0 ? found : null;
    } catch (error) {
      if (!(error instanceof ResultCodeError)) throw error;
      // It does not have the rule after all.
      return null;
    }
  }

  /** Normal names of every group that a person is in, directly or through others, sorted. */
  async of(person: Entry, username: string): Promise<string[]> {
    const primary = await this.primaryOf(person);
    const direct = [...all(person, "memberOf"), ...primary];
    if (this.chain) {
      const chained = await this.chained(primary, person);
      if (chained) return [...new Set([...direct, ...chained].map(normalDn))].sort();
    }
    const queue = [...direct, ...(await this.holders(person.dn, username))];
    const found = new Set<string>();
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const key = normalDn(next);
      // Groups that hold each other exist in every grown directory.
      if (found.has(key)) continue;
      found.add(key);
      if (found.size > most) throw new TooManyGroups(`${username} is in more than ${most} groups.`);
      if (this.config.nested !== "none") queue.push(...(await this.parents(next)));
    }
    return [...found].sort();
  }
}

/** A reader for one connection, with what the server can do and what the directory uses. */
export async function groupReader(client: Client, config: DirectoryConfig, members?: readonly MemberAttribute[]): Promise<GroupReader> {
  const [chain, used] = await Promise.all([followsChains(client, config), members ?? usedAttributes(client, config)]);
  return new GroupReader(client, config, { chain, members: used });
}

/** The entry is not there, or its name is none: codes 32 and 34. */
const absent = (error: unknown): boolean => error instanceof ResultCodeError && (error.code === 32 || error.code === 34);
/** Referral, and insufficient access: Active Directory sends whoever asks for a name that is none of its own elsewhere. */
const untold = (error: unknown): boolean => error instanceof ResultCodeError && (error.code === 10 || error.code === 50);
/** So many entries are asked for at the same time. */
const asked = 24;

const isGroup = (): Filter => any(["group", "groupOfNames", "groupOfUniqueNames", "posixGroup"].map((kind) => eq("objectClass", kind)));

const lies = (dn: string, below: string): boolean => `,${normalDn(dn)}`.endsWith(`,${normalDn(below)}`);

/** What a directory says of some groups: those that it does not show, and those of which it says nothing. */
export interface Lacking {
  readonly lacking: string[];
  readonly untold: string[];
}

/**
 * Which of these groups the directory does not show: under whatever kind of entry, but no person's.
 * @param listed only those that anybody may choose from are told of, as findGroups gives them
 */
export async function lackingGroups(
  client: Pick<Client, "search">,
  config: Pick<DirectoryConfig, "timeoutSeconds" | "base" | "groupBase" | "groupFilter">,
  groups: readonly string[],
  listed: boolean,
): Promise<Lacking> {
  const filter = listed ? every([isGroup(), parsed(config.groupFilter)]) : new NotFilter({ filter: isPerson() });
  const options = { scope: "base" as const, filter, attributes: ["1.1"], timeLimit: config.timeoutSeconds };
  const there = async (dn: string): Promise<boolean | null> => {
    if (listed && !lies(dn, config.groupBase ?? config.base)) return false;
    try {
      return (await client.search(dn, options)).searchEntries.length > 0;
    } catch (error) {
      if (absent(error)) return false;
      // One such name says nothing of the others; to whoever knows the list only, it is none.
      if (untold(error)) return listed ? false : null;
      throw error;
    }
  };
  const said: Lacking = { lacking: [], untold: [] };
  for (let at = 0; at < groups.length; at += asked) {
    const some = groups.slice(at, at + asked);
    const found = await Promise.all(some.map(there));
    said.lacking.push(...some.filter((_, index) => found[index] === false));
    said.untold.push(...some.filter((_, index) => found[index] === null));
  }
  return said;
}

/** Groups whose name has this text, for choosing one: at most `limit`. */
export async function findGroups(client: Client, config: DirectoryConfig, name: string, limit: number): Promise<string[]> {
  const named = name === "" ? null : new SubstringFilter({ attribute: "cn", any: [name] });
  const filter = every([isGroup(), named, parsed(config.groupFilter)]);
  const { searchEntries } = await client.search(config.groupBase ?? config.base, {
    scope: "sub",
    filter,
    attributes: ["1.1"],
    sizeLimit: limit,
    timeLimit: config.timeoutSeconds,
  });
  return searchEntries.map(({ dn }) => dn).slice(0, limit);
}
