import { type Client, type Entry, InvalidCredentialsError, ResultCodeError } from "ldapts";
import { UserError } from "../../errors.ts";
import type { DirectoryConfig } from "./config.ts";
import { ConnectError, close, openConnection } from "./connect.ts";
import { canonicalName, disabled, lastingId, text } from "./entry.ts";
import { Servers } from "./failover.ts";
import { findGroups, groupReader, type Lacking, lackingGroups, type MemberAttribute, TooManyGroups, usedAttributes } from "./groups.ts";
import { escapeDn } from "./names.ts";
import { findBound, findPeople, findPerson, showsPeople } from "./people.ts";

/** A person as the directory knows them. */
export interface DirectoryUser {
  username: string;
  displayName: string;
  email: string | null;
  dn: string;
  /** Which entry it is, whatever it is called (entry.ts); null: the directory does not say. */
  entry: string | null;
  /** Distinguished names in their normal spelling (names.ts) of every group the person is in, directly or through other groups. */
  groups: string[];
}

/** What the directory says of somebody whom it was asked for again. */
export type Found =
  | { state: "here"; user: DirectoryUser }
  | { state: "disabled" }
  | { state: "missing" }
  /** There, but what they are in cannot be read: nobody else has to wait for that. */
  | { state: "unreadable"; why: string };

/** Where accounts live. The only place that sees a password. */
export interface Directory {
  /**
   * Checks a password by binding as the person.
   * @returns null for an unknown account, a disabled one and a wrong password alike
   * @throws UserError `unavailable` when the directory does not answer
   */
  authenticate(username: string, password: string): Promise<DirectoryUser | null>;
  /**
   * Reads people again, without their passwords, in one go.
   * @throws when no server answers, or one does not show anybody at all
   */
  look(usernames: readonly string[]): Promise<Map<string, Found>>;
  /** Groups whose name has this text, at most 20. */
  groups(text: string): Promise<string[]>;
  /**
   * Which of these groups, by their distinguished names, it does not show.
   * @param listed says nothing of an entry that `groups` would not give
   * @throws when no server answers
   */
  lacks(groups: readonly string[], listed?: boolean): Promise<Lacking>;
  /** What was wrong with a server when it was asked last; null: nothing that is known. */
  problem(url: string): unknown;
}

/** What is learned of a directory's habits is learned again so often. */
const relearnMs = 10 * 60_000;
/** So many people's groups are asked for at the same time. */
const together = 24;

/** The password is not that account's: also where the account cannot have one, or is kept out after too many wrong ones. */
function isWrong(error: unknown): boolean {
  return error instanceof InvalidCredentialsError || (error instanceof ResultCodeError && (error.code === 48 || error.code === 19));
}

/** The name that a person binds with: escaped where it is part of a distinguished name. */
export function boundName(template: string, username: string): string {
  return template.replaceAll("{username}", () => (/^[a-z][a-z0-9-]*=/i.test(template) ? escapeDn(username) : username));
}

/** Makes the connection that of the account that searches. @throws ConnectError of the stage "bind" */
export async function asSearcher(client: Client, config: DirectoryConfig, url: string): Promise<void> {
  if (config.bind !== "service") return;
  const { bindDn, bindPassword } = config;
  // A bind without a password is anonymous by the standard, and would succeed.
  if (!bindDn || !bindPassword) throw new ConnectError("bind", url, new InvalidCredentialsError());
  await client.bind(bindDn, bindPassword).catch((error: unknown) => {
    throw new ConnectError("bind", url, error);
  });
}

/** Whether the password is that entry's, on a connection of its own: no bind of one person is ever used for another. */
export async function passwordIsRight(config: DirectoryConfig, url: string, dn: string, password: string): Promise<boolean> {
  if (password === "" || password.includes("\0")) return false;
  const { client } = await openConnection(config, url);
  try {
    await client.bind(dn, password);
    return true;
  } catch (error) {
    if (isWrong(error)) return false;
    throw error;
  } finally {
    await close(client);
  }
}

