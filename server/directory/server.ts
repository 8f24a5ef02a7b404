import ldap from "ldapjs";
import { type DemoAccounts, demoBase, demoBindDn, demoGroups, loadAccounts, passwordMatches } from "./accounts.ts";

export interface DemoDirectory {
  /** ldap://127.0.0.1:<port>. */
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

/**
 * An embedded LDAP server on loopback, so that the very first sign-in is a real bind. It is for trying Kindling out: who has a
 * company directory sets KINDLING_LDAP_URL instead.
 */
export async function startDemoDirectory({ home, port = 0 }: { home: string; port?: number }): Promise<DemoDirectory> {
  const { accounts, bindPassword, madeNow } = await loadAccounts(home);
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

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  return {
    url: `ldap://127.0.0.1:${new URL(server.url).port}`,
    base: demoBase,
    bindDn: demoBindDn,
    bindPassword,
    accountsFile: `${home}/accounts.txt`,
    madeNow,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
