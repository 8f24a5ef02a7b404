import type { CapabilitySet } from "../../agents/protocol/capability.ts";
import { copyMb, goesAlong } from "./copies.ts";
import { missingGpus } from "./gpus.ts";
import { grant, setOf } from "./grant.ts";
import { networkOf } from "./network.ts";
import { copyOf, gpusOfNode, hostOf, nodesOfCluster, nodesOnHost, segmentOf, volumeOf } from "./rows.ts";
import type { Demand, Network } from "./scheduler/filters.ts";
import { admitted, type Free, ledger, take } from "./scheduler/ledger.ts";
import { type Placed, place } from "./scheduler/place.ts";
import type { Taste } from "./scheduler/rank.ts";
import type { ClusterRow, DistributionRow, FlavorRow, NodeRow, Refusal, SegmentRow, Snapshot, TenantRow, VolumeRow } from "./snapshot.ts";
import { gb, list } from "./words.ts";

/** What a cluster needs to run, and has. */
export interface Wanted {
  readonly cluster: ClusterRow;
  readonly distribution: DistributionRow;
  readonly segment: SegmentRow;
  readonly tenant: TenantRow;
  readonly set: CapabilitySet;
  /** Nodes it has, in order, and for those that are missing their role and flavor. */
  readonly existing: readonly NodeRow[];
  readonly missing: readonly { role: "master" | "worker"; flavor: FlavorRow }[];
  readonly claimed: VolumeRow | null;
}

/** What a cluster needs to run, or why it cannot even be asked for. */
export function want(snapshot: Snapshot, cluster: ClusterRow): Wanted | Refusal {
  const distribution = snapshot.distributions.find((row) => row.id === cluster.distributionId);
  const master = snapshot.flavors.find((row) => row.id === cluster.masterFlavorId);
  const worker = snapshot.flavors.find((row) => row.id === cluster.workerFlavorId);
  // In the order in which they were made: the first is the tenant's usual one.
  const segment =
    cluster.segmentId === null
      ? snapshot.segments.find((row) => row.tenantId === cluster.tenantId)
      : segmentOf(snapshot, cluster.segmentId);
  const tenant = snapshot.tenants.find((row) => row.id === cluster.tenantId);
  if (!distribution || !master || !worker || !tenant)
    return { message: "its distribution or flavor is gone; create a new cluster", lacking: "flavor" };
  if (!segment) {
    const message =
      cluster.segmentId === null
        ? "the tenant has no segment; a site administrator has to add one"
        : "its segment is gone; create a new cluster";
    return { message, lacking: "address" };
  }
  const set = setOf(tenant, cluster.capabilitySet);
  const withheld = withheldBy(distribution, set);
  if (withheld) return withheld;
  const tooSmall = tooSmallFor(distribution, master, cluster.workerCount > 0 ? worker : null);
  if (tooSmall) return tooSmall;
  const existing = nodesOfCluster(snapshot, cluster.id).filter((row) => !row.removing);
  const hasMaster = existing.some((node) => node.role === "master");
  const workers = existing.filter((node) => node.role === "worker").length;
  const claimed = hasMaster ? null : keptVolume(snapshot, cluster.dataVolumeId);
  if (!hasMaster && cluster.dataVolumeId && !claimed)
    return { message: "the kept volume it was to start with is in use or gone", lacking: "disk" };
  return {
    cluster,
    distribution,
    segment,
    tenant,
    existing,
    claimed,
    set,
    missing: [
      ...(hasMaster ? [] : [{ role: "master" as const, flavor: master }]),
      ...Array.from({ length: Math.max(0, cluster.workerCount - workers) }, () => ({ role: "worker" as const, flavor: worker })),
    ],
  };
}

function keptVolume(snapshot: Snapshot, id: string | null): VolumeRow | null {
  const volume = id === null ? undefined : volumeOf(snapshot, id);
  return volume?.state === "kept" ? volume : null;
}

/** A set that lacks what the bundle cannot do without. */
export function withheldBy({ name, bundle }: Pick<DistributionRow, "name" | "bundle">, set: CapabilitySet): Refusal | null {
  const { missing } = grant(bundle, set, null);
  if (missing.length === 0) return null;
  const what = `the ${missing.length === 1 ? "capability" : "capabilities"} ${list(missing)}`;
  return { message: `${name} needs ${what}, which the set ${set.name} does not grant`, lacking: "capability" };
}

/** What a node of the cluster gets on a host, as far as the host is known. */
export function grantOn(snapshot: Snapshot, { distribution, set }: Pick<Wanted, "distribution" | "set">, hostId: string): NodeRights {
  const host = hostOf(snapshot, hostId)?.observed?.facts.capabilities ?? null;
  return { capabilitySet: set.id, capabilities: grant(distribution.bundle, set, host).capabilities };
}

export type NodeRights = Pick<NodeRow, "capabilitySet" | "capabilities">;

/** The same set and the same capabilities: the container can stay as it is. */
export function sameRights(a: NodeRights, b: NodeRights): boolean {
  return a.capabilitySet === b.capabilitySet && a.capabilities.join() === b.capabilities.join();
}

/** A flavor that the bundle's own minimum forbids. */
export function tooSmallFor(distribution: DistributionRow, master: FlavorRow, worker: FlavorRow | null): Refusal | null {
  const say = (role: string, needs: number, flavor: FlavorRow): Refusal => ({
    message: `a ${role} of ${distribution.name} needs at least ${gb(needs)}; ${flavor.name} has ${gb(flavor.memoryMb)}`,
    lacking: "flavor",
  });
  const roles = distribution.bundle.roles;
  if (master.memoryMb < roles.master.minimumMemoryMb) return say("master", roles.master.minimumMemoryMb, master);
  if (worker && roles.worker && worker.memoryMb < roles.worker.minimumMemoryMb) return say("worker", roles.worker.minimumMemoryMb, worker);
  return null;
}

