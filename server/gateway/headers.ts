import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { cookieFromNode, cookiesForNode } from "./cookies.ts";
import type { ServiceHost } from "./host.ts";

// Of one connection, not of the message (RFC 9110 §7.6.1), and those that only a proxy in front of us would use.
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "http2-settings",
]);

// What only the gateway may tell a node about where a request came from.
const fromGateway = /^(forwarded|via|x-forwarded-.*|x-real-ip|x-kindling-.*|host|cookie|authorization)$/;

// They reach beyond the service's own origin: the portal's cookies, its neighbours' transport, other servers, reports to anybody.
const tooFar = new Set([
  "clear-site-data",
  "strict-transport-security",
  "alt-svc",
  "nel",
  "report-to",
  "public-key-pins",
  "service-worker-allowed",
]);

function named(connection: string | undefined): Set<string> {
  const names = new Set((connection ?? "").split(",").map((name) => name.trim().toLowerCase()));
  // It says where the message ends; without it a body would pass for another message.
  names.delete("content-length");
  return names;
}

/** What a node is told. `token` is the service's own secret, never the person's. */
export function requestHeaders(
  distinct: NodeJS.Dict<string[]>,
  headers: IncomingHttpHeaders,
  host: ServiceHost,
  from: { ip: string; token: string | null },
): OutgoingHttpHeaders {
  const dropped = named(headers.connection);
  const out: OutgoingHttpHeaders = {};
  for (const [name, values] of Object.entries(distinct))
    if (values && !hopByHop.has(name) && !dropped.has(name) && !fromGateway.test(name))
      out[name] = values.length === 1 ? values[0] : values;
  const url = new URL(host.origin);
  out.host = url.host;
  out["x-forwarded-for"] = from.ip;
  out["x-forwarded-host"] = url.host;
  out["x-forwarded-proto"] = url.protocol.slice(0, -1);
  const cookie = cookiesForNode(headers.cookie);
  if (cookie) out.cookie = cookie;
  if (from.token) out.authorization = `token ${from.token}`;
  return out;
}

/** What a browser is told of a node's answer. Location is left to the caller. */
export function responseHeaders(distinct: NodeJS.Dict<string[]>, headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const dropped = named(headers.connection);
  const out: OutgoingHttpHeaders = {};
  for (const [name, values] of Object.entries(distinct)) {
    if (!values || hopByHop.has(name) || dropped.has(name) || tooFar.has(name) || name.startsWith("access-control-")) continue;
    if (name === "set-cookie") {
      const cookies = values.flatMap((value) => cookieFromNode(value) ?? []);
      if (cookies.length > 0) out[name] = cookies;
    } else {
      // Spark's own proxy repeats what the page behind it said.
      const distinctValues = [...new Set(values)];
      out[name] = name === "date" || distinctValues.length === 1 ? distinctValues[0] : distinctValues;
    }
  }
  // Nobody else's page shows a service in a frame, where a click could be stolen.
  if (!out["content-security-policy"]) out["content-security-policy"] = "frame-ancestors 'self'";
  out["x-frame-options"] = "SAMEORIGIN";
  out["referrer-policy"] ??= "same-origin";
  return out;
}
