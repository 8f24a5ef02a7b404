import { createServer, type Server } from "node:http";
import { type Env, portalOrigin, serviceOrigin } from "../env.ts";
import { parseHost } from "../gateway/host.ts";

/**
 * Where a plain request belongs: the same address with https, for names of ours only.
 * @returns null for any other name, which must not be led anywhere
 */
export function secureAddress(env: Env, host: string | undefined, path: string): string | null {
  const asked = host ? URL.parse(`http://${host}`) : null;
  if (!asked || asked.username || !/^\/[\x21-\x7e]*$/.test(path)) return null;
  const portal = new URL(portalOrigin(env));
  if (asked.hostname === portal.hostname) return portal.origin + path;
  const { port } = new URL(serviceOrigin(env, "any", "c0000"));
  return (parseHost(env, [port ? `${asked.hostname}:${port}` : asked.hostname])?.origin ?? null)?.concat(path) ?? null;
}

/** Answers plain HTTP with the way to https and nothing else. */
export function redirectServer(env: Env): Server {
  const server = createServer((request, response) => {
    request.resume();
    const to = request.method === "GET" || request.method === "HEAD" ? secureAddress(env, request.headers.host, request.url ?? "") : null;
    const common = { "cache-control": "no-store", "x-content-type-options": "nosniff", connection: "close" };
    if (to) return response.writeHead(308, { ...common, location: to, "content-length": 0 }).end();
    response.writeHead(421, { ...common, "content-type": "text/plain; charset=utf-8" });
    response.end("This address answers over https only, and under the names that your administrator gave you.\n");
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 10_000;
  server.maxConnections = 256;
  return server;
}
