import { CapabilitySetId } from "../../agents/protocol/capability.ts";
import type { Limits, Resource } from "../../server/services/tenants/quota.ts";
import type { SiteTenantView, TenantDetailView, TenantSettings } from "../../server/services/tenants/schemas.ts";
import type { Amounts } from "../../server/services/views.ts";
import { line, tagsOf } from "../hosts/model/command-line.ts";
import { count, megabytes } from "../ui/format.ts";
import type { StateKind } from "../ui/state-mark.tsx";
import { type DestinationRow, rowsOf, textsOf } from "./destinations.ts";

/** Limits as a form holds them: text, empty for no limit, memory in GB. */
export type LimitValues = Record<Resource, string>;

export const limitRows: { resource: Resource; label: string; unit: string; option: string; say: (n: number) => string }[] = [
  { resource: "clusters", label: "Clusters", unit: "", option: "clusters", say: count },
  { resource: "nodes", label: "Nodes", unit: "", option: "nodes", say: count },
  { resource: "vcpus", label: "vCPU", unit: "", option: "vcpus", say: count },
  { resource: "memoryMb", label: "Memory", unit: "GB", option: "memory", say: megabytes },
  { resource: "dataGb", label: "Disk", unit: "GB", option: "data", say: (gb) => megabytes(gb * 1024) },
  { resource: "gpus", label: "GPUs", unit: "", option: "gpus", say: count },
];

/** The rows of a page. @param gpus there are any: otherwise nothing is said of them */
export const rowsOfLimits = (gpus: boolean) => (gpus ? limitRows : limitRows.filter(({ resource }) => resource !== "gpus"));

/** Somebody has GPUs, or may have only so many. */
export const tellsOfGpus = ({ gpus }: Pick<Amounts, "gpus">): boolean => gpus.used > 0 || gpus.limit !== null;

export const noLimits: LimitValues = { clusters: "", nodes: "", vcpus: "", memoryMb: "", dataGb: "", gpus: "" };

export function limitValues(limits: Limits): LimitValues {
  const text = (n: number | null, per = 1): string => (n === null ? "" : String(n / per));
  const { clusters, nodes, vcpus, memoryMb, dataGb, gpus } = limits;
  return {
    ...{ clusters: text(clusters), nodes: text(nodes), vcpus: text(vcpus), memoryMb: text(memoryMb, 1024), dataGb: text(dataGb) },
    gpus: text(gpus),
  };
}

function number(resource: Resource, text: string): number | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  // What is no number becomes NaN, which the API refuses with a sentence.
  return resource === "memoryMb" ? Math.round(Number(trimmed) * 1024) : Number(trimmed);
}

export function toLimits(values: LimitValues): Limits {
  const of = (resource: Resource): number | null => number(resource, values[resource]);
  return {
    ...{ clusters: of("clusters"), nodes: of("nodes"), vcpus: of("vcpus"), memoryMb: of("memoryMb"), dataGb: of("dataGb") },
    gpus: of("gpus"),
  };
}

/** Only those that differ; undefined: none does. */
export function changedLimits(before: Limits, values: LimitValues): Partial<Limits> | undefined {
  const after = toLimits(values);
  const changed = limitRows.filter(({ resource }) => !Object.is(before[resource], after[resource])).map(({ resource }) => resource);
  return changed.length === 0 ? undefined : Object.fromEntries(changed.map((resource) => [resource, after[resource]]));
}

export interface SettingValues {
  name: string;
  limits: LimitValues;
  personLimits: LimitValues;
  distribution: string;
  /** Null: all, also those to come. */
  distributions: readonly string[] | null;
  flavor: string;
  hostTags: string;
  egress: TenantDetailView["egress"];
  egressList: DestinationRow[];
  capabilitySets: readonly CapabilitySetId[];
  capabilitySet: CapabilitySetId;
}

export function settingsOf(tenant: TenantDetailView): SettingValues {
  return {
    name: tenant.name,
    limits: limitValues(tenant.limits),
    personLimits: limitValues(tenant.personLimits),
    distribution: tenant.distribution ?? "",
    distributions: tenant.distributions,
    flavor: tenant.flavor ?? "",
    hostTags: tenant.hostTags.join(", "),
    egress: tenant.egress,
    egressList: rowsOf(tenant.egressList),
    capabilitySets: tenant.capabilitySets,
    capabilitySet: tenant.capabilitySet,
  };
}

/** What a form changed, as the API takes it. */
export function changedSettings(before: TenantDetailView, values: SettingValues): TenantSettings {
  const limits = changedLimits(before.limits, values.limits);
  const personLimits = changedLimits(before.personLimits, values.personLimits);
  const tags = tagsOf(values.hostTags);
  // What is not shown is not sent: rows count while they are chosen.
  const destinations = values.egress === "listed" ? textsOf(values.egressList) : before.egressList;
  return {
    ...(values.name.trim() === before.name ? {} : { name: values.name }),
    ...(limits ? { limits } : {}),
    ...(personLimits ? { personLimits } : {}),
    ...(values.distribution === (before.distribution ?? "") ? {} : { distribution: values.distribution || null }),
    ...(values.distributions?.toSorted().join() === before.distributions?.toSorted().join()
      ? {}
      : { distributions: values.distributions && [...values.distributions] }),
    ...(values.flavor === (before.flavor ?? "") ? {} : { flavor: values.flavor || null }),
    ...(tags.join() === before.hostTags.join() ? {} : { hostTags: tags }),
    ...(values.egress === before.egress ? {} : { egress: values.egress }),
    ...(destinations.join("\n") === before.egressList.join("\n") ? {} : { egressList: destinations }),
    ...(values.capabilitySets.join() === before.capabilitySets.join() ? {} : { capabilitySets: [...values.capabilitySets] }),
    ...(values.capabilitySet === before.capabilitySet ? {} : { capabilitySet: values.capabilitySet }),
  };
}

