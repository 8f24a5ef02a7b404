import type { CapabilitySetId } from "../../agents/protocol/capability.ts";

/** Shapes that pages, CLI and API share beside the clusters' own (clusters/schemas.ts). Dates are ISO strings. */

export interface Me {
  id: string;
  username: string;
  displayName: string;
  siteAdmin: boolean;
  /** Own: one is among its people by a group of the directory; the others are those that site administrators see, too. */
  tenants: { slug: string; name: string; role: "member" | "admin"; own: boolean }[];
  /** What the token is good for that this was asked with; null: a session of a page. */
  token: { scope: "read" | "use" | "manage"; tenant: string | null; expiresAt: string } | null;
  /** Until when the local administrator for emergencies is switched on; null: it is not. */
  localAdminUntil: string | null;
}

export interface Amount {
  used: number;
  /** Null: no limit of the tenant's. */
  limit: number | null;
}

export type Amounts = Record<"clusters" | "nodes" | "vcpus" | "memoryMb" | "dataGb" | "gpus", Amount>;

export interface TenantHome {
  tenant: { slug: string; name: string };
  role: "member" | "admin" | "site-admin";
  /** Why nobody may create, start or change anything now; null: it is as usual. */
  closed: string | null;
  usage: Amounts;
  /** The same of one's own; null: nothing limits one person. */
  mine: Amounts | null;
  /** Free on the hosts now. */
  free: { vcpus: number; memoryMb: number; dataGb: number; gpus: number };
  /** There are GPUs for it, or something is said of them. */
  gpus: boolean;
  /** Capability sets that its clusters can have, narrowest first, and the one that they get unless they ask for another. */
  capabilitySets: CapabilitySetId[];
  capabilitySet: CapabilitySetId;
  /** Slug of the flavor that Create offers first where it will do; null: the smallest that will. */
  flavor: string | null;
  /** Clusters that one may see: one's own, others' that are shared with one, and all of them. */
  counts: { mine: number; shared: number; all: number };
  suggestedName: string;
}

export interface FlavorView {
  slug: string;
  name: string;
  vcpus: number;
  memoryMb: number;
  dataGb: number;
  rootGb: number;
  /** Whole GPUs for each node. */
  gpus: number;
}

export interface DistributionView {
  id: string;
  name: string;
  type: "spark" | "utility";
  summary: string;
  contents: { name: string; version: string }[];
  services: string[];
  minimumMemoryMb: { master: number; worker: number | null };
  image: {
    state: "absent" | "building" | "present" | "failed";
    progress: string | null;
    sizeMb: number | null;
    reason: string | null;
    seconds: number | null;
  };
}

export interface TokenView {
  id: string;
  name: string;
  scope: "read" | "use" | "manage";
  /** The only one that it is good for; null: wherever its owner has business. */
  tenant: { slug: string; name: string } | null;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
}

export interface SessionView {
  id: string;
  current: boolean;
  createdAt: string;
  lastSeenAt: string;
  /** When it ends unless it is used before. */
  idleEndsAt: string;
  /** When it ends however much it is used. */
  endsAt: string;
  ip: string | null;
  /** "Chromium on Linux". */
  browser: string;
}

export interface VolumeView {
  id: string;
  name: string;
  sizeMb: number;
  usedMb: number | null;
  state: "attached" | "kept" | "deleting";
  /** "cluster flights, deleted 3 days ago", or the node that uses it. */
  origin: string;
  /** Whose it is, by name; null: nobody's but the tenant's administrators'. */
  owner: string | null;
  host: string;
  keptAt: string | null;
}

/** A piece of a log that begins with a line's beginning. */
export interface LogView {
  text: string;
  /** Number of the first line in the log, from 1; null: not known. */
  line: number | null;
  /** To be sent with the next question, so that only what came since is answered; null: everything is sent again. */
  after: string | null;
  /** True when `text` follows on what came before: it begins anew with the last line that had no end yet. Empty: nothing came. */
  continues: boolean;
}

export interface HostView {
  id: string;
  name: string;
  state: "ready" | "silent" | "fault";
  reason: string | null;
  heardAt: string | null;
  cpus: number;
  vcpus: { used: number; total: number };
  memoryMb: { used: number; total: number };
  diskMb: { free: number; total: number };
  engine: string | null;
  nodes: number;
  mode: "active" | "cordoned" | "draining" | "maintenance" | "removing";
  /** What its mode or its loss means just now: "draining, 3 of 5 nodes moved; flights waits: …". */
  progress: string | null;
  tags: string[];
  /** Slug of the only tenant it takes; null: every one. */
  tenant: string | null;
  /** The address for tunnels between hosts. */
  address: string | null;
  /** Since when it is given up as lost. */
  lostAt: string | null;
}

export interface AuditView {
  id: string;
  at: string;
  actor: string;
  action: string;
  resource: string;
  outcome: "done" | "refused";
  detail: string | null;
  /** What had which value before and after; null: there was none. */
  changes: { name: string; before: string | null; after: string | null }[];
  /** The client's address, past the proxies that are trusted; null: nobody's connection. */
  ip: string | null;
  /** Done with a token, not from a page. */
  byToken: boolean;
  /** Name of the tenant that it concerns, where several are shown. */
  tenant: string | null;
}

/** One page of a list; `next` is the cursor of the following one. */
export interface Page<T> {
  rows: T[];
  total: number;
  next: string | null;
}
