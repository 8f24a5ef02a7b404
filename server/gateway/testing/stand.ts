import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type RequestListener, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocketServer } from "ws";
import { createDb } from "../../db.ts";
import { type Env, readEnv, serviceOrigin } from "../../env.ts";
import { makeTransport } from "../../hosts/transport.ts";
import { roles } from "../../platform/roles.ts";
import { asRole } from "../../platform/testing/as-role.ts";
import { testDatabase } from "../../platform/testing/database.ts";
import { clusterSecrets } from "../../secrets/places.ts";
import { newKey } from "../../secrets/ring.ts";
import { openWith } from "../../secrets/seal.ts";
import { AccessCache, checkAccess, staying } from "../access.ts";
import { Gate } from "../gate.ts";
import { Leases } from "../leases.ts";
import { createGateway } from "../server.ts";
import { jupyterToken } from "../token.ts";
import { FakeAgent } from "./fake-agent.ts";
import { portalCode, seed, signIn } from "./seed.ts";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Ask {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** Sends one request to a port of this machine under any Host. */
export function ask(port: number, host: string, { method = "GET", path = "/", headers = {}, body }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", method, path, agent: false, headers: { host, ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** Cookies of an answer as a browser would send them back; deleted ones are gone. */
export function jar(previous: string, answer: Answer): string {
  const kept = new Map(
    previous
      .split("; ")
      .filter(Boolean)
      .map((pair) => [pair.slice(0, pair.indexOf("=")), pair]),
  );
  for (const line of answer.headers["set-cookie"] ?? []) {
    const pair = line.split(";")[0] ?? "";
    const name = pair.slice(0, pair.indexOf("="));
    if (/Max-Age=0(;|$)/.test(line)) kept.delete(name);
    else kept.set(name, pair);
  }
  return [...kept.values()].join("; ");
}

export const asPage = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "none", accept: "text/html" };

export function listening(server: Server, port = 0): Promise<number> {
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));
}

/**
 * A gateway on a real database, behind it a fake agent and a real HTTP and WebSocket service that the test defines.
 * `clock` is what the gateway takes for now.
 */
export async function gatewayStand(
  service: RequestListener,
  settings: { servicesUrl?: string; portalUrl?: string; restartWaits?: readonly number[]; port?: number } = {},
) {
  const database = await testDatabase();
  const db = createDb(database.url, 4);
  // The gateway itself has no more rights here than in earnest.
  const own = createDb(await asRole(database.url, roles.gateway), 4);
  const dir = await mkdtemp(join(tmpdir(), "kindling-gw-"));
  const key = { keys: [newKey()] };
  const clock = { now: new Date() };
  const { clusterId, nodeId } = await seed(db, key, dir, clock.now);

  const upstream = createServer(service);
  const sockets = new WebSocketServer({ server: upstream });
  const agent = new FakeAgent(join(dir, "gateway.sock"));
  const upstreamPort = await listening(upstream);
  for (const port of [8080, 8888]) agent.ports.set(`${nodeId}:${port}`, upstreamPort);
  await agent.listen();

  const portal = settings.portalUrl ?? "http://portal.test:3000";
  const env: Env = readEnv({
    KINDLING_SERVICES_URL: settings.servicesUrl ?? "http://*.services.test:3001",
    KINDLING_PUBLIC_URL: portal,
  });
  const access = new AccessCache((host, hash) => checkAccess(own, host, hash, clock.now, true), Date.now, 50);
  const leases = new Leases(
    staying(access, (host, hash) => checkAccess(own, host, hash, clock.now, false)),
    50,
  );
  const gate = new Gate({
    env,
    db: own,
    access,
    openToken: (sealed, id) => jupyterToken(openWith(key, clusterSecrets(id), sealed)),
    now: () => clock.now,
  });
  const gateway = createGateway({
    gate,
    leases,
    portal,
    secure: env.KINDLING_SERVICES_URL?.startsWith("https:") === true,
    transport: makeTransport("gateway", null),
    restartWaits: settings.restartWaits ?? [],
  });
  const port = await listening(gateway.server, settings.port);

  const origin = (endpoint: string, cluster = clusterId): string => serviceOrigin(env, endpoint, cluster);
  const hostOf = (endpoint: string, cluster = clusterId): string => new URL(origin(endpoint, cluster)).host;
  const go = (endpoint: string, wanted: Ask = {}, cluster = clusterId): Promise<Answer> => ask(port, hostOf(endpoint, cluster), wanted);

  return {
    db,
    key,
    clock,
    port,
    agent,
    upstream,
    upstreamPort,
    sockets,
    clusterId,
    nodeId,
    origin,
    hostOf,
    go,
    /** The first visit: where the portal is asked, and the browser's cookies afterwards. */
    async begin(endpoint: string, path = "/") {
      const answer = await go(endpoint, { path, headers: asPage });
      return { answer, nonceHash: new URL(answer.headers.location ?? "").searchParams.get("n") ?? "", cookie: jar("", answer) };
    },
    /** The portal's form, and the visit that follows it. */
    async enter(endpoint: string, code: string, cookie: string) {
      const posted = await go(endpoint, {
        method: "POST",
        path: "/.kindling/enter",
        // Another site's POST: the browser keeps our cookies back.
        headers: { origin: portal, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ code }).toString(),
      });
      const carried = jar(cookie, posted);
      const entered = await go(endpoint, { path: posted.headers.location ?? "/", headers: { ...asPage, cookie: carried } });
      return { posted, entered, cookie: jar(carried, entered) };
    },
    /** The whole way for a person. @returns the Cookie header of their browser on the endpoint's origin */
    async login(endpoint: string, userId = "uann", path = "/") {
      const sessionId = await signIn(db, userId, clock.now);
      const { nonceHash, cookie } = await this.begin(endpoint, path);
      const code = await portalCode(db, { sessionId, clusterId, endpoint, nonceHash, now: clock.now });
      const { entered, cookie: signedIn } = await this.enter(endpoint, code, cookie);
      return { cookie: signedIn, sessionId, entered, code };
    },
    async close() {
      for (const client of sockets.clients) client.terminate();
      await gateway.stop(100);
      await agent.close();
      upstream.closeAllConnections();
      await new Promise((resolve) => upstream.close(resolve));
      await db.$disconnect();
      await own.$disconnect();
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export type Stand = Awaited<ReturnType<typeof gatewayStand>>;
