import { capabilitySets } from "../../../agents/protocol/capability.ts";
import type { NodeSpec, SparkSettings } from "../../../agents/protocol/spec.ts";
import { sparkSettings } from "../../catalog/spark-settings.ts";
import { runsWorker } from "../bundle-roles.ts";
import { addressOf, clusterOf, gpusOfNode, nodesOfCluster } from "../rows.ts";
import { admitted } from "../scheduler/ledger.ts";
import type { ClusterRow, DistributionRow, NodeRow, Snapshot } from "../snapshot.ts";

/** What the site decides: the public origin of each service. */
export interface Site {
  origin(endpoint: string, clusterId: string): string;
}

/** One container as its rows want it. */
export function nodeSpec(snapshot: Snapshot, node: NodeRow, site: Site): NodeSpec {
  const cluster = clusterOf(snapshot, node.clusterId);
  if (!cluster) throw missing(node.clusterId);
  const distribution = find(snapshot.distributions, cluster.distributionId);
  const address = addressOf(snapshot, node.id);
  const { sudo, filter, pids } = capabilitySets[node.capabilitySet];
  const services = servicesOf(distribution, node.role);
  const endpoints = services.flatMap((service) => service.endpoints);
  return {
    id: node.id,
    name: node.name,
    domain: snapshot.installation.nodeDomain,
    tenant: cluster.tenantId,
    cluster: { id: cluster.id, name: cluster.name },
    role: node.role,
    desired: desired(snapshot, cluster, node),
    image: node.imageTag,
    segment: address?.segmentId ?? "",
    ip: address?.ip ?? "",
    volume: node.volumeId,
    resources: { vcpus: node.vcpus, memoryMb: node.memoryMb, pids, rootMb: node.rootGb * 1024 },
    gpus: gpusOfNode(snapshot, node.id)
      .map((row) => row.card)
      .sort(),
    capabilities: [...node.capabilities],
    sudo,
    filter,
    services,
    spark: distribution.bundle.type === "spark" ? sparkOf(snapshot, cluster, distribution, node, site) : null,
    origins: Object.fromEntries(endpoints.map((endpoint) => [endpoint.id, site.origin(endpoint.id, cluster.id)])),
    secrets: secretsOf(cluster, distribution, node),
    incarnation: node.incarnation,
  };
}

function find<T extends { readonly id: string }>(rows: readonly T[], id: string): T {
  const row = rows.find((entry) => entry.id === id);
  if (!row) throw missing(id);
  return row;
}

function missing(id: string): Error {
  return new Error(`The row ${id} is missing, although another one refers to it.`);
}

function servicesOf(distribution: DistributionRow, role: NodeRow["role"]): NodeSpec["services"] {
  return (distribution.bundle.roles[role]?.services ?? []).flatMap((id) => {
    const service = distribution.bundle.services[id];
    return service ? [{ id, ...service }] : [];
  });
}

/** A cluster that waits for its place again (after Stop) keeps still until it has it. */
function desired(snapshot: Snapshot, cluster: ClusterRow, node: NodeRow): NodeSpec["desired"] {
  if (node.removing || node.evicting) return "deleted";
  return cluster.desired === "running" && admitted(snapshot, cluster) ? "running" : "stopped";
}

function sparkOf(snapshot: Snapshot, cluster: ClusterRow, distribution: DistributionRow, node: NodeRow, site: Site): SparkSettings | null {
  const all = nodesOfCluster(snapshot, cluster.id);
  const siblings = all.filter((row) => !row.removing);
  // While a cluster is deleted its master is leaving too, but its workers still carry its name.
  const master = siblings.find((row) => row.role === "master") ?? all.find((row) => row.role === "master");
  if (!master) return null;
  const ui = servicesOf(distribution, "master").find((service) => service.probe.kind === "spark-master")?.endpoints[0]?.id ?? "spark";
  // Also without a worker yet: a cluster that gets its first one must not need a new master for it.
  const worker = siblings.find((row) => row.role === "worker") ?? snapshot.flavors.find((row) => row.id === cluster.workerFlavorId);
  const cores = siblings.filter((row) => runsWorker(distribution, row.role)).reduce((sum, row) => sum + row.vcpus, 0);
  return sparkSettings({
    flavor: { vcpus: node.vcpus, memoryMb: node.memoryMb },
    role: node.role,
    masterHost: `${master.name}.${snapshot.installation.nodeDomain}`,
    masterUiUrl: site.origin(ui, cluster.id),
    clusterCores: Math.max(1, cores),
    ...(worker ? { workerFlavor: { vcpus: worker.vcpus, memoryMb: worker.memoryMb } } : {}),
  });
}

/** Workers never get the notebook's token. Of secrets that no key opens only the names are told: a host keeps those that it holds. */
function secretsOf(cluster: ClusterRow, distribution: DistributionRow, node: NodeRow): Record<string, string> {
  if (distribution.bundle.type !== "spark") return {};
  const spark = { "spark-auth": cluster.secrets?.sparkAuth ?? "" };
  return node.role === "master" ? { ...spark, "jupyter-token": cluster.secrets?.jupyterToken ?? "" } : spark;
}