function demandOf(wanted: Wanted, network: Network, node: { role: "master" | "worker"; flavor: FlavorRow }, index: number): Demand {
  const claimed = node.role === "master" ? wanted.claimed : null;
  return {
    ...common(wanted, network),
    key: `new${index}`,
    role: node.role,
    memoryMb: node.flavor.memoryMb,
    vcpus: node.flavor.vcpus,
    gpus: node.flavor.gpus,
    diskMb: claimed ? 0 : node.flavor.dataGb * 1024,
    pinned: claimed ? { hostId: claimed.hostId, volume: claimed.name } : null,
  };
}

function common(
  wanted: Wanted,
  network: Network,
): Pick<Demand, "capabilities" | "tenantId" | "tags" | "network" | "existing" | "leaves" | "copies"> {
  const { tenant, distribution } = wanted;
  return {
    capabilities: distribution.bundle.capabilities,
    tenantId: tenant.id,
    tags: tenant.hostTags,
    network,
    existing: false,
    leaves: null,
    copies: false,
  };
}

function demandOfExisting(snapshot: Pick<Snapshot, "gpus" | "hosts">, wanted: Wanted, network: Network, node: NodeRow): Demand {
  const host = hostOf(snapshot, node.hostId);
  return {
    ...common(wanted, network),
    key: node.id,
    role: node.role,
    memoryMb: node.memoryMb,
    vcpus: node.vcpus,
    // Those that it has are its own also while it does not run, and are of use as long as their host shows them.
    gpus: host ? missingGpus(snapshot, node, host).length : 0,
    diskMb: 0,
    pinned: { hostId: node.hostId, volume: node.name },
    existing: true,
  };
}

/** What a node needs of another host than its present one. One that does not run needs no memory there yet, but as many cards as it has. */
export function demandToMove(
  snapshot: Snapshot,
  wanted: Wanted,
  network: Network,
  node: NodeRow,
  { running, anew }: { running: boolean; anew: boolean },
): Demand {
  const volume = volumeOf(snapshot, node.volumeId);
  const copies = goesAlong(snapshot, node);
  const copy = anew ? undefined : copyOf(snapshot, node.volumeId);
  return {
    ...demandOfExisting(snapshot, wanted, network, node),
    memoryMb: running ? node.memoryMb : 0,
    vcpus: running ? node.vcpus : 0,
    gpus: gpusOfNode(snapshot, node.id).length,
    // A copy that is on its way has its room.
    diskMb: copy ? 0 : copies && volume ? copyMb(volume) : node.dataMb,
    pinned: copy ? { hostId: copy.hostId, volume: `the copy of ${node.name}'s /data` } : null,
    existing: copy !== undefined,
    leaves: node.hostId,
    copies,
  };
}

/** Where the cluster's nodes are already, and where its tenant has other masters. */
export function tasteOf(snapshot: Snapshot, wanted: Pick<Wanted, "cluster" | "distribution" | "existing">): Taste {
  const used = new Map<string, number>();
  for (const node of wanted.existing) used.set(node.hostId, (used.get(node.hostId) ?? 0) + 1);
  return {
    placement: snapshot.installation.placement,
    imageTag: wanted.distribution.imageTag,
    used,
    masters: mastersOf(snapshot, wanted.cluster.tenantId),
  };
}

const masters = new WeakMap<readonly NodeRow[], Map<string, Map<string, number>>>();

/** Masters of a tenant on each host. */
function mastersOf(snapshot: Snapshot, tenantId: string): ReadonlyMap<string, number> {
  let all = masters.get(snapshot.nodes);
  if (!all) {
    all = new Map();
    const tenants = new Map(snapshot.clusters.map((cluster) => [cluster.id, cluster.tenantId]));
    for (const host of snapshot.hosts)
      for (const node of nodesOnHost(snapshot, host.id)) {
        if (node.role !== "master") continue;
        const tenant = tenants.get(node.clusterId) ?? "";
        const counts = all.get(tenant) ?? new Map<string, number>();
        all.set(tenant, counts.set(host.id, (counts.get(host.id) ?? 0) + 1));
      }
    masters.set(snapshot.nodes, all);
  }
  return all.get(tenantId) ?? new Map();
}

/** Room on a host that is promised to a node on its way there. */
export interface Promised {
  readonly hostId: string;
  readonly demand: Demand;
}

/** What is left once promises are kept. */
export function freeOf(snapshot: Snapshot, promised: readonly Promised[], without?: string): readonly Free[] {
  return promised.reduce<readonly Free[]>((free, { hostId, demand }) => take(free, hostId, demand), ledger(snapshot, without));
}

/**
 * Finds a host for every node that has none, and for all of them when the cluster starts. Nodes of the answer are named by the row's id, new
 * ones `new0`, `new1` … in the order of `missing`.
 */
export function placeWanted(snapshot: Snapshot, wanted: Wanted, now: number, promised: readonly Promised[]): Placed {
  const running = admitted(snapshot, wanted.cluster);
  const network = networkOf(snapshot, wanted.segment, now);
  const fresh = wanted.missing.map((node, index) => demandOf(wanted, network, node, index));
  const kept = running ? [] : wanted.existing.map((node) => demandOfExisting(snapshot, wanted, network, node));
  const free = freeOf(snapshot, promised, running ? undefined : wanted.cluster.id);
  return place([...kept, ...fresh], free, tasteOf(snapshot, running ? wanted : { ...wanted, existing: [] }), now);
}
