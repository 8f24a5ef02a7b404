import { readFile } from "node:fs/promises";
import { connect as dial } from "node:net";
import { AndFilter, Client, type Entry, EqualityFilter, InvalidCredentialsError, OrFilter } from "ldapts";
import { UserError } from "../errors.ts";

/** A person as the directory knows them. */
export interface DirectoryUser {
  username: string;
  displayName: string;
  email: string | null;
  dn: string;
  /** Distinguished names, lower-cased, of every group the person is in, directly or through other groups. */
  groups: string[];
}

/** Where accounts live. The only place that sees a password. */
export interface Directory {
  /**
   * Checks a password by binding as the person.
   * @returns null for an unknown account and for a wrong password alike
   * @throws UserError `unavailable` when the directory does not answer
   */
  authenticate(username: string, password: string): Promise<DirectoryUser | null>;
}

export interface DirectoryConfig {
  /** ldap://host:port, ldaps://host:port or ldapi:// with the path of a Unix socket, its slashes as %2F. */
  url: string;
  base: string;
  /** The account that searches; without it searches are anonymous. */
  bindDn?: string | undefined;
  bindPassword?: string | undefined;
  /** Certificates to trust, PEM. */
  ca?: string | undefined;
  /** Encrypts a plain ldap:// connection before anything is said. Default: wherever the server is not on loopback. */
  startTls?: boolean | undefined;
}

const seconds = 5;
const maxGroups = 500;

/** The path in ldapi://%2Frun%2Fldap.sock; null for the other kinds. */
function socketOf(url: string): string | null {
  const path = /^ldapi:\/\/([^/?]+)/.exec(url)?.[1];
  return path === undefined ? null : decodeURIComponent(path);
}

/** Passwords cross a network only encrypted: plain ldap:// to another machine is upgraded by StartTLS, or fails. */
async function connect(config: DirectoryConfig): Promise<Client> {
  const times = { timeout: seconds * 1000, connectTimeout: seconds * 1000 };
  const socket = socketOf(config.url);
  if (socket !== null) return new Client({ url: "ldap://localhost", ...times, createConnection: () => dial(socket) });
  const tlsOptions = config.ca ? { ca: config.ca } : {};
  const url = new URL(config.url);
  const client = new Client({
    url: `${url.protocol}//${url.host}`,
    ...times,
    // Given with ldap:// they would make it speak TLS from the first byte.
    ...(url.protocol === "ldaps:" ? { tlsOptions } : {}),
  });
  const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  try {
    if (url.protocol === "ldap:" && (config.startTls ?? !loopback)) await client.startTLS({ ...tlsOptions, servername: url.hostname });
    return client;
  } catch (error) {
    await close(client);
    throw error;
  }
}

async function close(client: Client): Promise<void> {
  // An unbind is a courtesy; a connection that is already gone needs none.
  await client.unbind().catch(() => undefined);
}

function text(entry: Entry, ...names: string[]): string | null {
  for (const name of names) {
    const found = Object.entries(entry).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
    const first = Array.isArray(found) ? found[0] : found;
    if (typeof first === "string" && first !== "") return first;
  }
  return null;
}

function all(entry: Entry, name: string): string[] {
  const found = Object.entries(entry).find(([key]) => key.toLowerCase() === name)?.[1];
  return (Array.isArray(found) ? found : [found]).flatMap((value) => (typeof value === "string" && value !== "" ? [value] : []));
}

const eq = (attribute: string, value: string) => new EqualityFilter({ attribute, value });

async function findPerson(client: Client, base: string, username: string): Promise<Entry | null> {
  const filter = new AndFilter({
    filters: [
      new OrFilter({ filters: [eq("objectclass", "person"), eq("objectclass", "inetorgperson"), eq("objectclass", "posixaccount")] }),
      new OrFilter({ filters: [eq("uid", username), eq("samaccountname", username)] }),
    ],
  });
  const attributes = ["uid", "samaccountname", "cn", "displayname", "mail", "memberof"];
  const { searchEntries } = await client.search(base, { scope: "sub", filter, attributes, sizeLimit: 2, timeLimit: seconds });
  // Two people under one name cannot be told apart: neither gets in.
  return searchEntries.length === 1 ? (searchEntries[0] ?? null) : null;
}

