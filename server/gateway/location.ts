import { isIP } from "node:net";
import type { Target } from "./access.ts";
import type { ServiceHost } from "./host.ts";

/** Ports that Spark gives to a worker's and an application's pages when nothing else was said. */
const applicationPorts = { from: 4040, to: 4060 };

/** The public address of another endpoint of the same cluster. */
export function siblingOrigin(host: ServiceHost, endpoint: string): string {
  return host.origin.replace(`//${host.endpoint}-${host.clusterId}.`, `//${endpoint}-${host.clusterId}.`);
}

/** Whether a host name or address can only mean something inside the cluster, its tenant or its host. */
export function isPrivateHost(name: string): boolean {
  const host = name.replace(/^\[|\]$/g, "").toLowerCase();
  if (isIP(host) === 4)
    return /^(0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(host);
  if (isIP(host) === 6) return /^(::|f[cd]|fe[89ab])/.test(host);
  return host === "localhost" || !host.includes(".");
}

/**
 * Maps an absolute address of a node to where the gateway serves it: the master's endpoints by their port, and an application's
 * pages below Spark's own /proxy. Null: it names a node or a private address that has no public counterpart.
 */
export function publicUrl(url: URL, host: ServiceHost, target: Target): string | null {
  if (url.origin === host.origin || url.host === new URL(host.origin).host) return host.origin + url.pathname + url.search + url.hash;
  const node = target.nodes.find(({ names }) => names.includes(url.hostname.toLowerCase()));
  if (!node) return isPrivateHost(url.hostname) ? null : url.href;
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const rest = url.pathname + url.search + url.hash;
  const endpoint = node.master ? target.endpoints.find((one) => one.port === port) : undefined;
  if (endpoint) return siblingOrigin(host, endpoint.id) + rest;
  const application = target.spark?.applications.length === 1 ? target.spark.applications[0] : undefined;
  if (application && port >= applicationPorts.from && port <= applicationPorts.to) return `${host.origin}/proxy/${application}${rest}`;
  return null;
}

/** A redirect as the browser may see it; null when it leads where the browser cannot or must not go. */
export function publicLocation(location: string, host: ServiceHost, target: Target): string | null {
  const base = URL.parse(location, host.origin);
  if (!base) return null;
  if (base.protocol !== "http:" && base.protocol !== "https:") return null;
  // A relative one stays as it is, unless a browser would read //host in it.
  if (!/^[a-z][a-z0-9+.-]*:/i.test(location) && base.origin === host.origin) return location;
  return publicUrl(base, host, target);
}

/**
 * Spark's proxy (3.5) writes a redirect of an application or worker with the first six characters of its id cut off: it takes "/proxy/"
 * off a path that has lost it already, so that /proxy/app-2026… leads to /proxy/26…. Puts the id that was asked for back.
 */
export function mendedProxyId(location: string, asked: string): string {
  const [, id = ""] = /^\/proxy\/((?:app|worker)-[A-Za-z0-9.-]+)/.exec(asked) ?? [];
  const cut = id.slice("/proxy".length);
  return cut === "" ? location : location.replace(new RegExp(`/proxy/${cut.replaceAll(".", "\\.")}(?=[/?#]|$)`), `/proxy/${id}`);
}

/**
 * Where to find what Spark's proxy no longer serves: its pages keep links to applications and workers that have ended, which it
 * answers with 403. The master still tells what became of them.
 */
export function endedPage(path: string): string | null {
  const [, id, kind] = /^\/proxy\/((app|worker)-[A-Za-z0-9.-]+)(?:[/?]|$)/.exec(path) ?? [];
  if (!id) return null;
  return kind === "app" ? `/app/?appId=${id}` : "/";
}
