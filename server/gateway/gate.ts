import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Db } from "../db.ts";
import type { Env } from "../env.ts";
import { portalOrigin } from "../env.ts";
import { log } from "../log.ts";
import { hashSecret } from "../secrets.ts";
import type { AccessCache, Target, TerminalTarget, Verdict } from "./access.ts";
import { cookieNames, parseCookies } from "./cookies.ts";
import { beginLogin, keepCode, redeem } from "./handover.ts";
import { localPath, parseHost, rawValues, type ServiceHost } from "./host.ts";
import * as notices from "./notices.ts";
import { isNavigation, originRefusal } from "./origin.ts";
import { type Notice, sendNotice } from "./pages.ts";
import { refuseUpgrade } from "./upgrade.ts";

/** A request that may go on to a service or a terminal. */
export interface Passed {
  host: ServiceHost;
  target: Target | TerminalTarget;
  /** The gateway session's hash. */
  hash: string;
  userId: string;
  /** Without its query. */
  path: string;
  /** The service's own secret, for the Authorization header. */
  token: string | null;
}

export interface GateParts {
  env: Env;
  db: Db;
  access: AccessCache;
  /** Reads the service's token out of a cluster's sealed secrets. */
  openToken: (sealed: string, clusterId: string) => string;
  now: () => Date;
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const own = "/.kindling/";
const secretShape = /^[A-Za-z0-9_-]{43}$/;

/** Decides about every request before a service hears of it, and answers those that are the gateway's own. */
export class Gate {
  private readonly parts: GateParts;
  private readonly portal: string;
  constructor(parts: GateParts) {
    this.parts = parts;
    this.portal = portalOrigin(parts.env);
  }

  /** @returns what may be forwarded, or null once the request has been answered */
  async pass(incoming: IncomingMessage, response: ServerResponse): Promise<Passed | null> {
    const page = isNavigation(incoming.method ?? "GET", incoming.headers);
    const refuse = (notice: Notice, cookies?: string[]): null => {
      sendNotice(response, notice, page, cookies);
      return null;
    };
    const shape = this.shape(incoming, false);
    if ("status" in shape) return refuse(shape);
    const { host, path } = shape;
    if (path.startsWith(own)) {
      await this.serveOwn(incoming, response, host, path).catch((error: unknown) => {
        log.error({ err: error }, "gateway.database");
        refuse(notices.databaseAway);
      });
      return null;
    }
    const foreign = this.foreign(incoming, host, path, false);
    if (foreign) return refuse(foreign);
    const { hash, verdict } = await this.verdict(incoming, host);
    if (verdict === null) return refuse(notices.databaseAway);
    if (verdict.kind === "ready")
      return this.passed(host, path, hash, verdict) ?? refuse(notices.secretUnreadable(verdict.target, this.portal));
    if (verdict.kind === "not-running") return refuse(notices.notRunning(verdict, this.portal));
    if (verdict.kind === "closed") return refuse(notices.closed(verdict, this.portal));
    if (verdict.kind === "not-found") return refuse(notices.notFoundNotice(this.portal));
    if (!page) return refuse(notices.signedOut);
    this.toPortal(incoming, response, host, incoming.url ?? "/");
    return null;
  }

  /** @returns what may be forwarded, or null once the socket has been refused */
  async passUpgrade(incoming: IncomingMessage, socket: Duplex): Promise<Passed | null> {
    const refuse = (notice: Notice): null => {
      refuseUpgrade(socket, notice);
      return null;
    };
    const shape = this.shape(incoming, true);
    if ("status" in shape) return refuse(shape);
    const { host, path } = shape;
    if (path.startsWith(own)) return refuse(notices.malformed);
    const foreign = this.foreign(incoming, host, path, true);
    if (foreign) return refuse(foreign);
    const { hash, verdict } = await this.verdict(incoming, host);
    if (verdict === null) return refuse(notices.databaseAway);
    if (verdict.kind === "ready")
      return this.passed(host, path, hash, verdict) ?? refuse(notices.secretUnreadable(verdict.target, this.portal));
    if (verdict.kind === "not-running") return refuse(notices.notRunning(verdict, this.portal));
    if (verdict.kind === "closed") return refuse(notices.closed(verdict, this.portal));
    return refuse(verdict.kind === "not-found" ? notices.notFoundNotice(this.portal) : notices.signedOut);
  }

  /** Null: the service's secret cannot be read. */
  private passed(host: ServiceHost, path: string, hash: string, { target, userId }: Extract<Verdict, { kind: "ready" }>): Passed | null {
    try {
      const sealed = "sealed" in target ? target.sealed : null;
      return { host, path, hash, userId, target, token: sealed ? this.parts.openToken(sealed, target.cluster.id) : null };
    } catch (error) {
      log.error({ err: error, cluster: target.cluster.id }, "gateway.secret");
      return null;
    }
  }

  /** The endpoint and path, or why the request is not one that we pass on. */
  private shape(incoming: IncomingMessage, upgrade: boolean): { host: ServiceHost; path: string } | Notice {
    const host = parseHost(this.parts.env, rawValues(incoming.rawHeaders, "host"));
    if (!host) return notices.unknownHost;
    const url = incoming.url ?? "";
    const coding = incoming.headers["transfer-encoding"];
    const wellFormed =
      methods.has(incoming.method ?? "") &&
      /^\/[\x21-\x7e]*$/.test(url) &&
      !url.includes("#") &&
      (coding === undefined || coding.toLowerCase() === "chunked") &&
      (!upgrade || (incoming.method === "GET" && incoming.headers.upgrade?.toLowerCase() === "websocket"));
    return wellFormed ? { host, path: url.split("?")[0] ?? "/" } : notices.malformed;
  }