/**
 * The sets after one was ticked or unticked, narrowest first. What is offered first follows when it is not among them any more: the nearest
 * that is not wider.
 */
export function toggledSets(
  { capabilitySets, capabilitySet }: Pick<SettingValues, "capabilitySets" | "capabilitySet">,
  id: CapabilitySetId,
  on: boolean,
): Pick<SettingValues, "capabilitySets" | "capabilitySet"> {
  const order = CapabilitySetId.options;
  const sets = order.filter((one) => (one === id ? on : capabilitySets.includes(one)));
  const nearest = sets.filter((one) => order.indexOf(one) <= order.indexOf(capabilitySet)).at(-1) ?? sets[0];
  return { capabilitySets: sets, capabilitySet: sets.includes(capabilitySet) ? capabilitySet : (nearest ?? capabilitySet) };
}

/** What it may use after one was ticked or unticked; what is offered first goes back to the newest when it is not among them. */
export function toggledDistributions(
  { distributions, distribution }: Pick<SettingValues, "distributions" | "distribution">,
  id: string,
  on: boolean,
): Pick<SettingValues, "distributions" | "distribution"> {
  const may = [...(distributions ?? []).filter((one) => one !== id), ...(on ? [id] : [])];
  return { distributions: may, distribution: may.includes(distribution) ? distribution : "" };
}

function limitOptions(prefix: string, limits: Partial<Limits> | undefined): string[] {
  return limitRows.flatMap(({ resource, option }) => {
    const value = limits?.[resource];
    if (value === undefined) return [];
    const said = value === null ? "none" : resource === "memoryMb" ? `${value / 1024}` : String(value);
    return [`--${prefix}${option}`, said];
  });
}

/** The same by command: `kindling tenant edit finance --vcpus 8`. */
export function editCommand(slug: string, input: TenantSettings): string {
  const { name, distribution, distributions, flavor, hostTags, egress, egressList, capabilitySets, capabilitySet } = input;
  return line([
    ...["tenant", "edit", slug],
    ...(name === undefined ? [] : ["--name", name.trim()]),
    ...limitOptions("", input.limits),
    ...limitOptions("person-", input.personLimits),
    ...(distribution === undefined ? [] : ["--distribution", distribution ?? "none"]),
    ...(distributions === undefined ? [] : ["--distributions", distributions?.join(",") ?? "all"]),
    ...(flavor === undefined ? [] : ["--flavor", flavor ?? "none"]),
    ...(hostTags === undefined ? [] : ["--host-tags", hostTags.join(",") || "none"]),
    ...(egress === undefined ? [] : ["--egress", egress]),
    ...(egressList === undefined ? [] : ["--egress-list", egressList.join("; ") || "none"]),
    ...(capabilitySets === undefined ? [] : ["--capability-sets", capabilitySets.join(",")]),
    ...(capabilitySet === undefined ? [] : ["--capability-set", capabilitySet]),
  ]);
}

export function createCommand(input: TenantSettings & { slug: string; network: "none" | "vlan" | "vxlan" | null }): string {
  return line([
    ...["tenant", "create", input.slug || "NAME", "--name", input.name?.trim() || input.slug || "NAME"],
    ...(input.network === "none" ? [] : ["--segment", input.network ?? "later"]),
    ...limitOptions("", input.limits),
    ...limitOptions("person-", input.personLimits),
  ]);
}

/** "Data Science" → data-science: a short name to begin with. */
export function slugOf(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
}

/** Shape, word and colour of a tenant's state. */
export function tenantState({ state }: Pick<SiteTenantView, "state">): { state: StateKind; word: string } {
  if (state === "suspended") return { state: "stopped", word: "Suspended" };
  return state === "deleting" ? { state: "deleting", word: "Deleting" } : { state: "ready", word: "Active" };
}

/** "6 of 8 vCPU": the limit that is nearest to being reached. */
export function nearestWords({ nearest }: Pick<SiteTenantView, "nearest">): string | null {
  const row = limitRows.find(({ resource }) => resource === nearest?.resource);
  if (!nearest || !row) return null;
  return `${row.say(nearest.used)} of ${row.say(nearest.limit)} ${row.resource === "vcpus" || row.resource === "gpus" ? row.label : row.label.toLowerCase()}`;
}

/** Every word has to be found in the name, the short name, the segment or the state's word. */
export function searchTenants(tenants: readonly SiteTenantView[], text: string): SiteTenantView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return tenants.filter((tenant) => {
    const all = [tenant.name, tenant.slug, tenant.segment, tenantState(tenant).word].join("\n").toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** Resources with what is used, in the order of the pages. @param gpus they are told of also where there is nothing to tell */
export function meters(usage: Amounts, gpus = tellsOfGpus(usage)): { label: string; used: number; limit: number | null; text: string }[] {
  return rowsOfLimits(gpus).map(({ resource, label, say }) => {
    const { used, limit } = usage[resource];
    return { label, used, limit, text: limit === null ? `${say(used)} used, no limit` : `${say(used)} of ${say(limit)}` };
  });
}
