import { z } from "zod";
import { Id } from "../agents/protocol/ids.ts";

const portWords = "must be a port: a whole number up to 65535";
const port = z.coerce.number(portWords).int(portWords).min(0, portWords).max(65535, portWords);
const absolute = z.string().startsWith("/", "must be an absolute path");

/** Everything the platform's own processes read from the environment; parsed once, failing with the variable's name. */
const Env = z.object({
  /** Durable state of this installation: database, volumes, keys, accounts. */
  KINDLING_HOME: absolute.default("/var/lib/kindling"),
  /** Sockets of this installation. */
  KINDLING_RUN: absolute.max(80, "may have at most 80 characters: sockets lie below it").default("/run/kindling"),
  KINDLING_BIND: z.string().default("127.0.0.1"),
  KINDLING_PORT: port.default(3000),
  KINDLING_GATEWAY_PORT: port.default(3001),
  /** Where other machines enrol as hosts: the port after the gateway's, at KINDLING_BIND's address, unless set. */
  KINDLING_ENROL_PORT: port.optional(),
  KINDLING_ENROL_BIND: z.string().optional(),
  /** Under which address they reach that, where it is another than this machine's own, for example https://spark.example.com:3002. */
  KINDLING_ENROL_URL: z
    .url({ protocol: /^https$/, error: "must be an https address, for example https://spark.example.com:3002" })
    .optional(),
  /** Address that people type, for example https://spark.example.com. Default: http://localhost:<port>. */
  KINDLING_PUBLIC_URL: z.url("must be an address, for example https://spark.example.com").optional(),
  /** Wildcard address of services with a `*` label, for example https://*.svc.example.com. Default: http://*.localhost:<gateway port>. */
  KINDLING_SERVICES_URL: z
    .string()
    .regex(/^https?:\/\/\*\.[^/]+$/, "must be an address with a wildcard and no path, for example https://*.svc.example.com")
    .optional(),
  /** own: TLS with a certificate of the installation's own authority. The site's own files instead: the next four. */
  KINDLING_TLS: z.enum(["off", "own"], "must be own, or left out").default("off"),
  KINDLING_TLS_CERT: absolute.optional(),
  KINDLING_TLS_KEY: absolute.optional(),
  /** Where services have another certificate than the portal. */
  KINDLING_SERVICES_TLS_CERT: absolute.optional(),
  KINDLING_SERVICES_TLS_KEY: absolute.optional(),
  /** With TLS: where plain HTTP is led to https. */
  KINDLING_HTTP_PORT: port.optional(),
  /** 1: an http:// address that is not on this machine is meant. */
  KINDLING_INSECURE_HTTP: z.enum(["0", "1"], "must be 1, or left out").default("0"),
  /** Proxies in front of us whose X-Forwarded-For is believed. */
  KINDLING_TRUSTED_PROXIES: z
    .string()
    .default("")
    .transform((text) => text.split(",").flatMap((one) => one.trim() || []))
    .pipe(
      z.array(
        z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], "must be addresses or networks with commas between, for example 10.1.2.0/24"),
      ),
    ),
  /** PostgreSQL; without it an embedded one is started. */
  DATABASE_URL: z.string().optional(),
  /** Directory: what is set here decides over what is set on the page. Checked with the page's schema: auth/directory/settings.ts. */
  KINDLING_LDAP_URL: z
    .string()
    .regex(/^ldap[si]?:\/\//, "must begin with ldaps://, ldap:// or ldapi://; several with commas between")
    .optional(),
  KINDLING_LDAP_STARTTLS: z.enum(["0", "1"], "must be 1, or 0 for a server on this machine without TLS").optional(),
  KINDLING_LDAP_BIND: z.string().optional(),
  KINDLING_LDAP_BIND_DN: z.string().optional(),
  KINDLING_LDAP_BIND_PASSWORD_FILE: z.string().optional(),
  KINDLING_LDAP_USER_DN: z.string().optional(),
  KINDLING_LDAP_BASE: z.string().optional(),
  KINDLING_LDAP_GROUP_BASE: z.string().optional(),
  KINDLING_LDAP_PERSON_FILTER: z.string().optional(),
  KINDLING_LDAP_GROUP_FILTER: z.string().optional(),
  KINDLING_LDAP_LOGIN_ATTRIBUTES: z.string().optional(),
  KINDLING_LDAP_NESTED: z.string().optional(),
  KINDLING_LDAP_TIMEOUT: z.coerce.number("must be a number of seconds").optional(),
  KINDLING_LDAP_GRACE: z.coerce.number("must be a number of minutes").optional(),
  /** First subnet of tenants' segments; each tenant gets the next /24 of the pool. */
  KINDLING_ADDRESS_POOL: z
    .string()
    .regex(/^\d+\.\d+\.\d+\.0\/\d+$/, "must be a network, for example 10.35.192.0/18")
    .default("10.35.192.0/18"),
  KINDLING_NODE_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,20}$/, "must be lower-case letters, digits and hyphens, begin with a letter and have at most 21 characters")
    .default("kindling"),
  KINDLING_NODE_DOMAIN: z
    .string()
    .regex(/^[a-z0-9.-]+$/, "must be lower-case letters, digits, hyphens and dots")
    .default("bdlocal"),
  /** Lower for tests only: how long a freed address rests. */
  KINDLING_ADDRESS_REST_SECONDS: z.coerce.number().int().min(0).default(60),
  KINDLING_CA_BUNDLE: z.string().optional(),
  /** Identity of this installation and of this machine as a host, handed on by the launcher; made in the database when absent. */
  KINDLING_INSTALLATION: Id.optional(),
  KINDLING_HOST_ID: Id.optional(),
  /** Folder of the secrets that this part may read, handed on by the launcher; without it they lie in the home. */
  KINDLING_KEYS: absolute.optional(),
  /** Socket of the demo directory, handed on by the launcher to it and to the portal. */
  KINDLING_DIRECTORY_SOCKET: absolute.optional(),
});
export type Env = z.infer<typeof Env>;

