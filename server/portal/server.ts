import { randomBytes } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { publicError } from "../api/errors.ts";
import { ipHeader } from "../auth/options.ts";
import { log } from "../log.ts";
import type { Pair } from "../tls/check.ts";
import { webServer } from "../tls/serve.ts";
import { serveApi } from "./api.ts";
import type { Parts } from "./parts.ts";
import { contentPolicy, hostAllowed, mayChange, setSecurityHeaders } from "./security.ts";
import type { Sockets } from "./sockets.ts";

/** What serves the pages. */
export interface Pages {
  dev: boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Development only: the channel that reloads changed modules. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}

/** A route beside pages and tRPC; false: not mine. */
export type Route = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<boolean>;

// What only we may say about a request; a client's own word for it is dropped.
const ours = [ipHeader, "x-nonce", "x-path", "content-security-policy", "x-middleware-subrequest"];
const forwarded = ["x-forwarded-host", "x-forwarded-proto", "x-forwarded-for", "x-forwarded-port", "forwarded"];

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

/** The portal's one HTTP server: host and origin checks first, then API, downloads, pages. */
export function createPortalServer(
  parts: Parts,
  pages: Pages | null,
  sockets: Sockets,
  routes: readonly Route[],
  pair: Pair | null = null,
): Server {
  const { env } = parts;
  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    setSecurityHeaders(env, response);
    const url = request.url ?? "/";
    const path = url.split("?", 1)[0] ?? "/";
    if (!hostAllowed(env, request.headers.host))
      return sendJson(response, 421, {
        message: "This server does not answer under that name. Use the address that your administrator gave you.",
      });
    if (!mayChange(env, request)) return sendJson(response, 403, { message: "The request came from another site's page and was refused." });
    if (path.startsWith("/api/trpc/")) return serveApi(parts, request, response, path.slice("/api/trpc/".length));
    for (const one of routes) if (await one(request, response, path)) return;
    if (!pages) return sendJson(response, 404, { message: "There is no such address here." });
    const address = parts.addressOf(request) ?? "";
    for (const name of [...ours, ...forwarded]) delete request.headers[name];
    const nonce = randomBytes(16).toString("base64");
    const policy = contentPolicy(env, nonce, pages.dev);
    response.setHeader("Content-Security-Policy", policy);
    // Next reads the nonce for its own scripts out of the request's policy.
    Object.assign(request.headers, {
      [ipHeader]: address,
      "content-security-policy": policy,
      "x-nonce": nonce,
      "x-path": url,
    });
    await pages.handle(request, response);
  };
  const server = webServer(pair, {}, (request, response) => {
    route(request, response).catch((error: unknown) => {
      log.error({ err: error, path: request.url }, "portal.request");
      if (response.headersSent) response.destroy();
      else {
        const { kind, message } = publicError(error);
        sendJson(response, kind === "unavailable" ? 503 : 500, { message });
      }
    });
  });
  server.on("upgrade", (request, socket, head) => {
    const work =
      request.url?.split("?", 1)[0] === "/api/ws"
        ? sockets.upgrade(request, socket, head)
        : pages?.dev && hostAllowed(env, request.headers.host)
          ? pages.upgrade(request, socket, head)
          : Promise.resolve(socket.destroy());
    Promise.resolve(work).catch((error: unknown) => {
      log.warn({ err: error }, "portal.upgrade");
      socket.destroy();
    });
  });
  server.requestTimeout = 60_000;
  return server;
}
