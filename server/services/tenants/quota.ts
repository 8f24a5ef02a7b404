// The arithmetic of limits: pure, so that its laws can be tested.
import type { TenantScope } from "../../auth/actor.ts";

export interface Take {
  clusters: number;
  nodes: number;
  vcpus: number;
  memoryMb: number;
  /** May be a fraction: disks are counted in MB. */
  dataGb: number;
  /** Whole cards. */
  gpus: number;
}

export const resources = ["clusters", "nodes", "vcpus", "memoryMb", "dataGb", "gpus"] as const;
export type Resource = (typeof resources)[number];

/** Null: no limit. */
export type Limits = Record<Resource, number | null>;

/** What somebody may use, and uses. */
export interface Allowance {
  limits: Limits;
  used: Take;
}

/** Both allowances that a creation has to keep: the tenant's, and that of the person whose cluster it is. */
export interface Quota {
  tenant: Allowance & { name: string };
  /** `name` is null when it is the caller. */
  person: Allowance & { name: string | null };
  /** Who asks, in the tenant: whoever may raise a limit is told where, not to ask. */
  asks: TenantScope["role"];
}

interface Size {
  vcpus: number;
  memoryMb: number;
  dataGb: number;
  gpus: number;
}

/** A cluster as it counts. */
export interface Counted {
  desired: string;
  keepData: boolean;
  workerCount: number;
  masterFlavor: Size;
  workerFlavor: Size;
  /** The kept volume that is or becomes its master's disk. */
  dataVolume: { sizeMb: number } | null;
}

export const nothing: Take = { clusters: 0, nodes: 0, vcpus: 0, memoryMb: 0, dataGb: 0, gpus: 0 };
export const unlimited: Limits = { clusters: null, nodes: null, vcpus: null, memoryMb: null, dataGb: null, gpus: null };

/** The same of every resource. */
export const ofEach = <T>(of: (resource: Resource) => T): Record<Resource, T> => ({
  clusters: of("clusters"),
  nodes: of("nodes"),
  vcpus: of("vcpus"),
  memoryMb: of("memoryMb"),
  dataGb: of("dataGb"),
  gpus: of("gpus"),
});

export const plus = (a: Take, b: Take): Take => ofEach((resource) => a[resource] + b[resource]);

/**
 * What a cluster counts: with its nodes, disks and cards as long as it is not on its way out (Stop keeps them all), with processors and memory only when it is to run. Of
 * one that goes and leaves its data behind, that data counts on, so that nobody takes its place before it is kept.
 */
export function counts({ desired, keepData, workerCount: n, masterFlavor, workerFlavor, dataVolume }: Counted): Take {
  const master = dataVolume ? dataVolume.sizeMb / 1024 : masterFlavor.dataGb;
  if (desired === "deleted") return { ...nothing, dataGb: keepData ? master : 0 };
  const runs = desired === "running";
  return {
    clusters: 1,
    nodes: 1 + n,
    vcpus: runs ? masterFlavor.vcpus + n * workerFlavor.vcpus : 0,
    memoryMb: runs ? masterFlavor.memoryMb + n * workerFlavor.memoryMb : 0,
    dataGb: master + n * workerFlavor.dataGb,
    gpus: masterFlavor.gpus + n * workerFlavor.gpus,
  };
}

/** @param keptMb volumes that are kept for nobody's cluster */
export function usageOf(clusters: readonly Counted[], keptMb: number): Take {
  return clusters.map(counts).reduce(plus, { ...nothing, dataGb: keptMb / 1024 });
}

/** What may still be used; never less than nothing, and rounded down, so that what is shown as left is there. */
export function left({ limits, used }: Allowance): Limits {
  return ofEach((resource) => {
    const limit = limits[resource];
    return limit === null ? null : Math.max(0, Math.floor((limit - used[resource]) * 10) / 10);
  });
}

/** The first limit that `used` and `more` together pass; null when all of it is allowed. What takes nothing passes nothing. */
export function passed({ limits, used }: Allowance, more: Take): Resource | null {
  const over = (resource: Resource): boolean => {
    const limit = limits[resource];
    return limit !== null && more[resource] > 0 && used[resource] + more[resource] > limit;
  };
  return resources.find(over) ?? null;
}

const whole = (n: number): string => String(Math.round(n * 10) / 10);
const plural = (one: string) => (n: number) => `${whole(n)} ${one}${n === 1 ? "" : "s"}`;
const are = (n: number): string => `${whole(n)} ${n === 1 ? "is" : "are"}`;
const words: Record<Resource, { say: (n: number) => string; taken: (n: number) => string; free: string }> = {
  clusters: { say: plural("cluster"), taken: are, free: "Delete a cluster" },
  nodes: { say: plural("node"), taken: are, free: "Remove workers or delete a cluster" },
  vcpus: { say: plural("vCPU"), taken: are, free: "Stop or delete a cluster" },
  memoryMb: { say: (n) => `${whole(n / 1024)} GB of memory`, taken: (n) => `${whole(n / 1024)} GB is`, free: "Stop or delete a cluster" },
  dataGb: { say: (n) => `${whole(n)} GB of disk`, taken: (n) => `${whole(n)} GB is`, free: "Delete a cluster or a kept volume" },
  gpus: { say: plural("GPU"), taken: are, free: "Take fewer GPUs or delete a cluster that has some" },
};

/** Where whoever asks can raise the limit that forbids it; null: they cannot, or nothing forbids it. */
export function raisedAt({ tenant, person, asks }: Quota, more: Take, mine: Take = more): "quotas" | "tenant-settings" | null {
  if (asks === "member") return null;
  if (passed(person, mine)) return "quotas";
  return asks === "site-admin" && passed(tenant, more) ? "tenant-settings" : null;
}

/**
 * Which limit forbids it, whose it is and what can be done, as one text; null when all of it is allowed. The person's own limit is told first: it
 * is nearer at hand.
 * @param mine what it takes of the person's; differs where a tenant's volume becomes a person's
 */
export function exceeded({ tenant, person, asks }: Quota, more: Take, mine: Take = more): string | null {
  const own = passed(person, mine);
  if (own) {
    const { say, taken, free } = words[own];
    const who = person.name === null ? "You" : person.name;
    const raise =
      asks === "member"
        ? "ask an administrator of the tenant for more"
        : `raise ${person.name === null ? "your own" : "their"} limit on the tenant's page Quotas`;
    return `${who} may use ${say(person.limits[own] ?? 0)} in ${tenant.name}; ${taken(person.used[own])} taken and this needs ${say(mine[own])}. ${free}, or ${raise}.`;
  }
  const shared = passed(tenant, more);
  if (!shared) return null;
  const { say, taken, free } = words[shared];
  const raise =
    asks === "site-admin"
      ? "raise the tenant's limit in its settings (Site, Tenants)"
      : "ask a site administrator, who sets the tenant's limits, for more";
  return `The tenant ${tenant.name} may use ${say(tenant.limits[shared] ?? 0)}; ${taken(tenant.used[shared])} taken and this needs ${say(more[shared])}. ${free}, or ${raise}.`;
}