  private foreign(incoming: IncomingMessage, host: ServiceHost, path: string, upgrade: boolean): Notice | null {
    const { headers, method = "GET" } = incoming;
    const reason = originRefusal({ method, headers, path, upgrade }, host.origin);
    if (!reason) return null;
    log.info({ host: host.origin, path, reason }, "gateway.refused");
    return notices.foreign;
  }

  /** The first of the session cookies that counts: a sibling may have set another of the same name where there is no https. */
  private async verdict(incoming: IncomingMessage, host: ServiceHost): Promise<{ hash: string; verdict: Verdict | null }> {
    const { session } = cookieNames(host.secure);
    const sent = parseCookies(incoming.headers.cookie).filter((cookie) => cookie.name === session && secretShape.test(cookie.value));
    try {
      for (const { value } of sent.slice(0, 3)) {
        const hash = hashSecret(value);
        const verdict = await this.parts.access.get(host, hash);
        if (verdict.kind !== "signed-out") return { hash, verdict };
      }
    } catch (error) {
      log.error({ err: error }, "gateway.database");
      return { hash: "", verdict: null };
    }
    return { hash: "", verdict: { kind: "signed-out" } };
  }

  private toPortal(incoming: IncomingMessage, response: ServerResponse, host: ServiceHost, path: string): void {
    const { cookies, nonceHash } = beginLogin(incoming.headers, host, cookieNames(host.secure), path);
    redirect(response, 302, `${this.portal}/go/${host.clusterId}/${host.endpoint}?n=${nonceHash}`, cookies);
  }

  private async serveOwn(incoming: IncomingMessage, response: ServerResponse, host: ServiceHost, path: string): Promise<void> {
    const { method = "GET", headers } = incoming;
    const page = isNavigation(method, headers);
    if (path === `${own}enter` && method === "POST") return this.takeCode(incoming, response, host);
    if (method !== "GET") return sendNotice(response, notices.malformed, page);
    if (path === `${own}enter`) return this.enter(incoming, response, host);
    if (path !== `${own}start` && path !== `${own}application`) return sendNotice(response, notices.notFoundNotice(this.portal), page);
    const { verdict } = await this.verdict(incoming, host);
    if (verdict === null) return sendNotice(response, notices.databaseAway, page);
    if (verdict.kind === "signed-out") return this.toPortal(incoming, response, host, path === `${own}application` ? path : "/");
    if (verdict.kind === "not-found") return sendNotice(response, notices.notFoundNotice(this.portal), page);
    if (verdict.kind === "not-running") return sendNotice(response, notices.notRunning(verdict, this.portal), page);
    if (verdict.kind === "closed") return sendNotice(response, notices.closed(verdict, this.portal), page);
    if (path === `${own}start`) return redirect(response, 302, verdict.target.path, []);
    const application = "spark" in verdict.target ? verdict.target.spark?.applications[0] : undefined;
    if (!application) return sendNotice(response, notices.noApplication, page);
    redirect(response, 302, `/proxy/${encodeURIComponent(application)}/`, []);
  }

  private async takeCode(incoming: IncomingMessage, response: ServerResponse, host: ServiceHost): Promise<void> {
    const origin = incoming.headers.origin;
    if (origin !== undefined && origin !== "null" && origin !== this.portal) {
      log.info({ host: host.origin, reason: "foreign_origin" }, "gateway.handover.refused");
      return sendNotice(response, notices.foreign, true);
    }
    const body = await readBody(incoming, 4096);
    const cookie = body === null ? null : keepCode(body, host, cookieNames(host.secure));
    if (!cookie) return sendNotice(response, notices.signInAgain(`${own}start`), true);
    redirect(response, 303, `${own}enter`, [cookie]);
  }

  private async enter(incoming: IncomingMessage, response: ServerResponse, host: ServiceHost): Promise<void> {
    const { db, access, now } = this.parts;
    const result = await redeem(db, incoming.headers, host, cookieNames(host.secure), now());
    if (!result.ok) {
      log.info({ host: host.origin, reason: result.why }, "gateway.handover.refused");
      return sendNotice(response, notices.signInAgain(`${own}start`), true, result.cookies);
    }
    log.info({ host: host.origin, session: result.sessionId }, "gateway.handover");
    const verdict = await access.get(host, result.hash);
    const wanted = result.path === "/" && verdict.kind === "ready" ? verdict.target.path : result.path;
    redirect(response, 303, localPath(wanted, host.origin) ?? "/", result.cookies);
  }
}

function redirect(response: ServerResponse, status: number, location: string, cookies: string[]): void {
  response.writeHead(status, {
    location,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-length": 0,
    ...(cookies.length > 0 ? { "set-cookie": cookies } : {}),
  });
  response.end();
}

/** The body as text, or null when it is longer than `most` bytes. */
async function readBody(incoming: IncomingMessage, most: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    if (!Buffer.isBuffer(chunk)) return null;
    size += chunk.length;
    if (size > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