/** Walks upwards from the person through groups that hold groups, each visited once. */
async function groupsOf(client: Client, base: string, person: Entry, username: string): Promise<string[]> {
  const found = new Set(all(person, "memberof").map((dn) => dn.toLowerCase()));
  const look = async (member: string, uid: string | null): Promise<string[]> => {
    const filters = [eq("member", member), eq("uniquemember", member), ...(uid ? [eq("memberuid", uid)] : [])];
    const { searchEntries } = await client.search(base, {
      scope: "sub",
      filter: new OrFilter({ filters }),
      attributes: ["cn"],
      sizeLimit: maxGroups,
      timeLimit: seconds,
    });
    return searchEntries.map((entry) => entry.dn.toLowerCase());
  };
  const queue = [...found, ...(await look(person.dn, username))];
  const visited = new Set<string>();
  for (let next = queue.shift(); next !== undefined && visited.size < maxGroups; next = queue.shift()) {
    if (visited.has(next)) continue;
    visited.add(next);
    found.add(next);
    queue.push(...(await look(next, null)));
  }
  return [...found].sort();
}

/** An LDAP directory or Active Directory. A connection lives for one sign-in: no bind of one person is ever used for another. */
export function createDirectory(config: DirectoryConfig): Directory {
  const withClient = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const client = await connect(config);
    try {
      return await work(client);
    } finally {
      await close(client);
    }
  };
  const asSearcher = async (client: Client): Promise<void> => {
    if (config.bindDn) await client.bind(config.bindDn, config.bindPassword ?? "");
  };
  const binds = (dn: string, password: string): Promise<boolean> =>
    withClient(async (client) => {
      try {
        await client.bind(dn, password);
        return true;
      } catch (error) {
        if (error instanceof InvalidCredentialsError) return false;
        throw error;
      }
    });
  return {
    async authenticate(username, password) {
      try {
        return await withClient(async (client) => {
          await asSearcher(client);
          const person = await findPerson(client, config.base, username);
          // An unknown name binds as nobody, so that the answer takes as long as for a wrong password.
          const right = await binds(person?.dn ?? `uid=nobody-has-this-name,${config.base}`, password);
          if (!person || !right) return null;
          return {
            username,
            displayName: text(person, "displayname", "cn") ?? username,
            email: text(person, "mail"),
            dn: person.dn,
            groups: await groupsOf(client, config.base, person, username),
          };
        });
      } catch (cause) {
        throw Object.assign(
          new UserError("unavailable", "The company directory does not answer, so nobody can sign in just now. Try again in a minute."),
          { cause },
        );
      }
    },
  };
}

/** The directory's settings out of the environment's values; reads the password's file. */
export async function directoryConfig(env: {
  KINDLING_LDAP_URL?: string | undefined;
  KINDLING_LDAP_BASE?: string | undefined;
  KINDLING_LDAP_BIND_DN?: string | undefined;
  KINDLING_LDAP_BIND_PASSWORD_FILE?: string | undefined;
  KINDLING_CA_BUNDLE?: string | undefined;
}): Promise<DirectoryConfig | null> {
  if (!env.KINDLING_LDAP_URL) return null;
  if (!env.KINDLING_LDAP_BASE)
    throw new Error("KINDLING_LDAP_BASE: say below which entry people and groups lie, for example dc=example,dc=com");
  if (env.KINDLING_LDAP_BIND_DN && !env.KINDLING_LDAP_BIND_PASSWORD_FILE)
    throw new Error("KINDLING_LDAP_BIND_PASSWORD_FILE: the account that searches needs a password");
  return {
    url: env.KINDLING_LDAP_URL,
    base: env.KINDLING_LDAP_BASE,
    bindDn: env.KINDLING_LDAP_BIND_DN,
    bindPassword: env.KINDLING_LDAP_BIND_PASSWORD_FILE ? (await readFile(env.KINDLING_LDAP_BIND_PASSWORD_FILE, "utf8")).trim() : undefined,
    ca: env.KINDLING_CA_BUNDLE ? await readFile(env.KINDLING_CA_BUNDLE, "utf8") : undefined,
  };
}
