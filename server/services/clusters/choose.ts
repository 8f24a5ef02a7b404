import { Bundle } from "../../../agents/protocol/bundle.ts";
import { type CapabilitySet, type CapabilitySetId, capabilitySets } from "../../../agents/protocol/capability.ts";
import type { Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";
import { withheldBy } from "../../planner/wanted.ts";
import { gb } from "../../planner/words.ts";
import { usableDistributions } from "../distributions/usable.ts";
import { usableFlavors } from "../flavors/usable.ts";
import type { Take } from "../tenants/quota.ts";
import { setNames, setsOf } from "../tenants/sets.ts";

export interface Flavor {
  id: string;
  slug: string;
  name: string;
  vcpus: number;
  memoryMb: number;
  dataGb: number;
  rootGb: number;
  gpus: number;
}

/** A creation with everything that was left open decided. */
export interface Chosen {
  distribution: { id: string; name: string; type: string; imageTag: string; bundle: Bundle };
  master: Flavor;
  worker: Flavor;
  workerCount: number;
  set: CapabilitySet;
}

/** A kept volume that becomes the master's disk. */
export interface Claimed {
  id: string;
  name: string;
  sizeMb: number;
  ownerId: string | null;
}

/** What a tenant's clusters are made of unless somebody says otherwise. */
interface Usual {
  id: string;
  name: string;
  distributionsLimited: boolean;
  defaultDistributionId: string | null;
  defaultFlavorId: string | null;
  capabilitySets: string[];
  capabilitySet: string;
}

interface Asked {
  type: "spark" | "utility";
  distribution?: string | undefined;
  masterFlavor?: string | undefined;
  workerFlavor?: string | undefined;
  workerCount: number;
  capabilitySet?: CapabilitySetId | undefined;
}

/** @throws UserError for a set that the tenant may not use, or that lacks what the distribution cannot do without */
function chooseSet(tenant: Usual, distribution: { name: string; bundle: Bundle }, asked: CapabilitySetId | undefined): CapabilitySet {
  const allowed = setsOf(tenant);
  if (asked !== undefined && !allowed.capabilitySets.includes(asked))
    throw new UserError(
      "bad_request",
      `The tenant may not use the capability set ${capabilitySets[asked].name}. It may use: ${setNames(allowed.capabilitySets)}. A site administrator can change that.`,
      "capabilitySet",
    );
  const set = capabilitySets[asked ?? allowed.capabilitySet];
  const withheld = withheldBy(distribution, set);
  if (withheld) throw new UserError("bad_request", `${withheld.message}. Choose another set or distribution.`, "capabilitySet");
  return set;
}

/** There is none, or others may use it: whose list it is, what is on it, and who can change it. */
async function noDistribution(tx: Tx, tenant: Usual, asked: Asked, may: readonly { id: string }[]): Promise<UserError> {
  const { distribution: id, type } = asked;
  const elsewhere = tenant.distributionsLimited
    ? await tx.distribution.findFirst({ where: { retired: false, ...(id ? { id } : { type }) } })
    : null;
  const known = may.map((one) => one.id).join(", ");
  const words = ((): string => {
    if (!elsewhere) {
      const what = id ? `There is no distribution ${id}` : `There is no distribution of the type ${type}`;
      return `${what}. ${known ? `Choose one of: ${known}.` : "A site administrator has to add one."}`;
    }
    const what = id ? `${tenant.name} may not use ${elsewhere.name}` : `${tenant.name} may use no distribution of the type ${type}`;
    return `${what}. ${known ? `It may use: ${known}. ` : ""}A site administrator can change that.`;
  })();
  return new UserError("bad_request", words, "distribution");
}

/**
 * Fills the defaults in and checks names: the tenant's own defaults where they will do, otherwise the newest distribution of the type and the
 * smallest flavor that its role can live in, without cards where there is one.
 * @throws UserError with the field that has to change
 */
export async function choose(tx: Tx, tenant: Usual, asked: Asked): Promise<Chosen> {
  const distributions = await tx.distribution.findMany({ where: usableDistributions(tenant), orderBy: { position: "asc" } });
  const usual = distributions.find((one) => one.id === tenant.defaultDistributionId && one.type === asked.type);
  const row = asked.distribution
    ? distributions.find((one) => one.id === asked.distribution)
    : (usual ?? distributions.find((one) => one.type === asked.type));
  if (!row) throw await noDistribution(tx, tenant, asked, distributions);
  const bundle = Bundle.parse(row.manifest);
  if (!bundle.roles.worker && asked.workerCount > 0)
    throw new UserError("bad_request", `${row.name} has no workers. Set the number of workers to 0.`, "workerCount");
  const flavors = await tx.flavor.findMany({
    where: usableFlavors(tenant.id),
    orderBy: [{ gpus: "asc" }, { memoryMb: "asc" }, { position: "asc" }],
  });
  const pick = (field: "masterFlavor" | "workerFlavor", role: string, minimumMb: number): Flavor => {
    const slug = asked[field];
    if (slug === undefined) {
      const enough = flavors.filter((flavor) => flavor.memoryMb >= minimumMb);
      const smallest = enough.find((flavor) => flavor.id === tenant.defaultFlavorId) ?? enough[0];
      if (smallest) return smallest;
      throw new UserError(
        "bad_request",
        `No flavor has the ${gb(minimumMb)} that a ${role} of ${row.name} needs. A site administrator has to add one.`,
        field,
      );
    }
    const flavor = flavors.find((one) => one.slug === slug);
    if (!flavor)
      throw new UserError("bad_request", `There is no flavor ${slug}. Choose one of: ${flavors.map((one) => one.slug).join(", ")}.`, field);
    if (flavor.memoryMb < minimumMb) {
      const next = flavors.find((one) => one.memoryMb >= minimumMb);
      const hint = next ? ` ${next.name} would do.` : "";
      throw new UserError(
        "bad_request",
        `A ${role} of ${row.name} needs at least ${gb(minimumMb)}; ${flavor.name} has ${gb(flavor.memoryMb)}.${hint}`,
        field,
      );
    }
    return flavor;
  };
  const master = pick("masterFlavor", "master", bundle.roles.master.minimumMemoryMb);
  // Without workers their flavor does not matter, but the column wants one, and a later resize uses it.
  const worker = pick(
    "workerFlavor",
    "worker",
    asked.workerCount > 0 || asked.workerFlavor ? (bundle.roles.worker?.minimumMemoryMb ?? 0) : 0,
  );
  return {
    distribution: { id: row.id, name: row.name, type: row.type, imageTag: row.imageTag, bundle },
    master,
    worker,
    workerCount: asked.workerCount,
    set: chooseSet(tenant, { name: row.name, bundle }, asked.capabilitySet),
  };
}

/**
 * What the choice takes of the tenant's limits, and of the owner's. A kept volume that becomes the master's disk counts already: with the tenant,
 * and with the person whose it is.
 */
export function takesOf({ master, worker, workerCount }: Chosen, claimed: Claimed | null, ownerId: string): { more: Take; mine: Take } {
  const more = {
    clusters: 1,
    nodes: 1 + workerCount,
    vcpus: master.vcpus + workerCount * worker.vcpus,
    memoryMb: master.memoryMb + workerCount * worker.memoryMb,
    gpus: master.gpus + workerCount * worker.gpus,
    dataGb: (claimed === null ? master.dataGb : 0) + workerCount * worker.dataGb,
  };
  const becomesTheirs = claimed && claimed.ownerId !== ownerId ? claimed.sizeMb / 1024 : 0;
  return { more, mine: { ...more, dataGb: more.dataGb + becomesTheirs } };
}
