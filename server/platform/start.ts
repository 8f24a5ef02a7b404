import { join } from "node:path";
import { siteCa } from "../../agents/images/site-ca.ts";
import { enrolBind } from "../authority/address.ts";
import { type Env, enrolPort } from "../env.ts";
import { log } from "../log.ts";
import { loadPortalKey, loadSiteKeys } from "../secrets.ts";
import { CertificateDesk } from "./certificates.ts";
import { demoBindFile, demoDirectory } from "./directory.ts";
import { prepareHome } from "./home.ts";
import { handKeys } from "./keys.ts";
import { migrate } from "./migrate.ts";
import { onlyOne } from "./only-one.ts";
import { Part } from "./part.ts";
import { portFree } from "./port-free.ts";
import { startPostgres } from "./postgres.ts";
import { readableFile } from "./readable.ts";
import { grantRoles, roles } from "./roles.ts";
import { settleSiteKey } from "./site-key.ts";
import { TlsDesk } from "./tls.ts";
import { ensureAccounts, type ServiceUser } from "./user.ts";
import { watchImages } from "./watch-images.ts";

export interface Platform {
  /** File with the first accounts; null with a directory of one's own. */
  accounts: string | null;
  logs: string;
  /** Says how the images come along until every one is there. */
  watchImages(since: number, say: (line: string) => void): Promise<void>;
  /** Ends all parts in order: first those that take requests, last the database. */
  stop(): Promise<void>;
}

/** Variables that are handed on as they are: proxies and the site's CA reach builds and containers through the agent. */
const passedOn =
  /^(PATH|HOME|LANG|LC_.*|TZ|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|(https?|no|all)_proxy|(HTTPS?|NO|ALL)_PROXY|PIP_.*|KINDLING_.*)$/;

const partsWithRole = ["portal", "gateway", "reconciler", "authority"] as const;

/** Whether a part listens on a port that is root's. */
function lowPort(env: Env, name: string): boolean {
  const ports: Record<string, (number | undefined)[]> = {
    portal: [env.KINDLING_PORT, env.KINDLING_HTTP_PORT],
    gateway: [env.KINDLING_GATEWAY_PORT],
    authority: [enrolPort(env)],
  };
  return (ports[name] ?? []).some((port) => port !== undefined && port > 0 && port < 1024);
}

/**
 * Starts every part of the platform and resolves once all of them serve.
 * @param checkout folder of the sources, which the accounts of all parts can read
 * @param timed called with each step's name and milliseconds
 */
