import { createDb } from "../db.ts";
import { portalOrigin, readEnv, serviceOrigin, tlsMode } from "../env.ts";
import { keepCredentials, launcherChannel } from "../hosts/credentials.ts";
import { makeTransport } from "../hosts/transport.ts";
import { log } from "../log.ts";
import { clusterSecrets } from "../secrets/places.ts";
import { loadSiteKeys } from "../secrets.ts";
import { askForPair } from "../tls/serve.ts";
import { AccessCache, checkAccess, staying } from "./access.ts";
import { Gate } from "./gate.ts";
import { Leases } from "./leases.ts";
import { createGateway } from "./server.ts";
import { jupyterToken } from "./token.ts";

const env = readEnv();
if (!env.DATABASE_URL) throw new Error("DATABASE_URL is not set: the gateway is started by the platform, which sets it.");
const db = createDb(env.DATABASE_URL, 6);
const keys = await loadSiteKeys(env.KINDLING_KEYS ?? env.KINDLING_HOME);
const access = new AccessCache((host, hash) => checkAccess(db, host, hash, new Date(), true), Date.now);
const leases = new Leases(staying(access, (host, hash) => checkAccess(db, host, hash, new Date(), false)));
const gate = new Gate({
  env,
  db,
  access,
  openToken: (sealed, cluster) => jupyterToken(keys.open(clusterSecrets(cluster), sealed)),
  now: () => new Date(),
});
const channel = launcherChannel();
const credentials = channel && keepCredentials(channel);
const transport = makeTransport("gateway", credentials);
const secure = serviceOrigin(env, "any", "any").startsWith("https:");
const tls = tlsMode(env) === "off" ? null : await askForPair(channel);
const { server, stop } = createGateway({ gate, leases, portal: portalOrigin(env), transport, secure, pair: tls?.pair ?? null });
tls?.follow(server);

let stopping = false;
async function end(): Promise<void> {
  if (stopping) return;
  stopping = true;
  credentials?.stop();
  await stop();
  await db.$disconnect();
  log.info("gateway.stopped");
}

// "disconnect": the launcher is gone, however it ended; the next one starts a gateway of its own.
for (const signal of ["SIGTERM", "SIGINT", "disconnect"] as const)
  process.on(signal, () => {
    end().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "gateway.stop");
        process.exit(1);
      },
    );
  });

server.on("error", (error) => {
  log.fatal({ err: error, bind: env.KINDLING_BIND, port: env.KINDLING_GATEWAY_PORT }, "gateway.listen");
  process.exit(1);
});
server.listen(env.KINDLING_GATEWAY_PORT, env.KINDLING_BIND, () => {
  log.info({ bind: env.KINDLING_BIND, port: env.KINDLING_GATEWAY_PORT }, "gateway.listening");
  // The launcher waits for this word.
  process.send?.("ready");
});