export function describePerson(entry: Entry, username: string, groups: string[], base: string): DirectoryUser {
  // People may write these themselves in many directories, and the database takes no NUL.
  const line = (value: string | null): string | null => value?.replaceAll(/\p{Cc}/gu, " ").trim() || null;
  const displayName = line(text(entry, "displayName", "cn")) ?? username;
  return { username, displayName, email: line(text(entry, "mail")), dn: line(entry.dn) ?? "", entry: line(lastingId(entry, base)), groups };
}

/** An LDAP directory or Active Directory. A connection lives for one question. */
export function createDirectory(config: DirectoryConfig, now: () => Date = () => new Date()): Directory {
  const servers = new Servers(() => now().getTime());
  let learned: { at: number; members: MemberAttribute[] } | null = null;
  const reader = async (client: Client) => {
    if (!learned || now().getTime() - learned.at > relearnMs)
      learned = { at: now().getTime(), members: await usedAttributes(client, config) };
    return groupReader(client, config, learned.members);
  };

  const known = async (client: Client, entry: Entry | null, right: boolean): Promise<DirectoryUser | null> => {
    const name = entry && canonicalName(entry, config.loginAttributes);
    if (!entry || !right || name === null || disabled(entry, now())) return null;
    return describePerson(entry, name, await (await reader(client)).of(entry, name), config.base);
  };

  const authenticate = (username: string, password: string): Promise<DirectoryUser | null> =>
    servers.with(config, async (client, url) => {
      if (config.bind === "direct") {
        const bound = boundName(config.userDn ?? "{username}", username);
        try {
          await client.bind(bound, password);
        } catch (error) {
          if (isWrong(error)) return null;
          throw error;
        }
        return known(client, await findBound(client, config, bound, username), true);
      }
      await asSearcher(client, config, url);
      const person = await findPerson(client, config, username);
      // An unknown name binds as nobody, so that the answer takes as long as for a wrong password.
      const right = await passwordIsRight(config, url, person?.dn ?? `uid=nobody-has-this-name,${config.base}`, password);
      return known(client, person, right);
    });

  return {
    problem: (url) => servers.problem(url),
    async authenticate(username, password) {
      // A bind without a password is anonymous by the standard, and would succeed.
      if (username === "" || password === "" || /\0/.test(username + password)) return null;
      try {
        return await authenticate(username, password);
      } catch (cause) {
        throw Object.assign(
          new UserError("unavailable", "The company directory does not answer, so nobody can sign in just now. Try again in a minute."),
          { cause },
        );
      }
    },
    look: (usernames) =>
      servers.with(config, async (client, url) => {
        await asSearcher(client, config, url);
        const found = new Map<string, Found>();
        if (usernames.length === 0) {
          if (!(await showsPeople(client, config))) throw new UserError("unavailable", nobody);
          return found;
        }
        const entries = await findPeople(client, config, usernames);
        if (entries.size < usernames.length && !(await showsPeople(client, config))) throw new UserError("unavailable", nobody);
        const groups = await reader(client);
        const read = (entry: Entry, name: string): Promise<Found> =>
          groups.of(entry, name).then(
            (of) => ({ state: "here", user: describePerson(entry, name, of, config.base) }),
            (error: unknown) => {
              if (error instanceof TooManyGroups) return { state: "unreadable", why: error.message };
              throw error;
            },
          );
        const queue = [...usernames];
        const work = async (): Promise<void> => {
          for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
            const entry = entries.get(name);
            if (!entry) found.set(name, { state: "missing" });
            else if (disabled(entry, now())) found.set(name, { state: "disabled" });
            else found.set(name, await read(entry, name));
          }
        };
        await Promise.all(Array.from({ length: together }, work));
        return found;
      }),
    groups: (name) =>
      servers.with(config, async (client, url) => {
        await asSearcher(client, config, url);
        return findGroups(client, config, name, 20);
      }),
    lacks: (groups, listed = false) =>
      servers.with(config, async (client, url) => {
        await asSearcher(client, config, url);
        return lackingGroups(client, config, groups, listed);
      }),
  };
}

const nobody = "The directory answers, but shows nobody below its base. Is the base right, and may the account read people?";
