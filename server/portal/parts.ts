import { createChangeFeed } from "../api/changes.ts";
import type { ApiContext } from "../api/trpc.ts";
import type { Actor } from "../auth/actor.ts";
import { createAuthenticator } from "../auth/authenticate.ts";
import { cookieNames } from "../auth/cookies.ts";
import { createDesk } from "../auth/directory/desk.ts";
import { checkEnvironment, launchedDemo } from "../auth/directory/settings.ts";
import { authOptions } from "../auth/options.ts";
import { createRateLimit } from "../auth/rate-limit.ts";
import { createReread } from "../auth/reread.ts";
import { type SignInDeps, signIn } from "../auth/sign-in.ts";
import { addressReader } from "../client-address.ts";
import { createDb, listen } from "../db.ts";
import { demoBase } from "../directory/accounts.ts";
import { startDemoDirectory } from "../directory/server.ts";
import type { Env } from "../env.ts";
import { keepCredentials, launcherChannel } from "../hosts/credentials.ts";
import { createPortalHosts } from "../hosts/portal-client.ts";
import { makeTransport } from "../hosts/transport.ts";
import { newId } from "../ids.ts";
import { log } from "../log.ts";
import { bindPassword } from "../secrets/places.ts";
import { deriveKey, loadPortalKey, loadSiteKeys } from "../secrets.ts";
import { tellRepeats } from "../services/audit/refusal.ts";
import { repeatMs } from "../services/audit/repeats.ts";
import type { Deps } from "../services/context.ts";
import type { HostAccess } from "../services/hosts/access.ts";
import { seed } from "../services/seed/index.ts";

/**
 * Everything behind the portal's addresses, without a server in front: tests use it as it is.
 * Without a directory in the environment, and a launcher that started the demo directory, the latter runs inside this process.
 */
export async function createParts(env: Env, given: HostAccess | null = null) {
  if (!env.DATABASE_URL) throw new Error("DATABASE_URL is not set: the portal is started by the platform, which sets it.");
  const db = createDb(env.DATABASE_URL, 10);
  const channel = given ? null : launcherChannel();
  const credentials = channel && keepCredentials(channel);
  const hosts = given ?? createPortalHosts(makeTransport("portal", credentials));
  const keyFolder = env.KINDLING_KEYS ?? env.KINDLING_HOME;
  const keys = await loadSiteKeys(keyFolder);
  checkEnvironment(env);
  const launched = env.KINDLING_LDAP_URL ? null : await launchedDemo(env);
  const demo = env.KINDLING_LDAP_URL || launched ? null : await startDemoDirectory({ home: env.KINDLING_HOME });
  await seed(db, env, newId, launched || demo ? demoBase : null);

  const now = () => new Date();
  const secret = deriveKey(await loadPortalKey(keyFolder), "session cookies");
  const changes = createChangeFeed();
  const everything = (): void => changes.publish("*");
  const stops = await Promise.all([
    listen(env.DATABASE_URL, "desired", changes.publish, everything),
    listen(env.DATABASE_URL, "observed", changes.publish, everything),
  ]);
  const directory = createDesk({ db, env, unseal: (sealed) => keys.open(bindPassword, sealed), demo: launched ?? demo, now });
  const reread = createReread({ db, desk: directory, now });
  const deps: Deps = {
    ...{ db, env, hosts, now, newId, directory },
    seal: keys.seal,
    directoryStatus: () => reread.status(),
  };
  const repeats = setInterval(() => {
    tellRepeats(db, now()).catch((error: unknown) => log.error({ err: error }, "audit.refusal"));
  }, repeatMs);
  const signInDeps: SignInDeps = { db, directory, limit: createRateLimit(), newId, now };
  return {
    env,
    deps,
    demo,
    /** Follows the directory while people are signed in; the portal's main starts it. */
    reread,
    addressOf: addressReader(env.KINDLING_TRUSTED_PROXIES),
    authenticate: createAuthenticator({ db, secret, cookie: cookieNames(env).session, now }),
    authOptions: authOptions(env, secret, signInDeps),
    /** What a procedure is called with. */
    context: (actor: Actor | null, ip: string | null): ApiContext => ({
      deps,
      changes,
      signIn: (attempt) => signIn(signInDeps, attempt),
      actor,
      ip,
    }),
    async stop(): Promise<void> {
      credentials?.stop();
      clearInterval(repeats);
      // Not while the database is away: then there is nowhere to tell it but here.
      await tellRepeats(db, now(), true).catch((error: unknown) => log.error({ err: error }, "audit.refusal"));
      await Promise.all(stops.map((stop) => stop()));
      await demo?.stop();
      await db.$disconnect();
    },
  };
}

export type Parts = Awaited<ReturnType<typeof createParts>>;
