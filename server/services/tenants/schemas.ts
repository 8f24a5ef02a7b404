import { z } from "zod";
import { CapabilitySetId } from "../../../agents/protocol/capability.ts";
import { Label } from "../../../agents/protocol/ids.ts";
import type { StateView } from "../clusters/schemas.ts";
import type { Amounts, HostView } from "../views.ts";
import type { TenantState } from "./closed.ts";
import { EgressList } from "./egress.ts";
import { type Limits, type Resource, resources } from "./quota.ts";

const limit = (what: string, most: number) =>
  z
    .number(`A limit of ${what} is a whole number; leave it empty for no limit.`)
    .int(`A limit of ${what} is a whole number; leave it empty for no limit.`)
    .min(0, `A limit of ${what} cannot be negative.`)
    .max(most, `A limit of ${what} is at most ${most}; leave it empty for no limit.`)
    .nullable()
    .optional();

/** Limits as they are set: what is left out stays, null is no limit. */
export const LimitsInput = z.object({
  clusters: limit("clusters", 100_000),
  nodes: limit("nodes", 1_000_000),
  vcpus: limit("vCPUs", 1_000_000),
  memoryMb: limit("memory, in MB,", 1_000_000_000),
  dataGb: limit("disk, in GB,", 100_000_000),
  gpus: limit("GPUs", 1_000_000),
});
export type LimitsInput = z.input<typeof LimitsInput>;

/** What people call a tenant. */
export const TenantName = z
  .string()
  .trim()
  .min(1, "A tenant needs a name.")
  .max(60, "A name has at most 60 characters.")
  .regex(/^\P{Cc}*$/u, "A name is one line of text.");

export const TenantRef = z.object({ tenant: Label });

/** Everything about a tenant that can be set; what is left out stays. */
export const TenantSettings = z.object({
  name: TenantName.optional(),
  limits: LimitsInput.optional(),
  /** Of each person in it, unless something else was said for somebody. */
  personLimits: LimitsInput.optional(),
  /** A distribution's id that Create offers first; null: the newest. */
  distribution: Label.nullable().optional(),
  /** Ids of the distributions that its new clusters may be made of; null: all, also those to come. */
  distributions: z.array(Label).max(200, "At most 200 distributions can be named.").nullable().optional(),
  /** A flavor's slug that Create offers first; null: the smallest that will do. */
  flavor: Label.nullable().optional(),
  /** Its nodes go only to hosts with all of these. */
  hostTags: z.array(Label).max(20, "A tenant asks for at most 20 tags.").optional(),
  /** open: its nodes reach what the host reaches, beyond the platform; listed: of that only the list; closed: nothing outside their segment. */
  egress: z.enum(["open", "listed", "closed"], "Egress is open, listed or closed.").optional(),
  /** Destinations such as "10.1.2.0/24 tcp 443"; they count while egress is listed. */
  egressList: EgressList.optional(),
  /** What its containers may do at most: sets that its clusters can have. Nothing alters what runs. */
  capabilitySets: z.array(CapabilitySetId).max(10, "There are four capability sets.").optional(),
  /** The one that its clusters get unless they ask for another. */
  capabilitySet: CapabilitySetId.optional(),
});
export type TenantSettings = z.input<typeof TenantSettings>;

export const CreateTenant = TenantSettings.extend({
  /** Its short name: in addresses and commands, and for good. */
  slug: Label,
  name: TenantName,
  /** How its first segment gets from host to host; null: segments are added later. */
  network: z.enum(["none", "vlan", "vxlan"], "The uplink of a segment is none, vlan or vxlan.").nullable().default("none"),
});
export type CreateTenant = z.input<typeof CreateTenant>;

export const EditTenant = TenantRef.extend(TenantSettings.shape);

export const SuspendTenant = TenantRef.extend({
  /** Its people read it. */
  reason: z
    .string()
    .trim()
    .min(1, "Say why: everybody in the tenant reads it.")
    .max(200, "A reason has at most 200 characters.")
    .regex(/^\P{Cc}*$/u, "A reason is one line of text."),
});

