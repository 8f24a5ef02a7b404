import type { Demand } from "./scheduler/filters.ts";
import { admitted, type Free, ledger } from "./scheduler/ledger.ts";
import { type Placed, place } from "./scheduler/place.ts";
import type { ClusterRow, DistributionRow, FlavorRow, NodeRow, Refusal, SegmentRow, Snapshot, VolumeRow } from "./snapshot.ts";
import { gb } from "./words.ts";

/** Capabilities that a node of the bundle gets: what the image needs, as far as the tenant may have it. */
export function capabilitiesOf(distribution: DistributionRow, allowed: readonly string[]): string[] {
  return distribution.bundle.capabilities.filter((name) => allowed.includes(name)).sort();
}

/** What a cluster needs to run, and has. */
export interface Wanted {
  readonly cluster: ClusterRow;
  readonly distribution: DistributionRow;
  readonly segment: SegmentRow;
  readonly capabilities: readonly string[];
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
  const segment = snapshot.segments.filter((row) => row.tenantId === cluster.tenantId).sort((a, b) => (a.id < b.id ? -1 : 1))[0];
  const tenant = snapshot.tenants.find((row) => row.id === cluster.tenantId);
  if (!distribution || !master || !worker || !tenant)
    return { message: "its distribution or flavor is gone; create a new cluster", lacking: "flavor" };
  if (!segment) return { message: "the tenant has no network; its administrator has to add one", lacking: "address" };
  const tooSmall = tooSmallFor(distribution, master, cluster.workerCount > 0 ? worker : null);
  if (tooSmall) return tooSmall;
  const existing = snapshot.nodes.filter((row) => row.clusterId === cluster.id && !row.removing).sort((a, b) => a.number - b.number);
  const hasMaster = existing.some((node) => node.role === "master");
  const workers = existing.filter((node) => node.role === "worker").length;
  const claimed = hasMaster ? null : (snapshot.volumes.find((row) => row.id === cluster.dataVolumeId && row.state === "kept") ?? null);
  if (!hasMaster && cluster.dataVolumeId && !claimed)
    return { message: "the kept volume it was to start with is in use or gone", lacking: "disk" };
  return {
    cluster,
    distribution,
    segment,
    existing,
    claimed,
    capabilities: capabilitiesOf(distribution, tenant.capabilities),
    missing: [
      ...(hasMaster ? [] : [{ role: "master" as const, flavor: master }]),
      ...Array.from({ length: Math.max(0, cluster.workerCount - workers) }, () => ({ role: "worker" as const, flavor: worker })),
    ],
  };
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

function demandOf(wanted: Wanted, node: { role: "master" | "worker"; flavor: FlavorRow }, index: number): Demand {
  const claimed = node.role === "master" ? wanted.claimed : null;
  return {
    key: `new${index}`,
    role: node.role,
    memoryMb: node.flavor.memoryMb,
    vcpus: node.flavor.vcpus,
    diskMb: claimed ? 0 : node.flavor.dataGb * 1024,
    pinned: claimed ? { hostId: claimed.hostId, volume: claimed.name } : null,
    capabilities: wanted.capabilities,
  };
}

function demandOfExisting(wanted: Wanted, node: NodeRow): Demand {
  return {
    key: node.id,
    role: node.role,
    memoryMb: node.memoryMb,
    vcpus: node.vcpus,
    diskMb: 0,
    pinned: { hostId: node.hostId, volume: node.name },
    capabilities: wanted.capabilities,
  };
}

/**
 * Finds a host for every node that has none, and for all of them when the cluster starts. Nodes of the answer are named by the row's id, new
 * ones `new0`, `new1` … in the order of `missing`.
 */
export function placeWanted(snapshot: Snapshot, wanted: Wanted, now: number): Placed {
  const running = admitted(snapshot, wanted.cluster);
  const fresh = wanted.missing.map((node, index) => demandOf(wanted, node, index));
  const kept = running ? [] : wanted.existing.map((node) => demandOfExisting(wanted, node));
  const free: Free[] = ledger(snapshot, running ? undefined : wanted.cluster.id);
  return place([...kept, ...fresh], free, wanted.distribution.imageTag, now);
}
