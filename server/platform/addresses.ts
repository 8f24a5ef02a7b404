import { type Env, enrolPort, portalOrigin, serviceOrigin, tlsMode } from "../env.ts";

const open = "so passwords and sessions would travel in the open";
const remedy =
  "Let a proxy with TLS answer there and set an https:// address, or set KINDLING_INSECURE_HTTP=1 if nobody else is on that network.";

/** Whether what is sent to a host never leaves this machine. */
function staysHere(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

/** What does not go together in the settings of TLS. */
function tlsTrouble(env: Env, portal: URL, service: URL): string[] {
  const wrong: string[] = [];
  for (const [one, other] of [
    ["KINDLING_TLS_CERT", "KINDLING_TLS_KEY"],
    ["KINDLING_SERVICES_TLS_CERT", "KINDLING_SERVICES_TLS_KEY"],
  ] as const)
    if ((env[one] === undefined) !== (env[other] === undefined))
      wrong.push(`${env[one] ? other : one}: a certificate and its key go together; set both.`);
  if (env.KINDLING_SERVICES_TLS_CERT && !env.KINDLING_TLS_CERT)
    wrong.push(
      "KINDLING_SERVICES_TLS_CERT: services cannot have TLS when the portal has none; set KINDLING_TLS_CERT and KINDLING_TLS_KEY.",
    );
  if (env.KINDLING_TLS === "own" && env.KINDLING_TLS_CERT)
    wrong.push("KINDLING_TLS: either the installation's own certificate or the one in KINDLING_TLS_CERT; leave one of them out.");
  if (tlsMode(env) === "off") {
    if (env.KINDLING_HTTP_PORT !== undefined)
      wrong.push(
        "KINDLING_HTTP_PORT: it leads to https, which nobody serves here; set KINDLING_TLS or KINDLING_TLS_CERT, or leave it out.",
      );
    return wrong;
  }
  for (const [name, url] of [
    ["KINDLING_PUBLIC_URL", portal],
    ["KINDLING_SERVICES_URL", service],
  ] as const)
    if (url.protocol !== "https:") wrong.push(`${name}: it begins with http://, and with TLS set everything is served as https://.`);
  const domain = service.hostname.slice(service.hostname.indexOf(".") + 1);
  if (!domain.includes("."))
    wrong.push(
      `KINDLING_SERVICES_URL: no certificate can be for *.${domain}; give services a name with one more dot, for example https://*.svc.${domain}.`,
    );
  if (
    env.KINDLING_HTTP_PORT !== undefined &&
    [env.KINDLING_PORT, env.KINDLING_GATEWAY_PORT, enrolPort(env)].includes(env.KINDLING_HTTP_PORT)
  )
    wrong.push(`KINDLING_HTTP_PORT: ${env.KINDLING_HTTP_PORT} is taken by another part of the platform; choose another port.`);
  return wrong;
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
  wrong.push(...tlsTrouble(env, portal, service));
  const bare = [
    ["KINDLING_PUBLIC_URL", portal],
    ["KINDLING_SERVICES_URL", service],
  ].flatMap(([name, url]) => (url instanceof URL && url.protocol === "http:" && !staysHere(url.hostname) ? [String(name)] : []));
  if (bare.length > 0 && env.KINDLING_INSECURE_HTTP !== "1")
    for (const name of bare) wrong.push(`${name}: it begins with http:// and is not on this machine, ${open}. ${remedy}`);
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  return bare.length > 0 ? `${bare.join(" and ")}: without https, ${open}. KINDLING_INSECURE_HTTP=1 allows it.` : null;
}
