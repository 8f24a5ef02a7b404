import type { Change } from "./changes.ts";
import { pick } from "./ipam/pick.ts";
import type { Demand } from "./scheduler/filters.ts";
import { admitted, ledger } from "./scheduler/ledger.ts";
import { place } from "./scheduler/place.ts";
import type { ClusterRow, DistributionRow, FlavorRow, NewId, NodeRow, Refusal, SegmentRow, Snapshot, VolumeRow } from "./snapshot.ts";
import { ago, gb } from "./words.ts";

/** Capabilities that a node of the bundle gets: what the image needs, as far as the tenant may have it. */
export function capabilitiesOf(distribution: DistributionRow, allowed: readonly string[]): string[] {
  return distribution.bundle.capabilities.filter((name) => allowed.includes(name)).sort();
}

interface Wanted {
  readonly cluster: ClusterRow;
  readonly distribution: DistributionRow;
  readonly segment: SegmentRow;
  readonly capabilities: readonly string[];
  /** Nodes it has, in order, and for those that are missing their role and flavor. */
  readonly existing: readonly NodeRow[];
  readonly missing: readonly { role: "master" | "worker"; flavor: FlavorRow }[];
  readonly claimed: VolumeRow | null;
}

/**
 * Gives one cluster what it wants to run: addresses, numbers, disks and a host for every missing node, or a refusal.
 * All or nothing: a start that does not fit as a whole takes nothing, and a cluster that grows keeps what it has.
 */
export function admit(snapshot: Snapshot, cluster: ClusterRow, now: number, newId: NewId): Change[] {
  const refuse = (refusal: Refusal | null): Change[] =>
    refusal?.message === cluster.refusal?.message ? [] : [{ op: "refuse", clusterId: cluster.id, refusal }];
  const wanted = want(snapshot, cluster);
  if ("lacking" in wanted) return refuse(wanted);
  const running = admitted(snapshot, cluster);
  if (running && wanted.missing.length === 0) return refuse(null);

  const fresh = wanted.missing.map((node, index) => demandOf(wanted, node, index));
  const kept: Demand[] = running ? [] : wanted.existing.map((node) => demandOfExisting(wanted, node));
  const free = ledger(snapshot, running ? undefined : cluster.id);
  const placed = place([...kept, ...fresh], free, wanted.distribution.imageTag, now);
  if ("refusal" in placed) return refuse(placed.refusal);

  const picked = pick(wanted.segment, snapshot.addresses, fresh.length, now, snapshot.installation.addressRestSeconds);
  if ("short" in picked) return refuse(noAddress(picked.nextFreeAt, now));
  const changes = wanted.missing.flatMap((node, index) =>
    nodeChanges(snapshot, wanted, node, {
      hostId: placed.hosts.get(`new${index}`) ?? "",
      ip: picked.ips[index] ?? "",
      number: snapshot.installation.nextNode + index,
      now,
      newId,
    }),
  );
  if (!running) {
    const nodes = wanted.existing.length + wanted.missing.length;
    changes.push({ op: "admit", clusterId: cluster.id, attempt: cluster.attempt, startedAt: cluster.attemptAt, at: now, nodes });
  }
  return [...changes, ...refuse(null)];
}

function want(snapshot: Snapshot, cluster: ClusterRow): Wanted | Refusal {
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

function nodeChanges(
  snapshot: Snapshot,
  wanted: Wanted,
  { role, flavor }: { role: "master" | "worker"; flavor: FlavorRow },
  given: { hostId: string; ip: string; number: number; now: number; newId: NewId },
): Change[] {
  const { cluster, segment } = wanted;
  const id = given.newId("n");
  const name = `${snapshot.installation.nodePrefix}-${given.number}`;
  const claimed = role === "master" ? wanted.claimed : null;
  const volumeId = claimed?.id ?? given.newId("v");
  const sizeMb = claimed?.sizeMb ?? flavor.dataGb * 1024;
  return [
    claimed
      ? { op: "attachVolume", id: volumeId }
      : { op: "addVolume", id: volumeId, tenantId: cluster.tenantId, hostId: given.hostId, name, sizeMb },
    {
      op: "addNode",
      node: {
        id,
        clusterId: cluster.id,
        hostId: given.hostId,
        number: given.number,
        name,
        role,
        vcpus: flavor.vcpus,
        memoryMb: flavor.memoryMb,
        rootGb: flavor.rootGb,
        dataMb: sizeMb,
        volumeId,
        incarnation: 1,
        removing: false,
        createdAt: given.now,
      },
    },
    { op: "takeAddress", ip: given.ip, segmentId: segment.id, nodeId: id },
  ];
}

function noAddress(nextFreeAt: number | null, now: number): Refusal {
  const when = nextFreeAt === null ? "stop using some of its clusters" : `the next one is free in ${ago(nextFreeAt - now)}`;
  return { message: `all addresses of the tenant's network are in use or resting; ${when}`, lacking: "address" };
}
