import { z } from "zod";
import { CapabilitySetId } from "../../../agents/protocol/capability.ts";
import { Id, Label } from "../../../agents/protocol/ids.ts";
import type { ContainerDifference } from "../../../agents/protocol/observed.ts";
import type { ClusterAccess, ClusterAction } from "../../auth/can.ts";
import type { Limits } from "../tenants/quota.ts";

/** A cluster's name: the same rule on the page, in the API and in the CLI. */
export const ClusterName = z
  .string()
  .trim()
  .min(1, "A cluster needs a name.")
  .max(40, "A name has at most 40 characters.")
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, "Use lower-case letters, digits and hyphens; start with a letter and end with a letter or digit.");

export const WorkerCount = z
  .number("The number of workers is a whole number.")
  .int("The number of workers is a whole number.")
  .min(0, "The number of workers cannot be negative.")
  .max(100, "A cluster has at most 100 workers.");

/** What Create asks for; a name is enough, the rest has defaults. */
export const CreateCluster = z.object({
  tenant: Label,
  name: ClusterName,
  type: z.enum(["spark", "utility"], "The type of a cluster is spark or utility.").default("spark"),
  /** A distribution's id; default: the newest of the type. */
  distribution: Label.optional(),
  /** A flavor's slug; default: the smallest that the distribution's master can live in. */
  masterFlavor: Label.optional(),
  workerFlavor: Label.optional(),
  workerCount: WorkerCount.default(1),
  /** A kept volume of the tenant that becomes the master's /data. */
  dataVolume: Id.optional(),
  /** Name of one of the tenant's segments; default: its first. */
  segment: Label.optional(),
  /** What its containers may do; default: the tenant's usual set. */
  capabilitySet: CapabilitySetId.optional(),
});
export type CreateCluster = z.input<typeof CreateCluster>;

export const ClusterRef = z.object({ tenant: Label, cluster: Id });
export const ResizeCluster = ClusterRef.extend({ workerCount: WorkerCount });
export const DeleteCluster = ClusterRef.extend({
  /** Must repeat the cluster's name. */
  confirm: z.string(),
  keepData: z.boolean().default(false),
});

/** The words of a state; each also has a shape and a colour. */
export const phases = ["queued", "starting", "ready", "degraded", "failed", "stopping", "stopped", "deleting", "unknown"] as const;
export type Phase = (typeof phases)[number];

export interface StateView {
  phase: Phase;
  /** "workers 2 of 4", "no host fits", "host-2 silent 40 s"; null when the word says it all. */
  reason: string | null;
  since: string;
}

export interface ClusterSummary {
  id: string;
  name: string;
  type: "spark" | "utility";
  owner: { name: string; you: boolean };
  /** What one is to it: its owner, an administrator, or somebody whom it is shared with. */
  access: ClusterAccess;
  /** With how many people, groups and roles it is shared; nothing for those who may not change that. */
  shares: number;
  distribution: string;
  /** "1 Medium + 3 Small". */
  size: string;
  vcpus: number;
  memoryMb: number;
  workerCount: number;
  state: StateView;
  createdAt: string;
}

export interface StepView {
  /** placed | network | volumes | containers | master | workers | notebook */
  step: string;
  title: string;
  /** "2 of 4 registered", "host-1, host-2". */
  detail: string | null;
  state: "waiting" | "running" | "done" | "failed";
  startedAt: string | null;
  endedAt: string | null;
}

export interface LinkView {
  /** The endpoint's id: jupyter, spark, application, terminal-3. */
  id: string;
  title: string;
  /** The portal's address that hands the login over: /go/<cluster>/<endpoint>. */
  href: string;
  ready: boolean;
  /** Why it is not ready. */
  reason: string | null;
}

export interface ServiceView {
  id: string;
  title: string;
  state: "stopped" | "starting" | "running" | "unhealthy" | "failed" | "unknown";
  since: string | null;
  restarts: number;
  detail: string | null;
}

