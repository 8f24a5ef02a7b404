import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Transport } from "../hosts/transport.ts";
import { log } from "../log.ts";
import type { Pair } from "../tls/check.ts";
import { webServer } from "../tls/serve.ts";
import type { TerminalTarget } from "./access.ts";
import { DialError, DialPools } from "./dial.ts";
import { forward, repeatable } from "./forward.ts";
import type { Gate, Passed } from "./gate.ts";
import type { Leases } from "./leases.ts";
import { noSuchPage, tooMany, tooManySockets, unreachable } from "./notices.ts";
import { isNavigation } from "./origin.ts";
import { sendNotice } from "./pages.ts";
import { servePage } from "./terminal/serve.ts";
import { terminalSession } from "./terminal/session.ts";
import type { Cut } from "./terminal/words.ts";
import { refuseUpgrade, upgrade } from "./upgrade.ts";

export interface GatewayParts {
  gate: Gate;
  leases: Leases;
  portal: string;
  /** The gateway's way to host agents. */
  transport: Transport;
  /** Waits between tries while a service restarts, in ms. */
  restartWaits?: readonly number[];
  /** Whether people type https://, to us or to a proxy in front: then browsers are told never to try anything else. */
  secure?: boolean;
  /** What to serve TLS with; without it plain HTTP. */
  pair?: Pair | null;
}

/** Requests, streams and sockets that one login may have open at a time. */
const mostPerLogin = 256;
/** WebSockets: a notebook's tab has one or two for each kernel and terminal. A person's count over all services. */
const mostSockets = { session: 60, person: 180 };

/** The gateway's HTTP server; the caller listens on it and closes it. */
export function createGateway(parts: GatewayParts): { server: Server; stop: (graceMs?: number) => Promise<void> } {
  const pools = new DialPools(parts.transport);
  const server = webServer(
    parts.pair ?? null,
    {
      maxHeaderSize: 32 * 1024,
      headersTimeout: 30_000,
      // An upload may last as long as it needs.
      requestTimeout: 0,
      keepAliveTimeout: 65_000,
      requireHostHeader: false,
      insecureHTTPParser: false,
      // A notebook's idle socket is kept; a peer that vanished is noticed.
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
      noDelay: true,
    },
    (incoming, response) => {
      serve(parts, pools, incoming, response).catch((error: unknown) => {
        log.error({ err: error }, "gateway.failed");
        response.destroy();
      });
    },
  );
  server.maxConnections = 4096;
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    serveUpgrade(parts, incoming, socket, head).catch((error: unknown) => {
      log.error({ err: error }, "gateway.failed");
      socket.destroy();
    });
  });
  return {
    server,
    async stop(graceMs = 5000) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // Answers under way may finish; what is still open then (notebooks' sockets) connects again to the next gateway.
      const cut = setTimeout(() => {
        parts.leases.endAll();
        server.closeAllConnections();
      }, graceMs);
      await closed;
      clearTimeout(cut);
      pools.close();
    },
  };
}

async function serve(parts: GatewayParts, pools: DialPools, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const began = performance.now();
  const method = incoming.method ?? "GET";
  const page = isNavigation(method, incoming.headers);
  response.on("error", () => response.destroy());
  if (parts.secure) response.setHeader("strict-transport-security", "max-age=31536000");
  const passed = await parts.gate.pass(incoming, response);
  if (!passed) return;
  if ("terminal" in passed.target) return servePage(incoming, response, passed.host, passed.target, passed.path);
  const { target } = passed;
  const release = lease(parts, passed, () => response.destroy());
  if (!release) return sendNotice(response, tooMany, page);
  try {
    const { host, token } = passed;
    await forward({ incoming, response, host, target, agent: pools.to(target.dial, repeatable(incoming)), token }, parts.restartWaits);
  } catch (error) {
    if (response.destroyed) return;
    if (!response.headersSent) log.info({ host: passed.host.origin, reason: reasonOf(error) }, "gateway.unreachable");
    sendNotice(response, unreachable(target, error instanceof DialError ? error : null, parts.portal), page);
  } finally {
    release();
    const ms = Math.round(performance.now() - began);
    // Never the query: Jupyter takes tokens there.
    log.debug({ host: passed.host.origin, method, path: passed.path, status: response.statusCode, ms }, "gateway.request");
  }
}

async function serveUpgrade(parts: GatewayParts, incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  const passed = await parts.gate.passUpgrade(incoming, socket);
  if (!passed) return;
  const { session, person } = parts.leases.sockets(passed.hash, passed.userId);
  if (session >= mostSockets.session || person >= mostSockets.person) return refuseUpgrade(socket, tooManySockets(session, person));
  const { target } = passed;
  if ("terminal" in target) return serveTerminal(parts, passed, target, incoming, socket, head);
  const release = lease(parts, passed, () => socket.destroy(), passed.userId);
  if (!release) return refuseUpgrade(socket, tooMany);
  socket.once("close", release);
  if (socket.destroyed) return release();
  try {
    const { host, token } = passed;
    await upgrade({ incoming, socket, head, host, target, token, transport: parts.transport });
    log.debug({ host: passed.host.origin, path: passed.path }, "gateway.socket");
  } catch (error) {
    log.info({ host: passed.host.origin, reason: reasonOf(error) }, "gateway.unreachable");
    refuseUpgrade(socket, unreachable(target, error instanceof DialError ? error : null, parts.portal));
  }
}

/** A shell for a browser. What goes wrong from here on is told on its socket: a refused upgrade tells no page why. */
async function serveTerminal(
  parts: GatewayParts,
  passed: Passed,
  target: TerminalTarget,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  if (passed.path !== "/socket") return refuseUpgrade(socket, noSuchPage);
  const session = terminalSession(target, parts.transport, (error) =>
    error instanceof DialError && error.kind === "service"
      ? error.message
      : unreachable(target, error instanceof DialError ? error : null, parts.portal).message,
  );
  const release = lease(parts, passed, session.cut, passed.userId);
  if (!release) return refuseUpgrade(socket, tooMany);
  socket.once("close", release);
  if (socket.destroyed) return release();
  const about = { host: passed.host.origin, user: passed.userId, node: target.terminal.name };
  try {
    log.info(about, "gateway.terminal");
    await session.begin(incoming, socket, head);
  } catch (error) {
    log.info({ ...about, reason: reasonOf(error) }, "gateway.unreachable");
  }
}

function lease({ leases }: GatewayParts, { host, hash }: Passed, end: (why: Cut) => void, socketOf?: string): (() => void) | null {
  return leases.count(hash) >= mostPerLogin ? null : leases.take({ host, hash, end, ...(socketOf ? { socketOf } : {}) });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown";
}