export async function startPlatform(env: Env, checkout: string, timed: (name: string, ms: number) => void): Promise<Platform> {
  const during = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const from = performance.now();
    const result = await work;
    timed(name, performance.now() - from);
    return result;
  };
  await onlyOne("KINDLING_HOME", env.KINDLING_HOME);
  await onlyOne("KINDLING_RUN", env.KINDLING_RUN);
  await portFree("KINDLING_PORT", env.KINDLING_BIND, env.KINDLING_PORT);
  await portFree("KINDLING_GATEWAY_PORT", env.KINDLING_BIND, env.KINDLING_GATEWAY_PORT);
  await portFree("KINDLING_ENROL_PORT", enrolBind(env), enrolPort(env));
  if (env.KINDLING_HTTP_PORT !== undefined) await portFree("KINDLING_HTTP_PORT", env.KINDLING_BIND, env.KINDLING_HTTP_PORT);
  const tls = await TlsDesk.open(env);
  const accounts = await ensureAccounts();
  const home = await prepareHome(env, accounts);
  const ca = await siteCa(env);
  for (const setting of ["KINDLING_LDAP_BIND_PASSWORD_FILE", "KINDLING_CA_BUNDLE"] as const)
    await readableFile(setting, env[setting], accounts.portal);
  const logins = Object.fromEntries(partsWithRole.map((part) => [accounts[part].name, roles[part]]));
  const [postgres, demo] = await Promise.all([
    env.DATABASE_URL ? null : during("database", startPostgres({ ...home.postgres, user: accounts.database, logins })),
    env.KINDLING_LDAP_URL ? null : demoDirectory(env.KINDLING_HOME, home, accounts),
  ]);
  const databaseUrl = env.DATABASE_URL ?? postgres?.url;
  if (!databaseUrl) throw new Error("No database: set DATABASE_URL or let the embedded one start.");
  await during("migrations", migrate(databaseUrl, join(checkout, "prisma", "migrations")));
  // In a database of one's own the parts are who its address says.
  if (postgres) await grantRoles(databaseUrl);

  const inherited = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => passedOn.test(entry[0]) && entry[1] !== undefined),
  );
  const own = {
    ...inherited,
    KINDLING_HOME: env.KINDLING_HOME,
    KINDLING_RUN: env.KINDLING_RUN,
    KINDLING_INSTALLATION: home.installation,
    KINDLING_HOST_ID: home.host,
  };
  await Promise.all([loadSiteKeys(env.KINDLING_HOME), loadPortalKey(env.KINDLING_HOME)]);
  // Before any part has a copy: what an earlier version sealed, and what an interrupted rotation left.
  const { unreadable } = await settleSiteKey({ databaseUrl, home: env.KINDLING_HOME, copies: [], who: "the platform" }, "present");
  if (unreadable.length > 0) log.error({ unreadable }, "site-key.unreadable");
  const part = (name: string, entry: string, extra: Record<string, string>, user: ServiceUser | null): Part =>
    new Part({
      name,
      entry,
      env: extra,
      root: checkout,
      node: process.execPath,
      logs: home.logs,
      compiled: join(home.compiled, name),
      user,
      lowPort: lowPort(env, name),
    });
  /** A part that asks the database, with the secrets that it needs and no others. */
  const serving = async (name: (typeof partsWithRole)[number], keys: string[], extra: Record<string, string> = {}): Promise<Part> => {
    const served = {
      ...own,
      ...extra,
      DATABASE_URL: postgres?.urlFor(roles[name]) ?? databaseUrl,
      KINDLING_KEYS: await handKeys(env.KINDLING_HOME, home.keys, name, accounts[name], keys),
    };
    return part(name, `server/${name}/main.ts`, served, accounts[name]);
  };
  const agentEnv = {
    ...own,
    KINDLING_AGENT_STATE: home.agent.state,
    KINDLING_AGENT_RUN: home.agent.run,
    KINDLING_RECONCILER_UID: String(accounts.reconciler.uid),
    KINDLING_GATEWAY_UID: String(accounts.gateway.uid),
    KINDLING_PORTAL_UID: String(accounts.portal.uid),
    ...(ca ? { KINDLING_CA_BUNDLE: ca } : {}),
  };
  const directory = demo ? part("directory", "server/directory/main.ts", { ...own, ...demo.own }, accounts.directory) : null;
  const agent = part("agent", "agents/host/main.ts", agentEnv, null);
  const portal = await serving("portal", ["site.key", "portal.key", ...(demo ? [demoBindFile] : [])], demo?.portal);
  const reconciler = await serving("reconciler", ["site.key"]);
  const gateway = await serving("gateway", ["site.key"]);
  const authority = await serving("authority", []);
  const desk = new CertificateDesk(authority);
  desk.serve(portal, "portal");
  desk.serve(reconciler, "reconciler");
  desk.serve(gateway, "gateway");
  tls?.serve(portal, "portal");
  tls?.serve(gateway, "gateway");

  const stop = async (): Promise<void> => {
    tls?.stop();
    await Promise.all([portal.stop(), gateway.stop(), authority.stop()]);
    await reconciler.stop();
    await agent.stop();
    await directory?.stop();
    await postgres?.stop();
  };
  try {
    // The portal's first act is to write the installation's own rows, which the reconciler reads.
    await Promise.all([
      during("demo directory", directory?.start() ?? Promise.resolve()),
      during("host agent", agent.start()),
      during("portal", portal.start()),
      during("gateway", gateway.start()),
      during(
        "authority",
        authority.start().then(() => tls?.certify(authority)),
      ),
    ]);
    await during("reconciler", reconciler.start());
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    accounts: demo?.accounts ?? null,
    logs: home.logs,
    watchImages: (since, say) => watchImages(databaseUrl, since, say),
    stop,
  };
}