/** @throws with one line per variable that is wrong. */
export function readEnv(from: Record<string, string | undefined> = process.env): Env {
  const parsed = Env.safeParse(from);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"));
}

const handedOn =
  /^(KINDLING_(DEBIAN_MIRROR|BUILD_NETWORK|EGRESS_DENY|VOLUME_OVERCOMMIT|ORPHAN_GRACE|BRIDGE_FILTER)|PIP_INDEX_URL|PIP_TRUSTED_HOST|(https?|no)_proxy|(HTTPS?|NO)_PROXY)$/;

/** What is set here for the agents of all hosts: a new host begins with it, and its administrator may change it there. */
export function hostSettings(from: Record<string, string | undefined> = process.env): Record<string, string> {
  return Object.fromEntries(
    Object.entries(from).filter((entry): entry is [string, string] => handedOn.test(entry[0]) && Boolean(entry[1])),
  );
}

/** Where other machines enrol. 0: any port that is free, for tests. */
export function enrolPort(env: Pick<Env, "KINDLING_ENROL_PORT" | "KINDLING_GATEWAY_PORT">): number {
  return env.KINDLING_ENROL_PORT ?? (env.KINDLING_GATEWAY_PORT === 0 ? 0 : Math.min(env.KINDLING_GATEWAY_PORT + 1, 65_535));
}

/** Whether portal and gateway speak TLS themselves, and with whose certificate. */
export function tlsMode(env: Pick<Env, "KINDLING_TLS" | "KINDLING_TLS_CERT">): "off" | "own" | "files" {
  return env.KINDLING_TLS_CERT ? "files" : env.KINDLING_TLS;
}

/** The portal's public origin, without a trailing slash. */
export function portalOrigin(env: Env): string {
  const scheme = tlsMode(env) === "off" ? "http" : "https";
  return new URL(env.KINDLING_PUBLIC_URL ?? `${scheme}://localhost:${env.KINDLING_PORT}`).origin;
}

/** Public origin of one endpoint of one cluster: an origin of its own, never the portal's (invariant 10). */
export function serviceOrigin(env: Env, endpoint: string, clusterId: string): string {
  // No certificate can be for *.localhost: a wildcard wants two labels behind it.
  const usual = tlsMode(env) === "off" ? "http://*.localhost" : "https://*.svc.localhost";
  const pattern = env.KINDLING_SERVICES_URL ?? `${usual}:${env.KINDLING_GATEWAY_PORT}`;
  return pattern.replace("*", `${endpoint}-${clusterId}`);
}
