import { createServer as createPlain, type RequestListener, type Server, type ServerOptions } from "node:http";
import { createServer as createSecure, Server as SecureServer } from "node:https";
import type { Channel } from "../hosts/credentials.ts";
import { log } from "../log.ts";
import type { Pair } from "./check.ts";
import { TlsPair } from "./messages.ts";

const options = ({ certificate, key }: Pair) => ({ cert: certificate, key, minVersion: "TLSv1.2" }) as const;

/** An HTTP server, with TLS where a pair is given. */
export function webServer(pair: Pair | null, settings: ServerOptions, listener: RequestListener): Server {
  return pair ? createSecure({ ...settings, ...options(pair), handshakeTimeout: 10_000 }, listener) : createPlain(settings, listener);
}

/** From now on new connections get this certificate; those that are open stay. */
export function applyPair(server: Server, pair: Pair): void {
  if (server instanceof SecureServer) server.setSecureContext(options(pair));
}

/**
 * Asks the launcher what to serve with and waits for it.
 * @returns the first pair, and a function that follows the next ones into a server
 * @throws when there is no launcher to ask
 */
export async function askForPair(channel: Channel | null): Promise<{ pair: Pair; follow(server: Server): void }> {
  if (!channel) throw new Error("TLS is set, and only the platform's launcher has certificates: start it with npm start.");
  const { promise, resolve } = Promise.withResolvers<Pair>();
  let latest: Pair | null = null;
  let server: Server | null = null;
  channel.on("message", (message) => {
    const { data: told } = TlsPair.safeParse(message);
    if (!told) return;
    const pair = { certificate: told.certificate, key: told.key };
    latest = pair;
    resolve(pair);
    if (!server) return;
    applyPair(server, pair);
    log.info({ op: "tls.renewed" }, "tls.renewed");
  });
  channel.send({ kind: "tls.request" });
  const pair = await promise;
  return {
    pair,
    follow(served) {
      server = served;
      if (latest && latest !== pair) applyPair(served, latest);
    },
  };
}
