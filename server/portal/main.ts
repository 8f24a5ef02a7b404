import { once } from "node:events";
import { lend } from "../api/bridge.ts";
import { createCaller } from "../api/root.ts";
import { ipHeader } from "../auth/options.ts";
import { purge } from "../auth/purge.ts";
import { portalOrigin, readEnv, tlsMode } from "../env.ts";
import { launcherChannel } from "../hosts/credentials.ts";
import { log } from "../log.ts";
import { redirectServer } from "../tls/redirect.ts";
import { askForPair } from "../tls/serve.ts";
import { startPages } from "./pages.ts";
import { createParts } from "./parts.ts";
import { declaredRoutes } from "./routes.ts";
import { createPortalServer } from "./server.ts";
import { createSockets } from "./sockets.ts";

const env = readEnv();
const dev = process.env.NODE_ENV === "development";
// NextAuth reads its own address from the environment and from nowhere else.
process.env.NEXTAUTH_URL = portalOrigin(env);

const tls = tlsMode(env) === "off" ? null : await askForPair(launcherChannel());
const parts = await createParts(env);
lend({
  async caller(headers) {
    const sent = { authorization: headers.get("authorization"), cookie: headers.get("cookie") };
    const ip = headers.get(ipHeader);
    return createCaller(parts.context(await parts.authenticate(sent, ip), ip));
  },
  authOptions: parts.authOptions,
});
const pages = await startPages({ dev, port: env.KINDLING_PORT });
const sockets = createSockets(parts);
const routes = declaredRoutes.map(({ make }) => make(parts));
const server = createPortalServer(parts, pages, sockets, routes, tls?.pair ?? null);
tls?.follow(server);
// Whoever types no https is led to it.
const redirecting = tls && env.KINDLING_HTTP_PORT !== undefined ? redirectServer(env) : null;

const tidying = setInterval(() => {
  purge(parts.deps.db, new Date()).catch((error: unknown) => log.warn({ err: error }, "portal.purge"));
}, 6 * 3600_000);

const stopReading = parts.reread.start();

let stopping = false;
async function end(): Promise<void> {
  if (stopping) return;
  stopping = true;
  clearInterval(tidying);
  stopReading();
  const closed = once(server, "close");
  server.close();
  redirecting?.close();
  sockets.stop();
  server.closeIdleConnections();
  // Downloads and hot-reload channels would hold the server for as long as they like.
  const patience = setTimeout(() => server.closeAllConnections(), 3000);
  await closed;
  clearTimeout(patience);
  await pages.close();
  await parts.stop();
  log.info("portal.stopped");
}

const leave = (): void => {
  end().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ err: error }, "portal.stop");
      process.exit(1);
    },
  );
};
process.on("SIGTERM", leave);
process.on("SIGINT", leave);
// The launcher is gone, however it ended: its next start must find the port free.
process.on("disconnect", leave);

const deaf = (port: number) => (error: Error) => {
  log.fatal({ err: error, bind: env.KINDLING_BIND, port }, "portal.listen");
  process.exit(1);
};
server.on("error", deaf(env.KINDLING_PORT));
if (redirecting) {
  redirecting.on("error", deaf(env.KINDLING_HTTP_PORT ?? 0));
  redirecting.listen(env.KINDLING_HTTP_PORT, env.KINDLING_BIND);
  await once(redirecting, "listening");
}
server.listen(env.KINDLING_PORT, env.KINDLING_BIND, () => {
  log.info({ bind: env.KINDLING_BIND, port: env.KINDLING_PORT, origin: portalOrigin(env) }, "portal.listening");
  // The launcher waits for this word.
  process.send?.("ready");
});