export interface NodeView {
  id: string;
  /** kindling-1.bdlocal */
  fqdn: string;
  name: string;
  role: "master" | "worker";
  distribution: string;
  ip: string;
  host: string;
  /** "Spark master, Spark worker, Jupyter". */
  description: string;
  state: StateView;
  services: ServiceView[];
  flavor: { vcpus: number; memoryMb: number };
  /** Cards that are its own, each by its model and id. */
  gpus: { id: string; model: string }[];
  data: { sizeMb: number; usedMb: number | null; volume: string };
  usage: { cpuCores: number; memoryMb: number } | null;
  /** A shell in it, for whom the notebook would be; null for others. */
  terminal: LinkView | null;
  /** When its container was last compared with what was approved, and what differs; null: it was not yet. */
  audit: { at: string; differences: ContainerDifference[] } | null;
  /** "The kernel ran out of memory (limit 2 GB) 3 minutes ago; Medium with 6 GB would do." */
  warning: string | null;
}

export interface ApplicationView {
  id: string;
  name: string;
  cores: number;
  state: string;
  startedAt: string;
}

/** What containers may do: what the distribution asks for, as far as the set and the hosts give it. */
export interface RightsView {
  set: CapabilitySetId;
  name: string;
  /** People can become root inside their nodes. */
  sudo: boolean;
  capabilities: string[];
  /** "host-1 cannot give SYS_RESOURCE": what it asks for and does not get. */
  withheld: string[];
  /** "only 10.1.2.0/24 tcp 443": what they reach outside of their segment; null: what the hosts reach. */
  outside: string | null;
}

export interface ClusterRightsView extends RightsView {
  /** "Default from its next start on: the tenant may not use Tools any more"; null: it stays. */
  next: string | null;
}

export interface ClusterView extends ClusterSummary {
  tenant: { slug: string; name: string };
  desired: "running" | "stopped" | "deleted";
  attempt: number;
  masterFlavor: { slug: string; name: string; vcpus: number; memoryMb: number; dataGb: number; gpus: number };
  workerFlavor: { slug: string; name: string; vcpus: number; memoryMb: number; dataGb: number; gpus: number };
  timeline: { steps: StepView[]; startedAt: string; endedAt: string | null; usualSeconds: { from: number; to: number } | null };
  links: LinkView[];
  /** spark://kindling-1.bdlocal:7077, usable from inside the tenant; null for Utility. */
  sparkUrl: string | null;
  applications: ApplicationView[];
  /** "notebook-2 waits: flights.ipynb holds 2 of 2 cores". */
  waiting: string | null;
  nodes: NodeView[];
  /** Where it runs: each host that carries a node of it, with everything it carries for everybody. */
  hosts: { name: string; vcpus: { used: number; total: number }; memoryMb: { used: number; total: number } }[];
  /** The tenant's segment; `used` of `size` addresses have a node. Null: it has none. */
  segment: { name: string; cidr: string; used: number; size: number } | null;
  rights: ClusterRightsView;
  /** What one may do now; a reason where not. */
  actions: Record<"stop" | "start" | "resize" | "delete" | "retry", { allowed: boolean; reason: string | null }>;
  /** What one may ever do; what one may not is not offered. */
  may: Record<Exclude<ClusterAction, "see">, boolean>;
  /** What Delete destroys. */
  volumes: { name: string; sizeMb: number; usedMb: number | null }[];
}

/** The panel beside Create: what it takes, what is left, whether it fits now and where. */
export interface FitView {
  takes: { vcpus: number; memoryMb: number; dataGb: number; nodes: number; gpus: number };
  /** What remains of the tenant's limits; null: no limit. */
  left: Limits;
  /** What remains of the owner's own. */
  mine: Limits;
  /** The owner's name, where it is somebody else. */
  whose?: string;
  fits: boolean;
  /** "this-host: master and 2 workers". */
  placement: { host: string; nodes: string[] }[];
  /** The segment its nodes would be on; null: the tenant has none. */
  segment: string | null;
  /** "needs 12 GB on one host; this-host has 9 GB free". */
  refusal: string | null;
  /** Where whoever asks can raise the limit that forbids it; null: they cannot, or no limit does. */
  raise: "quotas" | "tenant-settings" | null;
  rights: RightsView;
  /** Slug of the nearest flavor that would fit. */
  nearest: { masterFlavor: string; workerFlavor: string } | null;
}

/** The same for another number of workers; `takes` is what comes on top. */
export interface ResizeFitView extends FitView {
  /** Where it does not fit: the most workers that would. Null: not even one more. */
  workers: number | null;
}