export const DeleteTenant = TenantRef.extend({
  /** Must repeat the tenant's short name. */
  confirm: z.string().max(200),
  /** Also destroy the volumes that people kept. */
  keptVolumes: z.boolean().default(false),
});

export const PersonLimits = TenantRef.extend({
  /** Sign-in name. */
  person: z.string().max(200),
  /** Null: as for everybody in the tenant. */
  limits: LimitsInput.required({ clusters: true, nodes: true, vcpus: true, memoryMb: true, dataGb: true }).nullable(),
});

export interface SiteTenantView {
  slug: string;
  name: string;
  state: TenantState;
  since: string;
  by: string | null;
  reason: string | null;
  clusters: number;
  running: number;
  members: number;
  usage: Amounts;
  /** The limit that is nearest to being reached; null: there is none. */
  nearest: { resource: Resource; used: number; limit: number } | null;
  /** "10.35.192.0/24"; null: it has no segment yet. */
  segment: string | null;
}

export interface TenantPersonView {
  username: string;
  name: string;
  /** null: no longer in the tenant, but something there is still theirs. */
  role: "member" | "admin" | null;
  usage: Amounts;
  /** Something else is said for this person than for everybody. */
  own: boolean;
}

/** Everything that deleting it destroys. */
export interface TenantContents {
  clusters: { id: string; name: string; owner: string; size: string; state: StateView }[];
  /** Volumes of its nodes, in all. */
  disks: { count: number; sizeMb: number };
  keptVolumes: { name: string; sizeMb: number; owner: string | null; origin: string | null }[];
  segments: { name: string; cidr: string; uplink: string }[];
  /** Hosts that take its nodes only; they would take everybody's. */
  hosts: string[];
}

export interface TenantDetailView extends SiteTenantView {
  id: string;
  createdAt: string;
  limits: Limits;
  personLimits: Limits;
  distribution: string | null;
  /** Ids of those that it may use; null: all. */
  distributions: string[] | null;
  flavor: string | null;
  hostTags: string[];
  egress: "open" | "listed" | "closed";
  /** As they are written: "10.1.2.0/24 tcp 443". */
  egressList: string[];
  /** Hosts with nodes of it whose agent is older than lists: from there nothing is reached. */
  egressIgnorant: string[];
  capabilitySets: CapabilitySetId[];
  capabilitySet: CapabilitySetId;
  people: TenantPersonView[];
  /** Groups of the directory whose people are in it. */
  groups: { group: string; role: string }[];
  contents: TenantContents;
  /** While it is being deleted: what that still waits for. */
  waits: string | null;
}

/** A host as one tenant sees it. */
export interface TenantHostView extends Pick<HostView, "name" | "state" | "mode" | "lostAt" | "reason" | "memoryMb"> {
  /** The only tenant whose nodes it takes; null: it takes everybody's. */
  keptFor: { slug: string; name: string } | null;
  /** The tenant's nodes there. */
  nodes: number;
  /** Nodes of other tenants there. */
  others: number;
  /** Tags that the tenant's nodes ask for and that it does not have. */
  lacks: string[];
}

export interface TenantChoices {
  distributions: { id: string; name: string }[];
  flavors: { slug: string; name: string }[];
  /** Some flavor has GPUs: there is something to limit. */
  gpus: boolean;
  /** There are some, or a flavor for them. */
  cards: boolean;
}

/** Columns of limits, `max…` or `userMax…`, with only what was said. */
export function limitColumns(prefix: "max" | "userMax", input: z.output<typeof LimitsInput> | undefined): Record<string, number | null> {
  const column = (resource: Resource): string => `${prefix}${resource[0]?.toUpperCase()}${resource.slice(1)}`;
  return Object.fromEntries(
    resources.flatMap((resource) => (input?.[resource] === undefined ? [] : [[column(resource), input[resource]]])),
  );
}
