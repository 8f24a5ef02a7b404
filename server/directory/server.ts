import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import ldap from "ldapjs";
import { log } from "../log.ts";
import { type DemoAccounts, demoBase, demoBindDn, demoGroups, loadAccounts, passwordMatches } from "./accounts.ts";

export interface DemoDirectory {
  /** ldapi:// with the path of its socket. */
  url: string;
  base: string;
  bindDn: string;
  bindPassword: string;
  /** Readable by the owner only: who may sign in with which password. */
  accountsFile: string;
  /** True at the very first start, when the accounts were made. */
  madeNow: boolean;
  stop(): Promise<void>;
}

// What we use of a request and a response; the package's own types leave the handlers' parameters open.
interface BindRequest {
  dn: unknown;
  credentials: string;
}
interface SearchRequest {
  dn: unknown;
  scope: string | number;
  filter: { matches(attributes: Record<string, string[]>): boolean };
  connection: { ldap: { bindDN: unknown } };
}
interface Response {
  send(entry: DemoEntry): void;
  end(): void;
}
type Next = (error?: unknown) => void;

interface DemoEntry {
  dn: string;
  attributes: Record<string, string[]>;
}

// ldapjs matches filters on lower-case attribute names only.
function entries(accounts: DemoAccounts): DemoEntry[] {
  return [
    { dn: demoBase, attributes: { objectclass: ["domain"], dc: ["kindling"] } },
    ...accounts.accounts.map(({ uid, name, mail }) => ({
      dn: `uid=${uid},ou=people,${demoBase}`,
      attributes: { objectclass: ["top", "person", "inetorgperson"], uid: [uid], cn: [name], displayname: [name], mail: [mail] },
    })),
    ...Object.entries(demoGroups).map(([cn, members]) => ({
      dn: `cn=${cn},ou=groups,${demoBase}`,
      attributes: { objectclass: ["top", "groupofnames"], cn: [cn], member: members.map((member) => `${member},${demoBase}`) },
    })),
  ];
}

/** One spelling for every way to write a name: "UID=a, OU=b" is "uid=a,ou=b". */
function normal(dn: unknown): string {
  return String(dn)
    .toLowerCase()
    .replace(/\s*,\s*/g, ",");
}

/** The address of a directory behind a Unix socket. */
export function socketUrl(path: string): string {
  return `ldapi://${encodeURIComponent(path)}`;
}

/**
 * An embedded LDAP server, so that the very first sign-in is a real bind. It listens on a Unix socket and not on a port: whoever has another
 * account on this machine could take the port while the directory is down, and would be told passwords.
 * @param socket in a folder that only the platform may write
 * @returns a function that stops it
 */
export async function serveDirectory(accounts: DemoAccounts, socket: string): Promise<() => Promise<void>> {
  const tree = entries(accounts);
  const server = ldap.createServer();
  const hashes = new Map(accounts.accounts.map(({ uid, password }) => [`uid=${uid},ou=people,${demoBase}`, password]));
  hashes.set(demoBindDn, accounts.bind);

  server.bind("", (_request: BindRequest, _response: Response, next: Next) => next(new ldap.InvalidCredentialsError()));
  server.bind(demoBase, (request: BindRequest, response: Response, next: Next) => {
    // A bind without a password is anonymous by the standard and would "succeed".
    if (!request.credentials) return next(new ldap.InvalidCredentialsError());
    passwordMatches(hashes.get(normal(request.dn)) ?? null, request.credentials).then((right) => {
      if (!right) return next(new ldap.InvalidCredentialsError());
      response.end();
      return next();
    }, next);
  });
  server.search(demoBase, (request: SearchRequest, response: Response, next: Next) => {
    if (normal(request.connection.ldap.bindDN) !== demoBindDn) return next(new ldap.InsufficientAccessRightsError());
    const base = normal(request.dn);
    for (const entry of tree) {
      const inScope =
        request.scope === "base" || request.scope === 0 ? entry.dn === base : entry.dn === base || entry.dn.endsWith(`,${base}`);
      if (inScope && request.filter.matches(entry.attributes)) response.send(entry);
    }
    response.end();
    return next();
  });

  // What a killed one left would be in the way.
  await rm(socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, () => {
      // From now on it is told of what cannot be understood: a filter, say, that a strange name made. Only that connection ends.
      server.off("error", reject);
      server.on("error", (error: Error) => log.warn({ reason: error.message }, "directory.request"));
      resolve();
    });
  });
  // The portal has an account of its own, and the directory's group.
  await chmod(socket, 0o660);
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** The same with the accounts of a home, which are made at the first start: for a portal that runs without the launcher. */
export async function startDemoDirectory({ home, socket = join(home, "directory.sock") }: { home: string; socket?: string }) {
  const { accounts, bindPassword, madeNow } = await loadAccounts(home);
  const stop = await serveDirectory(accounts, socket);
  const demo: DemoDirectory = {
    url: socketUrl(socket),
    base: demoBase,
    bindDn: demoBindDn,
    bindPassword,
    accountsFile: join(home, "accounts.txt"),
    madeNow,
    stop,
  };
  return demo;
}
