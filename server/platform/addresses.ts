import { type Env, portalOrigin, serviceOrigin } from "../env.ts";

const open = "so passwords and sessions would travel in the open";
const remedy =
  "Let a proxy with TLS answer there and set an https:// address, or set KINDLING_INSECURE_HTTP=1 if nobody else is on that network.";

/** Whether what is sent to a host never leaves this machine. */
function staysHere(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

/**
 * Checks the addresses that people will type, before anything is started.
 * @returns a warning for what was allowed although it is not safe, or null
 * @throws with a line for each setting that is wrong
 */
export function checkAddresses(env: Env): string | null {
  const portal = new URL(portalOrigin(env));
  const service = new URL(serviceOrigin(env, "service", "any"));
  const wrong: string[] = [];
  const domain = service.hostname.slice(service.hostname.indexOf(".") + 1);
  if (portal.hostname.slice(portal.hostname.indexOf(".") + 1) === domain && portal.hostname !== domain)
    wrong.push(
      `KINDLING_SERVICES_URL: *.${domain} covers ${portal.hostname}, the name of KINDLING_PUBLIC_URL. People's notebooks must not run under ` +
        `the portal's name: give services a domain of their own, for example https://*.svc.${domain}`,
    );
  const bare = [
    ["KINDLING_PUBLIC_URL", portal],
    ["KINDLING_SERVICES_URL", service],
  ].flatMap(([name, url]) => (url instanceof URL && url.protocol === "http:" && !staysHere(url.hostname) ? [String(name)] : []));
  if (bare.length > 0 && env.KINDLING_INSECURE_HTTP !== "1")
    for (const name of bare) wrong.push(`${name}: it begins with http:// and is not on this machine, ${open}. ${remedy}`);
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  return bare.length > 0 ? `${bare.join(" and ")}: without https, ${open}. KINDLING_INSECURE_HTTP=1 allows it.` : null;
}
