import type { Change } from "./changes.ts";
import { takeGpus } from "./gpus.ts";
import { pick } from "./ipam/pick.ts";
import { takeGateways } from "./network.ts";
import { addressesOf } from "./rows.ts";
import { admitted } from "./scheduler/ledger.ts";
import type { ClusterRow, FlavorRow, NewId, Refusal, Snapshot } from "./snapshot.ts";
import { unreadable } from "./unreadable.ts";
import { grantOn, type Promised, placeWanted, sameRights, type Wanted, want } from "./wanted.ts";
import { ago } from "./words.ts";

/**
 * Gives one cluster what it wants to run: addresses, numbers, disks and a host for every missing node, or a refusal.
 * All or nothing: a start that does not fit as a whole takes nothing, and a cluster that grows keeps what it has.
 * @param promised room that is kept for nodes on their way from one host to another
 */
export function admit(snapshot: Snapshot, cluster: ClusterRow, now: number, newId: NewId, promised: readonly Promised[] = []): Change[] {
  const refuse = (refusal: Refusal | null): Change[] =>
    refusal?.message === cluster.refusal?.message ? [] : [{ op: "refuse", clusterId: cluster.id, refusal }];
  const sealed = unreadable(snapshot, cluster);
  if (sealed) return refuse(sealed);
  const wanted = want(snapshot, cluster);
  if ("lacking" in wanted) return refuse(wanted);
  const running = admitted(snapshot, cluster);
  if (running && wanted.missing.length === 0) return refuse(null);

  const placed = placeWanted(snapshot, wanted, now, promised);
  if ("refusal" in placed) return refuse(placed.refusal);

  const { segment } = wanted;
  const rest = snapshot.installation.addressRestSeconds;
  const picked = pick(segment, addressesOf(snapshot, segment.id), wanted.missing.length, now, rest);
  if ("short" in picked) return refuse(noAddress(picked.nextFreeAt, now));
  const gateways = takeGateways(snapshot, segment, placed.hosts.values(), picked.ips, now);
  if (!gateways) return refuse(noAddress(null, now));
  const changes: Change[] = [...gateways];
  if (cluster.segmentId === null) changes.push({ op: "useSegment", clusterId: cluster.id, segmentId: segment.id });
  for (const [index, node] of wanted.missing.entries()) {
    const made = nodeChanges(snapshot, wanted, node, {
      hostId: placed.hosts.get(`new${index}`) ?? "",
      ip: picked.ips[index] ?? "",
      number: snapshot.installation.nextNode + index,
      planned: changes,
      now,
      newId,
    });
    changes.push(...made);
  }
  if (!running) {
    const { imageTag } = wanted.distribution;
    for (const node of wanted.existing) {
      if (node.imageTag !== imageTag) changes.push({ op: "useImage", id: node.id, imageTag });
      const rights = grantOn(snapshot, wanted, node.hostId);
      if (!sameRights(node, rights)) changes.push({ op: "grant", id: node.id, ...rights });
    }
    const of = wanted.existing.length + wanted.missing.length;
    changes.push({ op: "admit", clusterId: cluster.id, attempt: cluster.attempt, startedAt: cluster.attemptAt, at: now, nodes: of });
  }
  return [...changes, ...refuse(null)];
}

function nodeChanges(
  snapshot: Snapshot,
  wanted: Wanted,
  { role, flavor }: { role: "master" | "worker"; flavor: FlavorRow },
  given: { hostId: string; ip: string; number: number; planned: readonly Change[]; now: number; newId: NewId },
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
        // A worker that joins a running cluster has to be of the same version as the others.
        imageTag: (admitted(snapshot, cluster) ? wanted.existing[0]?.imageTag : undefined) ?? wanted.distribution.imageTag,
        ...grantOn(snapshot, wanted, given.hostId),
        volumeId,
        incarnation: 1,
        removing: false,
        evicting: false,
        createdAt: given.now,
      },
    },
    { op: "takeAddress", ip: given.ip, segmentId: segment.id, nodeId: id },
    // As many as the scheduler found free, on the same rows.
    ...(takeGpus(snapshot, given.hostId, id, flavor.gpus, given.planned) ?? []),
  ];
}

function noAddress(nextFreeAt: number | null, now: number): Refusal {
  const when = nextFreeAt === null ? "stop using some of its clusters" : `the next one is free in ${ago(nextFreeAt - now)}`;
  return { message: `all addresses of the tenant's segment are in use or resting; ${when}`, lacking: "address" };
}
