import type { IncomingMessage, ServerResponse } from "node:http";
import { type Env, portalOrigin, serviceOrigin, tlsMode } from "../env.ts";

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}

/**
 * Whether the Host header names this portal: its public address, or loopback on any port (an ssh tunnel picks its own). Anything else is somebody's
 * domain that was made to point here.
 */
export function hostAllowed(env: Env, host: string | undefined): boolean {
  const url = host ? parse(`http://${host}`) : null;
  if (!url || !host) return false;
  return host.toLowerCase() === new URL(portalOrigin(env)).host || loopback.has(url.hostname);
}

/** Whether a request comes from a page of this portal: the origin is the public one, or loopback under the very name that was asked for. */
export function originAllowed(env: Env, origin: string | undefined, host: string | undefined): boolean {
  const url = origin ? parse(origin) : null;
  if (!url) return false;
  if (url.origin === portalOrigin(env)) return true;
  const scheme = tlsMode(env) === "off" ? "http:" : "https:";
  return url.protocol === scheme && loopback.has(url.hostname) && url.host === host?.toLowerCase();
}

/**
 * A request that may change something and is trusted because of a cookie must come from our own page. A browser always says where
 * a POST comes from; a program that sends a token instead of a cookie need not.
 */
export function mayChange(env: Env, request: Pick<IncomingMessage, "headers" | "method">): boolean {
  if (request.method === "GET" || request.method === "HEAD" || request.method === "OPTIONS") return true;
  const { origin, host, authorization, cookie } = request.headers;
  if (origin !== undefined) return originAllowed(env, origin, host);
  if (request.headers["sec-fetch-site"] !== undefined) return request.headers["sec-fetch-site"] === "same-origin";
  return authorization !== undefined || cookie === undefined;
}

/** What pages may load. Everything is our own; scripts only with this response's nonce. */
export function contentPolicy(env: Env, nonce: string, dev: boolean): string {
  const services = serviceOrigin(env, "*", "*").replace("*-*", "*");
  const directives = {
    "default-src": "'self'",
    "script-src": `'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ""}`,
    "style-src": dev ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`,
    // Positions of pop-ups are style attributes; they cannot load or run anything.
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    // The login is handed over to a service's origin by a form.
    "form-action": `'self' ${services}`,
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}

/** Of answers that are no pages: whatever a browser takes them for, they load and run nothing. */
const inert = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Headers of every answer of the portal; pages get a policy of their own in place of this one. */
export function setSecurityHeaders(env: Env, response: ServerResponse): void {
  response.setHeader("Content-Security-Policy", inert);
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("X-Frame-Options", "DENY");
  response.setHeader("Referrer-Policy", "strict-origin-when-cross-origin");
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  response.setHeader("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), display-capture=()");
  if (portalOrigin(env).startsWith("https:")) response.setHeader("Strict-Transport-Security", "max-age=31536000");
}
