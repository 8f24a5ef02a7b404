/** The agent's settings: the only reader of its environment. */
import { z } from "zod";
import { buildArgsOf } from "../images/build-args.ts";
import { Id } from "../protocol/ids.ts";
import { parseListen } from "./serve/listen-at.ts";

const Path = z.string().startsWith("/", "must be an absolute path");
const Seconds = z.coerce.number().min(0);
const Uid = z.coerce.number().int().min(0).default(0);

const Env = z.object({
  KINDLING_INSTALLATION: Id,
  KINDLING_HOST_ID: Id,
  /** Directory that outlives reboots: volumes/, mnt/, images/ (build logs) and spec.json. */
  KINDLING_AGENT_STATE: Path,
  /** Directory of the three sockets, and of the nodes' files, which live on tmpfs below it. */
  KINDLING_AGENT_RUN: Path.optional(),
  /** The accounts that may open a socket each; without them only root may. */
  KINDLING_RECONCILER_UID: Uid,
  KINDLING_GATEWAY_UID: Uid,
  KINDLING_PORTAL_UID: Uid,
  /** Where the agent of another machine than the platform's listens for it, with TLS. */
  KINDLING_AGENT_LISTEN: z
    .string()
    .transform(parseListen)
    .refine((at) => at !== null, "must be an address and a port, for example 0.0.0.0:7443")
    .optional(),
  /** Where that agent's certificate is renewed. */
  KINDLING_AUTHORITY_URL: z.url({ protocol: /^https$/ }).optional(),
  KINDLING_DOCKER_SOCKET: Path.default("/var/run/docker.sock"),
  /** Most MB that all volumes together may promise; without it the free space times the overcommit below. */
  KINDLING_VOLUME_BUDGET: z.coerce.number().int().positive().optional(),
  /** Sparse files may promise this many times the space that is free. 1 promises only what is there. */
  KINDLING_VOLUME_OVERCOMMIT: z.coerce.number().min(0.1).default(4),
  /** How long a thing with our label that no spec names is only reported before it is collected. */
  KINDLING_ORPHAN_GRACE: Seconds.default(120),
  /** The site's CA bundle for builds and containers. */
  KINDLING_CA_BUNDLE: Path.optional(),
  /** Networks that no node may reach even with open egress, comma-separated (a database on another host, a registry). */
  KINDLING_EGRESS_DENY: z
    .string()
    .default("")
    .transform((text) => text.split(",").filter((part) => part !== ""))
    .pipe(z.array(z.union([z.cidrv4(), z.ipv4()]))),
  /** `off`: frames between nodes do not pass the host's iptables any more, nor do those of any other bridge on it. */
  KINDLING_BRIDGE_FILTER: z.enum(["keep", "off"]).default("keep"),
  /** Directory of the bundles' build contexts. */
  KINDLING_BUNDLES: Path.optional(),
  KINDLING_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** `host` where builds reach the site's proxy or mirrors only as the host itself does. */
  KINDLING_BUILD_NETWORK: z.enum(["default", "host"]).default("default"),
  /** A Debian mirror for a base image that no registry gives. */
  KINDLING_DEBIAN_MIRROR: z.url().optional(),
  PIP_INDEX_URL: z.string().optional(),
  PIP_TRUSTED_HOST: z.string().optional(),
  HTTP_PROXY: z.string().optional(),
  HTTPS_PROXY: z.string().optional(),
  NO_PROXY: z.string().optional(),
  http_proxy: z.string().optional(),
  https_proxy: z.string().optional(),
  no_proxy: z.string().optional(),
});

export interface AgentEnv {
  readonly installation: string;
  readonly host: string;
  readonly state: string;
  readonly run: string;
  /** User ids. */
  readonly socketOwners: { readonly reconciler: number; readonly gateway: number; readonly portal: number };
  /** Where it listens with TLS; null: on its sockets only. */
  readonly listen: { readonly host: string; readonly port: number } | null;
  readonly authorityUrl: string | null;
  readonly dockerSocket: string;
  readonly volumeBudgetMb: number | null;
  readonly volumeOvercommit: number;
  readonly orphanGraceMs: number;
  readonly caBundle: string | null;
  readonly egressDeny: readonly string[];
  readonly bridgeFilter: "keep" | "off";
  readonly bundles: string | null;
  readonly logLevel: string;
  readonly build: {
    /** Proxies and package indexes as builds get them. */
    readonly args: Readonly<Record<string, string>>;
    readonly network: "default" | "host";
    readonly mirror: string | null;
  };
}

/** Reads and checks the environment. Throws with one line per wrong variable. */
export function readEnv(source: Readonly<Record<string, string | undefined>>): AgentEnv {
  const parsed = Env.safeParse(source);
  if (!parsed.success)
    throw new Error(
      `The host agent's settings are wrong:\n${parsed.error.issues.map((i) => `  ${i.path.join(".")}: ${i.message}`).join("\n")}`,
    );
  const env = parsed.data;
  return {
    installation: env.KINDLING_INSTALLATION,
    host: env.KINDLING_HOST_ID,
    state: env.KINDLING_AGENT_STATE,
    run: env.KINDLING_AGENT_RUN ?? `/run/kindling/${env.KINDLING_INSTALLATION}`,
    socketOwners: { reconciler: env.KINDLING_RECONCILER_UID, gateway: env.KINDLING_GATEWAY_UID, portal: env.KINDLING_PORTAL_UID },
    listen: env.KINDLING_AGENT_LISTEN ?? null,
    authorityUrl: env.KINDLING_AUTHORITY_URL ?? null,
    dockerSocket: env.KINDLING_DOCKER_SOCKET,
    volumeBudgetMb: env.KINDLING_VOLUME_BUDGET ?? null,
    volumeOvercommit: env.KINDLING_VOLUME_OVERCOMMIT,
    orphanGraceMs: env.KINDLING_ORPHAN_GRACE * 1000,
    caBundle: env.KINDLING_CA_BUNDLE ?? null,
    egressDeny: env.KINDLING_EGRESS_DENY,
    bridgeFilter: env.KINDLING_BRIDGE_FILTER,
    bundles: env.KINDLING_BUNDLES ?? null,
    logLevel: env.KINDLING_LOG_LEVEL,
    build: { args: buildArgsOf(env), network: env.KINDLING_BUILD_NETWORK, mirror: env.KINDLING_DEBIAN_MIRROR ?? null },
  };
}
