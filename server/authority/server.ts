import { X509Certificate } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { pipeline } from "node:stream/promises";
import { TLSSocket } from "node:tls";
import { z } from "zod";
import { keyPin } from "../../agents/identity/key.ts";
import { hostOf } from "../../agents/identity/names.ts";
import { UserError } from "../errors.ts";
import { log } from "../log.ts";
import { type EnrolDeps, redeemToken, renewHost, UseToken } from "../services/hosts/enrol-use.ts";
import type { Bundle } from "./bundle.ts";
import { RequestError } from "./ca.ts";

export interface AuthorityParts {
  readonly installation: string;
  /** PEM. */
  readonly key: string;
  readonly certificate: string;
  readonly ca: string;
  readonly enrol: EnrolDeps;
  /** Settings with which a new host's agent begins. */
  readonly settings: Readonly<Record<string, string>>;
  /** The agent as one file; made when it is asked for first. */
  readonly bundle: () => Promise<Bundle>;
  readonly script: (bundle: Bundle) => string;
  /** Milliseconds in which nothing of an answer moves, after which it is given up; a minute unless told. */
  readonly idleMs?: number;
}

const bodyLimit = 16 * 1024;
const Renewal = z.object({ request: z.string().max(4000) });

const statuses: Record<UserError["code"], number> = {
  bad_request: 400,
  not_signed_in: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  limit: 409,
  too_many_attempts: 429,
  unavailable: 503,
};

/**
 * The enrolment server. Whoever comes may read the script and the agent, which hold no secret; a token makes a host once, and a host's own
 * certificate renews itself.
 */
export function createAuthority(parts: AuthorityParts): Server {
  const { key, certificate, ca } = parts;
  const server = createServer(
    { key, cert: certificate, ca, minVersion: "TLSv1.2", requestCert: true, rejectUnauthorized: false, handshakeTimeout: 10_000 },
    (request, response) => {
      response.setTimeout(parts.idleMs ?? 60_000, () => response.destroy());
      answer(parts, request, response).catch((error: unknown) => refuse(response, error));
    },
  );
  server.requestTimeout = 30_000;
  server.maxConnections = 512;
  return server;
}

async function answer(parts: AuthorityParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? "/", "https://authority").pathname;
  const what = `${request.method} ${path}`;
  if (what === "GET /install") {
    response.writeHead(200, { "content-type": "text/x-shellscript; charset=utf-8" }).end(parts.script(await parts.bundle()));
  } else if (request.method === "GET" && path.startsWith("/bundle/")) {
    await sendBundle(await parts.bundle(), path.slice("/bundle/".length), response);
  } else if (what === "POST /enrol") {
    const from = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    const made = await redeemToken(parts.enrol, await bodyOf(request, UseToken), from);
    log.info({ op: "host.enrol", host: made.host, name: made.name, from }, "host.enrol");
    sendJson(response, 200, { ...made, installation: parts.installation, settings: parts.settings });
  } else if (what === "POST /renew") {
    const { host, pin } = shown(parts, request);
    const renewed = await renewHost(parts.enrol, host, pin, (await bodyOf(request, Renewal)).request);
    log.info({ op: "host.renew", host }, "host.renew");
    sendJson(response, 200, renewed);
  } else throw new UserError("not_found", "There is no such address here.");
}

/** The host that the client's certificate is of. */
function shown({ installation }: AuthorityParts, { socket }: IncomingMessage): { host: string; pin: string } {
  const certificate = socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
  const host = certificate && Date.parse(certificate.validTo) > Date.now() ? hostOf(certificate, installation) : null;
  if (!certificate || !host) throw new UserError("forbidden", "Only a host with a valid certificate of this platform can renew it.");
  return { host, pin: keyPin(new X509Certificate(certificate.raw), "hex") };
}

async function sendBundle(bundle: Bundle, wanted: string, response: ServerResponse): Promise<void> {
  if (wanted !== bundle.name)
    throw new UserError("not_found", "There is no such agent here. Run the command anew: it fetches the present one.");
  const { size } = await stat(bundle.file);
  response.writeHead(200, { "content-type": "application/gzip", "content-length": size });
  await pipeline(createReadStream(bundle.file), response);
}

async function bodyOf<T extends z.ZodType>(request: IncomingMessage, schema: T): Promise<z.output<T>> {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > bodyLimit) throw new UserError("bad_request", "The request is too long.");
  }
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success)
    throw new UserError("bad_request", `The request is not understood (${parsed.error.issues[0]?.path.join(".") ?? ""}).`);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof UserError) {
    log.info({ op: "authority.refused", reason: error.message }, "authority.refused");
    sendJson(response, statuses[error.code], { message: error.message });
  } else if (error instanceof RequestError) sendJson(response, 400, { message: error.message });
  else {
    log.error({ err: error }, "authority.failed");
    sendJson(response, 500, { message: "The platform ran into an unexpected error; its log authority.log has the details." });
  }
}
