import type { CapabilitySetId } from "../../../agents/protocol/capability.ts";
import type { CreateCluster } from "../../../server/services/clusters/schemas.ts";
import type { DistributionView, FlavorView } from "../../../server/services/views.ts";
import { megabytes } from "../../ui/format.ts";

export interface Offer {
  flavors: FlavorView[];
  distributions: DistributionView[];
  /** Slug of the flavor that the tenant's people are offered first, where it will do. */
  usualFlavor?: string | null;
}

/** What the form holds: every field is there, so that nothing depends on what the server would choose. */
export interface CreateValues {
  name: string;
  type: "spark" | "utility";
  distribution: string;
  masterFlavor: string;
  workerCount: number;
  workerFlavor: string;
  /** Empty: a new, empty /data. */
  dataVolume: string;
  /** Name of a segment of the tenant; empty: its first. */
  segment: string;
  /** A capability set; empty: the tenant's usual one. */
  capabilitySet: CapabilitySetId | "";
}

/** Distributions of a type, in the catalogue's order. */
export function ofType(offer: Offer, type: CreateValues["type"]): DistributionView[] {
  return offer.distributions.filter((distribution) => distribution.type === type);
}

/** Smallest first: by memory, then by cores, then by disk; those with GPUs after all others. */
export function bySize(a: FlavorView, b: FlavorView): number {
  return a.gpus - b.gpus || a.memoryMb - b.memoryMb || a.vcpus - b.vcpus || a.dataGb - b.dataGb || a.rootGb - b.rootGb;
}

/** Least memory a role of this distribution lives in. */
export function minimum(distribution: DistributionView | undefined, role: "master" | "worker"): number {
  if (!distribution) return 0;
  return role === "master" ? distribution.minimumMemoryMb.master : (distribution.minimumMemoryMb.worker ?? 0);
}

/** Some distributions are a single node. */
export function hasWorkers(distribution: DistributionView | undefined): boolean {
  return distribution !== undefined && distribution.minimumMemoryMb.worker !== null;
}

/** Why this flavor cannot be chosen, or null. */
export function tooSmall(flavor: FlavorView, distribution: DistributionView | undefined, role: "master" | "worker"): string | null {
  const need = minimum(distribution, role);
  if (flavor.memoryMb >= need) return null;
  return `Too small: a ${role} needs ${megabytes(need)}`;
}

/** The usual flavor if the role lives in it, else the smallest that it does; the largest there is when none is large enough, so that the server can say so. */
export function smallest(offer: Offer, distribution: DistributionView | undefined, role: "master" | "worker"): string {
  const sorted = [...offer.flavors].sort(bySize);
  const enough = sorted.filter((flavor) => tooSmall(flavor, distribution, role) === null);
  const fitting = enough.find((flavor) => flavor.slug === offer.usualFlavor) ?? enough[0];
  return (fitting ?? sorted[sorted.length - 1])?.slug ?? "";
}

/** First values: a name is enough, Enter creates. `given` comes from the address. */
export function defaults(offer: Offer, suggestedName: string, given: Partial<CreateValues> = {}): CreateValues {
  const type = given.type ?? (ofType(offer, "spark").length > 0 ? "spark" : "utility");
  const choices = ofType(offer, type);
  const distribution = choices.find((one) => one.id === given.distribution) ?? choices[0];
  const known = (slug: string | undefined): string | undefined => offer.flavors.find((flavor) => flavor.slug === slug)?.slug;
  return {
    name: given.name ?? suggestedName,
    type,
    distribution: distribution?.id ?? "",
    masterFlavor: known(given.masterFlavor) ?? smallest(offer, distribution, "master"),
    workerCount: hasWorkers(distribution) ? (given.workerCount ?? firstCount(type)) : 0,
    workerFlavor: known(given.workerFlavor) ?? smallest(offer, distribution, "worker"),
    dataVolume: given.dataVolume ?? "",
    segment: given.segment ?? "",
    capabilitySet: given.capabilitySet ?? "",
  };
}

/** A Spark cluster begins with a worker beside its master, a Utility one with a single node. */
function firstCount(type: CreateValues["type"]): number {
  return type === "spark" ? 1 : 0;
}

/** What changes with another type or distribution: flavors stay where they still can. */
export function follow(offer: Offer, values: CreateValues, changed: "type" | "distribution"): CreateValues {
  const choices = ofType(offer, values.type);
  const distribution = (changed === "distribution" ? choices.find((one) => one.id === values.distribution) : undefined) ?? choices[0];
  const keep = (slug: string, role: "master" | "worker"): string => {
    const flavor = offer.flavors.find((one) => one.slug === slug);
    return flavor && tooSmall(flavor, distribution, role) === null ? slug : smallest(offer, distribution, role);
  };
  return {
    ...values,
    distribution: distribution?.id ?? "",
    masterFlavor: keep(values.masterFlavor, "master"),
    workerFlavor: keep(values.workerFlavor, "worker"),
    workerCount: hasWorkers(distribution) ? (changed === "type" ? firstCount(values.type) : values.workerCount) : 0,
  };
}

/** The API's input. Empty choices are left out; a Utility cluster has no worker flavor of its own when it has no workers. */
export function toCreate(tenant: string, values: CreateValues): CreateCluster {
  return {
    tenant,
    name: values.name,
    type: values.type,
    workerCount: values.workerCount,
    ...(values.distribution ? { distribution: values.distribution } : {}),
    ...(values.masterFlavor ? { masterFlavor: values.masterFlavor } : {}),
    ...(values.workerFlavor ? { workerFlavor: values.workerFlavor } : {}),
    ...(values.dataVolume ? { dataVolume: values.dataVolume } : {}),
    ...(values.segment ? { segment: values.segment } : {}),
    ...(values.capabilitySet ? { capabilitySet: values.capabilitySet } : {}),
  };
}
