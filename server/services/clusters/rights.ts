import { type CapabilitySet, capabilitySets } from "../../../agents/protocol/capability.ts";
import { grant, setOf } from "../../planner/grant.ts";
import { hostOf } from "../../planner/rows.ts";
import type { ClusterRow, DistributionRow, NodeRow, Snapshot } from "../../planner/snapshot.ts";
import { list } from "../../planner/words.ts";
import { outsideWords } from "./outside.ts";
import type { ClusterRightsView, RightsView } from "./schemas.ts";

/** What containers of a bundle get with a set on these hosts, and who withholds what; without hosts as if they could give everything. */
export function rightsOn(
  snapshot: Snapshot,
  tenantId: string,
  bundle: DistributionRow["bundle"],
  set: CapabilitySet,
  hostIds: Iterable<string>,
): RightsView {
  const hosts = [...new Set(hostIds)].flatMap((id) => hostOf(snapshot, id) ?? []).filter((host) => host.observed !== null);
  const all = hosts.map((host) => ({ host, ...grant(bundle, set, host.observed?.facts.capabilities ?? []) }));
  const { capabilities, withheld } = grant(bundle, set, null);
  const byHost = all.flatMap(({ host, withheld: { byHost: names } }) =>
    names.length > 0 ? [`${host.name} cannot give ${list(names)}`] : [],
  );
  return {
    set: set.id,
    name: set.name,
    sudo: set.sudo,
    capabilities: capabilities.filter((name) => all.every((one) => one.capabilities.includes(name))),
    outside: outsideWords(snapshot.tenants.find((row) => row.id === tenantId)),
    withheld: [...(withheld.bySet.length > 0 ? [`${set.name} does not grant ${list(withheld.bySet)}`] : []), ...byHost],
  };
}

/** What a cluster's containers may do as they were started, and what changes with the next start. */
export function rightsOf(
  snapshot: Snapshot,
  cluster: ClusterRow,
  distribution: DistributionRow,
  nodes: readonly NodeRow[],
): ClusterRightsView {
  const tenant = snapshot.tenants.find((row) => row.id === cluster.tenantId);
  const wanted = capabilitySets[cluster.capabilitySet];
  const next = tenant ? setOf(tenant, cluster.capabilitySet) : wanted;
  const now = capabilitySets[nodes[0]?.capabilitySet ?? next.id];
  const rights = rightsOn(
    snapshot,
    cluster.tenantId,
    distribution.bundle,
    now,
    nodes.map((node) => node.hostId),
  );
  const withdrawn = next !== wanted ? `: the tenant may not use ${wanted.name} any more` : "";
  return {
    ...rights,
    ...(nodes.length > 0 ? { capabilities: [...new Set(nodes.flatMap((node) => node.capabilities))].sort() } : {}),
    next: next === now ? null : `${next.name} from its next start on${withdrawn}`,
  };
}
