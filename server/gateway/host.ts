import { Id, Label } from "../../agents/protocol/ids.ts";
import { type Env, serviceOrigin } from "../env.ts";

/** One endpoint of one cluster, as a request's Host names it. */
export interface ServiceHost {
  endpoint: string;
  clusterId: string;
  /** Public origin, for example http://jupyter-c123.localhost:3001. */
  origin: string;
  secure: boolean;
}

/**
 * Reads the Host headers of a request. Anything that is not exactly the public host of an endpoint is null: another domain,
 * another port, a second Host header, an address instead of a name.
 */
export function parseHost(env: Env, hosts: readonly string[]): ServiceHost | null {
  const [header, ...more] = hosts;
  if (!header || more.length > 0) return null;
  const host = header.toLowerCase();
  const label = host.slice(0, host.indexOf("."));
  const cut = label.lastIndexOf("-");
  const endpoint = label.slice(0, cut);
  const clusterId = label.slice(cut + 1);
  if (cut < 1 || !Label.safeParse(endpoint).success || !Id.safeParse(clusterId).success) return null;
  const origin = new URL(serviceOrigin(env, endpoint, clusterId));
  const defaultPort = origin.protocol === "https:" ? ":443" : ":80";
  if (host !== origin.host && host !== `${origin.host}${defaultPort}`) return null;
  return { endpoint, clusterId, origin: origin.origin, secure: origin.protocol === "https:" };
}

/** The values of a header that came more than once, from the raw list: Node's parsed view keeps only the first Host. */
export function rawValues(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === name) values.push(rawHeaders[at + 1] ?? "");
  return values;
}

/** A path of this origin or null. Never another host, whatever mixture of slashes, backslashes and control characters is tried. */
export function localPath(path: string, origin: string): string | null {
  if (!path.startsWith("/") || path.length > 1500) return null;
  const url = URL.parse(path, origin);
  // The serialised path may itself begin with //, which a browser would read as another host.
  return url && url.origin === origin && !url.pathname.startsWith("//") ? url.pathname + url.search : null;
}
