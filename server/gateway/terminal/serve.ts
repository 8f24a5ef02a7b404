import type { IncomingMessage, ServerResponse } from "node:http";
import type { TerminalTarget } from "../access.ts";
import type { ServiceHost } from "../host.ts";
import { malformed, noSuchPage } from "../notices.ts";
import { sendNotice } from "../pages.ts";
import { assetAt } from "./assets.ts";
import { terminalHeaders, terminalHtml } from "./document.ts";

/** Answers what a terminal's origin has beside its socket: the page, its files, and whether a socket would be taken now. */
export function servePage(
  incoming: IncomingMessage,
  response: ServerResponse,
  host: ServiceHost,
  target: TerminalTarget,
  path: string,
): void {
  const known = incoming.method === "GET" || incoming.method === "HEAD" ? answer(incoming, host, target, path) : null;
  if (known) {
    response.writeHead(200, { ...known.headers, "content-length": Buffer.byteLength(known.body) });
    response.end(incoming.method === "HEAD" ? undefined : known.body);
  } else {
    const asPage = incoming.headers.accept?.includes("text/html") === true;
    sendNotice(response, incoming.method === "GET" || incoming.method === "HEAD" ? noSuchPage : malformed, asPage);
  }
}

interface Answer {
  readonly headers: Record<string, string>;
  readonly body: Buffer | string;
}

function answer(incoming: IncomingMessage, host: ServiceHost, target: TerminalTarget, path: string): Answer | null {
  // Whoever comes so far is let in: that is all that the page wants to know of it.
  if (path === "/state") return { headers: { "cache-control": "no-store", "content-type": "application/json" }, body: "{}" };
  if (path === "/")
    return { headers: terminalHeaders(host.origin), body: terminalHtml({ node: target.terminal.name, cluster: target.cluster.name }) };
  const asset = assetAt(path);
  if (!asset) return null;
  const small = /\bgzip\b/.test(String(incoming.headers["accept-encoding"] ?? ""));
  const headers = {
    "content-type": asset.type,
    "cache-control": "private, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    vary: "accept-encoding",
    ...(small ? { "content-encoding": "gzip" } : {}),
  };
  return { headers, body: small ? asset.gzip : asset.plain };
}
