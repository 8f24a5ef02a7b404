import { connect as dial, isIP, type Socket } from "node:net";
import { type ConnectionOptions, checkServerIdentity, connect as secure, type TLSSocket } from "node:tls";
import { Client } from "ldapts";
import type { DirectoryConfig } from "./config.ts";

/** Where opening a connection came to grief. */
export class ConnectError extends Error {
  readonly stage: "connect" | "tls" | "bind";
  readonly url: string;
  constructor(stage: ConnectError["stage"], url: string, cause: unknown) {
    super(`${url}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = "ConnectError";
    this.stage = stage;
    this.url = url;
  }
}

/** The path in ldapi://%2Frun%2Fldap.sock; null for the other kinds. */
function socketOf(url: string): string | null {
  const path = /^ldapi:\/\/([^/?]+)/i.exec(url)?.[1];
  return path === undefined ? null : decodeURIComponent(path);
}

/** Waits for an event of a socket, and gives it up with the socket when it takes too long. */
function opened<T extends Socket>(socket: T, event: "connect" | "secureConnect", ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      clearTimeout(timer);
      socket.off("error", fail).off("close", closed).off(event, good);
      done();
    };
    const fail = (error: Error): void => settle(() => reject(error));
    const closed = (): void => fail(Object.assign(new Error("The connection was closed."), { code: "ECONNRESET" }));
    const good = (): void => settle(() => resolve(socket));
    const timer = setTimeout(() => {
      fail(Object.assign(new Error("No answer in time."), { code: "ETIMEDOUT" }));
      socket.destroy();
    }, ms);
    // What a socket says after it was given up is nobody's business, but must not end the process.
    socket.on("error", () => undefined);
    socket.once("error", fail).once("close", closed).once(event, good);
  });
}

/** The certificate is checked against the name in the address, also where that is an IP address (which TLS does not send along). */
function tlsOptions(config: Pick<DirectoryConfig, "ca">, hostname: string): ConnectionOptions {
  const host = hostname.replace(/^\[|\]$/g, "");
  return {
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
    ...(config.ca ? { ca: config.ca } : {}),
    ...(isIP(host) ? {} : { servername: host }),
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
  };
}

/** A client over a connection that exists. It never makes another one: a second one would lack what was negotiated on the first. */
function clientOver(socket: Socket, seconds: number): Client {
  let given = false;
  return new Client({
    url: "ldap://directory",
    timeout: seconds * 1000,
    createConnection: () => {
      if (given) throw Object.assign(new Error("The connection was lost."), { code: "ECONNRESET" });
      given = true;
      return socket;
    },
  });
}

export interface Opened {
  client: Client;
  /** How it is encrypted, for people: "TLSv1.3, certificate of dc1.example.com until 2027-01-31"; null: it is not. */
  encryption: string | null;
}

function describeTls(socket: TLSSocket): string {
  const certificate = socket.getPeerCertificate();
  const until = new Date(certificate.valid_to);
  const name = certificate.subject?.CN ?? "no name";
  return `${socket.getProtocol() ?? "TLS"}, certificate of ${name} until ${Number.isNaN(until.getTime()) ? "?" : until.toISOString().slice(0, 10)}`;
}

/**
 * Opens a connection over which passwords may be sent: TLS from the first byte, or StartTLS before anything is said, or a Unix socket, or in the
 * clear where the settings say so for this machine.
 * @throws ConnectError; nothing was sent that is worth hearing
 */
export async function openConnection(
  config: Pick<DirectoryConfig, "ca" | "startTls" | "timeoutSeconds">,
  url: string,
  said: (stage: "connect" | "tls") => void = () => undefined,
): Promise<Opened> {
  const ms = config.timeoutSeconds * 1000;
  const at = (stage: ConnectError["stage"]) => (cause: unknown) => {
    throw new ConnectError(stage, url, cause);
  };
  const path = socketOf(url);
  if (path !== null) {
    const socket = await opened(dial(path), "connect", ms).catch(at("connect"));
    said("connect");
    return { client: clientOver(socket, config.timeoutSeconds), encryption: null };
  }
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  const ldaps = protocol === "ldaps:";
  const socket = await opened(dial(Number(port || (ldaps ? 636 : 389)), host), "connect", ms).catch(at("connect"));
  said("connect");
  if (ldaps) {
    const over = secure({ ...tlsOptions(config, hostname), socket });
    await opened(over, "secureConnect", ms).catch((error: unknown) => {
      socket.destroy();
      return at("tls")(error);
    });
    said("tls");
    return { client: clientOver(over, config.timeoutSeconds), encryption: describeTls(over) };
  }
  const client = clientOver(socket, config.timeoutSeconds);
  if (!config.startTls) return { client, encryption: null };
  let over: TLSSocket | null = null;
  const options: ConnectionOptions = tlsOptions(config, hostname);
  // The library waits for the handshake for ever; when the patience is over the ground is taken away under it.
  let late: Error | null = null;
  const patience = setTimeout(() => {
    late = Object.assign(new Error("No answer in time."), { code: "ETIMEDOUT" });
    socket.destroy(late);
  }, ms);
  const gone = new Promise<never>((_, reject) => {
    socket.once("close", () => reject(Object.assign(new Error("The connection was closed."), { code: "ECONNRESET" })));
    socket.once("error", reject);
  });
  gone.catch(() => undefined);
  try {
    await Promise.race([client.startTLS(options), gone]);
    over = Reflect.get(client, "socket") ?? null;
  } catch (error) {
    socket.destroy();
    throw new ConnectError("tls", url, late ?? error);
  } finally {
    clearTimeout(patience);
  }
  said("tls");
  return { client, encryption: over ? describeTls(over) : "TLS" };
}

/** An unbind is a courtesy; a connection that is already gone needs none. */
export async function close(client: Client): Promise<void> {
  await client.unbind().catch(() => undefined);
}
