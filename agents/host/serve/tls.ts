/** The agent's port for the platform: the same verbs as on the sockets, where the client's certificate says the role. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { type PartRole, roleOf } from "../../identity/names.ts";
import { HostError } from "../../protocol/errors.ts";
import type { Identity } from "../enrol/identity.ts";
import type { Log } from "../log.ts";
import { closer } from "./close.ts";
import { json, refusalOf } from "./respond.ts";

export interface TlsDoor {
  /** Connections from now on see the renewed certificate; those that are open stay. */
  renew(identity: Identity): void;
  /** Where it listens. */
  readonly port: number;
  close(): Promise<void>;
}

export interface TlsParts {
  readonly identity: Identity;
  readonly at: { readonly host: string; readonly port: number };
  /** Servers of the three roles; they need not listen anywhere. */
  readonly roles: Readonly<Record<PartRole, Server>>;
  readonly log: Log;
  readonly now: () => number;
}

const handshakeMs = 10_000;

/** Listens. @throws when the address cannot be listened on */
export async function openTlsDoor({ identity, at, roles, log, now }: TlsParts): Promise<TlsDoor> {
  const secure = ({ key, certificate, ca }: Identity) => ({ key, cert: certificate, ca, minVersion: "TLSv1.3" as const });
  const server = createServer({
    ...secure(identity),
    // Who has no certificate of our authority does not come as far as a request.
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout: handshakeMs,
    keepAlive: true,
    keepAliveInitialDelay: 10_000,
    noDelay: true,
  });
  // A disk comes for as long as it takes; who sends is known by then, and its verbs know when it is gone.
  server.requestTimeout = 0;
  const close = closer(server);
  // Who only opens connections cannot take all of the agent's.
  server.maxConnections = 4096;
  const roleBehind = (socket: Duplex): PartRole | null => {
    const shown = socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
    // A connection that was opened in time may outlive the certificate: it may finish what it does, and begin nothing new.
    return shown && Date.parse(shown.validTo) > now() ? roleOf(shown, identity.installation) : null;
  };
  const wrong = new HostError({
    code: "wrong_role",
    message: "This certificate is of no part of the platform that this host belongs to.",
    retryable: false,
  });
  const refused = (from: Socket): void => log.warn({ op: "tls.refused", from: from.remoteAddress, outcome: "wrong_role" }, "tls.refused");
  server.on("request", (req: IncomingMessage, res: ServerResponse) => {
    const role = roleBehind(req.socket);
    if (role) {
      roles[role].emit("request", req, res);
      return;
    }
    refused(req.socket);
    const { status, fault } = refusalOf(wrong, log);
    json(res, status, { fault });
  });
  server.on("upgrade", (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const role = roleBehind(req.socket);
    if (role && roles[role].emit("upgrade", req, socket, head)) return;
    refused(req.socket);
    socket.end("HTTP/1.1 403 Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  server.on("tlsClientError", (error: Error, socket: TLSSocket) => {
    log.warn({ op: "tls.refused", from: socket.remoteAddress, reason: error.message }, "tls.refused");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(at.port, at.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    renew: (renewed) => server.setSecureContext(secure(renewed)),
    port: typeof address === "object" && address ? address.port : at.port,
    close,
  };
}
