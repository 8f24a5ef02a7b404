import type { Change } from "./changes.ts";
import { lost, nodeGone } from "./confirm.ts";
import { copyMb, goesAlong, isWhole, roomToCopy } from "./copies.ts";
import { freeGpus, takeGpus } from "./gpus.ts";
import { networkOf, takeGateways } from "./network.ts";
import { remnantOf } from "./release.ts";
import { addressesOf, addressOf, clusterOf, copyOf, gpusOfNode, hostOf, nodeOf, nodesOfCluster, nodesOnHost, volumeOf } from "./rows.ts";
import type { Demand } from "./scheduler/filters.ts";
import { admitted } from "./scheduler/ledger.ts";
import { place } from "./scheduler/place.ts";
import type { Taste } from "./scheduler/rank.ts";
import { blind } from "./silence.ts";
import type { ClusterRow, HostRow, NewId, NodeRow, Refusal, Snapshot } from "./snapshot.ts";
import { isUnreadable } from "./unreadable.ts";
import { demandToMove, freeOf, grantOn, type Promised, sameRights, tasteOf, want } from "./wanted.ts";

/**
 * Hosts from which the nodes may start elsewhere after the site's own wait, without anybody's word. Only such as have shown that they hold a
 * lease which ends within that wait: another one keeps its nodes on the network, however long it is silent.
 */
export function fenceSilent(snapshot: Snapshot, now: number): Change[] {
  const wait = snapshot.installation.moveAfterSeconds;
  const lease = leaseOf(wait);
  if (wait === null || lease === null) return [];
  // When nobody at all is heard it is the platform that is cut off, and there is no place to go to.
  if (snapshot.hosts.every((host) => blind(host, now))) return [];
  return snapshot.hosts.flatMap((host): Change[] => {
    if (lost(host) || host.observedAt === null || host.listenedSince === null || host.mode === "maintenance") return [];
    const held = host.observed?.leaseSeconds ?? null;
    if (held === null || held > lease) return [];
    if (now - Math.max(host.observedAt, host.listenedSince) <= wait * 1000) return [];
    return nodesOnHost(snapshot, host.id).length > 0 ? [{ op: "fenceHost", id: host.id, at: now }] : [];
  });
}

/**
 * Seconds after which a host takes its nodes off the network by itself. It may have heard the last word later than it was heard itself: by
 * the time after which it counts as silent, and by the time that a word is under way.
 */
export function leaseOf(moveAfterSeconds: number | null): number | null {
  return moveAfterSeconds === null ? null : Math.max(10, Math.floor((moveAfterSeconds - 30) / 2));
}

/** The shortest wait that leaves time for the lease to run out. */
export const leastMoveAfterSeconds = 60;

/** Nodes that leave together: a cluster's from one host, or everything on a segment that only one host can carry. */
function companions(snapshot: Snapshot, cluster: ClusterRow, test: (node: NodeRow) => boolean): NodeRow[] {
  const wanted = want(snapshot, cluster);
  if ("lacking" in wanted || wanted.segment.uplink !== "none")
    return nodesOfCluster(snapshot, cluster.id).filter((node) => !node.removing && test(node));
  return addressesOf(snapshot, wanted.segment.id)
    .flatMap((row) => (row.nodeId === null ? [] : (nodeOf(snapshot, row.nodeId) ?? [])))
    .filter((node) => !node.removing && test(node))
    .sort((a, b) => a.number - b.number);
}

/**
 * Where these nodes would go: those whose /data is on its way, to where that goes. Without an uplink all of them go to one host, otherwise each cluster finds its own places.
 * @param anew as if nothing were on its way
 */
function placeLeaving(
  snapshot: Snapshot,
  nodes: readonly NodeRow[],
  promised: readonly Promised[],
  now: number,
  anew = false,
): Promised[] | Refusal {
  const batches: { demands: Demand[]; taste: Taste; alone: boolean }[] = [];
  for (const clusterId of new Set(nodes.map((node) => node.clusterId))) {
    const cluster = clusterOf(snapshot, clusterId);
    const wanted = cluster ? want(snapshot, cluster) : null;
    if (!cluster || !wanted) return { message: "its cluster is gone", lacking: "host" };
    if ("lacking" in wanted) return wanted;
    const own = nodes.filter((node) => node.clusterId === clusterId);
    const running = cluster.desired === "running" && admitted(snapshot, cluster);
    const network = networkOf(snapshot, wanted.segment, now);
    const demands = own.map((node) => demandToMove(snapshot, wanted, network, node, { running, anew }));
    const ids = new Set(own.map((node) => node.id));
    const taste = tasteOf(snapshot, { ...wanted, existing: wanted.existing.filter((node) => !ids.has(node.id)) });
    const [first] = batches;
    if (first?.alone) first.demands.push(...demands);
    else batches.push({ demands, taste, alone: wanted.segment.uplink === "none" });
  }
  const found: Promised[] = [];
  for (const { demands, taste } of batches) {
    const placed = place(demands, freeOf(snapshot, [...promised, ...found]), taste, now);
    if ("refusal" in placed) return placed.refusal;
    for (const demand of demands) found.push({ hostId: placed.hosts.get(demand.key) ?? "", demand });
  }
  return found;
}

/** Of hosts that are not drained any more: whoever has not left yet stays. */
export function markStays(snapshot: Snapshot): Change[] {
  return snapshot.hosts.flatMap((host): Change[] =>
    host.mode === "draining" || host.fencedAt !== null
      ? []
      : nodesOnHost(snapshot, host.id).flatMap((node): Change[] =>
          node.evicting && !node.removing ? [{ op: "stayNode", id: node.id }] : [],
        ),
  );
}

/** Drains: one cluster of a host at a time is told to leave, once there is a place for it. What has none stays. */
export function markEvictions(snapshot: Snapshot, promised: readonly Promised[], now: number): Change[] {
  const changes: Change[] = [];
  const reserved = [...promised];
  for (const host of snapshot.hosts) {
    if (host.mode !== "draining" || host.fencedAt !== null) continue;
    if (blind(host, now) || nodesOnHost(snapshot, host.id).some((node) => node.evicting && !node.removing)) continue;
    for (const group of groupsOn(snapshot, host)) {
      const placed = endsWithMove(snapshot, group) ?? placeLeaving(snapshot, group, reserved, now);
      if ("lacking" in placed) continue;
      reserved.push(...placed);
      for (const node of group) changes.push({ op: "evictNode", id: node.id });
      break;
    }
  }
  return changes;
}

/** What a drained host still has, in the order in which it leaves. */
function groupsOn(snapshot: Snapshot, host: HostRow): NodeRow[][] {
  const seen = new Set<string>();
  const groups: NodeRow[][] = [];
  for (const node of [...nodesOnHost(snapshot, host.id)].sort((a, b) => a.number - b.number)) {
    const cluster = clusterOf(snapshot, node.clusterId);
    if (node.removing || seen.has(node.id) || !cluster || cluster.desired === "deleted") continue;
    const group = companions(snapshot, cluster, (other) => other.hostId === host.id);
    for (const { id } of group) seen.add(id);
    groups.push(group);
  }
  return groups;
}

/** What runs with a secret that only its host holds would not start elsewhere. One that people stop goes. */
function endsWithMove(snapshot: Snapshot, group: readonly NodeRow[]): Refusal | null {
  const found = group
    .map((node) => clusterOf(snapshot, node.clusterId))
    .find((row) => row && row.desired === "running" && isUnreadable(row));
  return found?.refusal ?? null;
}

/** What stays on a host which is drained, or would if it were: groups of nodes that leave together, by their first cluster, each with the reason. */
export function stayingOn(
  snapshot: Snapshot,
  host: HostRow,
  now: number,
): { cluster: ClusterRow; nodes: readonly NodeRow[]; refusal: Refusal }[] {
  return groupsOn(snapshot, host).flatMap((group) => {
    if (group.some((node) => node.evicting)) return [];
    const placed = endsWithMove(snapshot, group) ?? placeLeaving(snapshot, group, [], now);
    const [first] = group;
    const cluster = first && clusterOf(snapshot, first.clusterId);
    return "lacking" in placed && cluster ? [{ cluster, nodes: group, refusal: placed }] : [];
  });
}

/** What planMoves decides. */
export interface Moves {
  readonly changes: readonly Change[];
  /** Room kept for those that have a place to go to and have not left yet. */
  readonly promised: readonly Promised[];
  /** Why nodes of a cluster have no place. */
  readonly waiting: ReadonlyMap<string, Refusal>;
}

/** Gives every node that left its host, or whose host is lost, a place elsewhere. */
export function planMoves(snapshot: Snapshot, now: number, newId: NewId): Moves {
  const changes: Change[] = [];
  const promised: Promised[] = [];
  const waiting = new Map<string, Refusal>();
  const seen = new Set<string>();
  for (const node of leaving(snapshot)) {
    const cluster = clusterOf(snapshot, node.clusterId);
    if (seen.has(node.id) || !cluster || cluster.desired === "deleted") continue;
    const group = companions(snapshot, cluster, (other) => isLeaving(snapshot, other));
    for (const { id } of group) seen.add(id);
    for (const part of parts(snapshot, cluster, group)) {
      const placed = placePart(snapshot, part, promised, now);
      if ("lacking" in placed) {
        for (const one of part) waiting.set(one.clusterId, { ...placed, message: `${one.name} waits for another host: ${placed.message}` });
        continue;
      }
      promised.push(...placed);
      // Those that have to be on one host go in one commit: whoever takes the drain back in between must not part them.
      const all = part.every((one) => ready(snapshot, one) && packed(snapshot, one));
      for (const one of part) {
        const to = placed.find((entry) => entry.demand.key === one.id)?.hostId;
        if (to === undefined) continue;
        if (all) changes.push(...move(snapshot, one, to, changes, now, newId));
        else if (ready(snapshot, one)) changes.push(...pack(snapshot, one, to, changes, newId));
      }
    }
  }
  const moved = new Set(changes.flatMap((change) => (change.op === "moveNode" ? [change.id] : [])));
  return { changes, promised: promised.filter((entry) => !moved.has(entry.demand.key)), waiting };
}

/** All together where they must be; otherwise each for itself, so that one without a place does not keep the others. */
function parts(snapshot: Snapshot, cluster: ClusterRow, group: NodeRow[]): NodeRow[][] {
  const wanted = want(snapshot, cluster);
  return "segment" in wanted && wanted.segment.uplink === "none" ? [group] : group.map((node) => [node]);
}

function* leaving(snapshot: Snapshot): Iterable<NodeRow> {
  for (const host of snapshot.hosts) {
    const gone = lost(host);
    for (const node of nodesOnHost(snapshot, host.id)) if ((gone || node.evicting) && !node.removing) yield node;
  }
}

function isLeaving(snapshot: Snapshot, node: NodeRow): boolean {
  const host = hostOf(snapshot, node.hostId);
  return node.evicting || (host !== undefined && lost(host));
}

/** Nothing of it runs on its old host any more, as far as anybody will ever know. */
function ready(snapshot: Snapshot, node: NodeRow): boolean {
  const host = hostOf(snapshot, node.hostId);
  return host !== undefined && (lost(host) || nodeGone(node, host, snapshot.installation));
}

/** A place for those that leave. A copy that is under way elsewhere is given up for it only while there is no whole one to lose. */
function placePart(snapshot: Snapshot, part: readonly NodeRow[], promised: readonly Promised[], now: number): Promised[] | Refusal {
  const placed = placeLeaving(snapshot, part, promised, now);
  const copies = part.flatMap((node) => copyOf(snapshot, node.volumeId) ?? []);
  if (!("lacking" in placed) || copies.length === 0 || copies.some(isWhole)) return placed;
  const again = placeLeaving(snapshot, part, promised, now, true);
  return "lacking" in again ? placed : again;
}

/** Nothing has to be copied any more before it goes. */
function packed(snapshot: Snapshot, node: NodeRow): boolean {
  const copy = copyOf(snapshot, node.volumeId);
  return copy ? isWhole(copy) : !goesAlong(snapshot, node);
}

/** Has the /data of a node that runs nowhere any more copied to the host to which it goes. */
function pack(snapshot: Snapshot, node: NodeRow, to: string, planned: readonly Change[], newId: NewId): Change[] {
  const copy = copyOf(snapshot, node.volumeId);
  const volume = volumeOf(snapshot, node.volumeId);
  if (copy) return copy.hostId === to ? [] : [{ op: "condemnCopy", id: copy.id }];
  if (!volume || !goesAlong(snapshot, node) || !roomToCopy(snapshot, node.hostId, to, planned)) return [];
  const { tenantId, name, id: source } = volume;
  return [{ op: "copyVolume", id: newId("v"), tenantId, hostId: to, name, sizeMb: copyMb(volume), copyOf: source }];
}

function move(snapshot: Snapshot, node: NodeRow, to: string, planned: readonly Change[], now: number, newId: NewId): Change[] {
  const copy = copyOf(snapshot, node.volumeId)?.id ?? null;
  const cluster = clusterOf(snapshot, node.clusterId);
  const address = addressOf(snapshot, node.id);
  const from = hostOf(snapshot, node.hostId);
  const wanted = cluster && want(snapshot, cluster);
  if (!cluster || !address || !from || !wanted || "lacking" in wanted) return [];
  const already = planned.some((change) => change.op === "takeGateway" && change.hostId === to && change.segmentId === address.segmentId);
  const given = planned.flatMap((change) => (change.op === "takeGateway" ? [change.ip] : []));
  const gateways = already ? [] : takeGateways(snapshot, wanted.segment, [to], given, now);
  const cards = takeGpus(snapshot, to, node.id, gpusOfNode(snapshot, node.id).length, planned);
  if (!gateways || !cards) return [];
  const gone = lost(from);
  const rights = grantOn(snapshot, wanted, to);
  const volumeId = copy ?? newId("v");
  const { id, name, dataMb: sizeMb } = node;
  return [
    ...(gone ? [{ op: "addRemnant" as const, remnant: remnantOf(node, cluster, address) }] : []),
    ...gateways,
    copy
      ? { op: "arriveVolume", id: volumeId, copyOf: node.volumeId }
      : { op: "addVolume", id: volumeId, tenantId: cluster.tenantId, hostId: to, name, sizeMb },
    ...freeGpus(snapshot, node),
    { op: "moveNode", id, from: node.hostId, hostId: to, volumeId, incarnation: node.incarnation + 1 },
    ...cards,
    ...(sameRights(node, rights) ? [] : [{ op: "grant" as const, id, ...rights }]),
    {
      op: "keepVolume",
      id: node.volumeId,
      origin: `${name} of cluster ${cluster.name}, ${whereLeft(from, copy === null ? null : (hostOf(snapshot, to)?.name ?? null), gone)}`,
      at: now,
    },
  ];
}

/** What became of a volume that a node left behind. @param copied the host that has a copy of it */
function whereLeft(from: HostRow, copied: string | null, gone: boolean): string {
  if (copied !== null) return `copied from ${from.name} to ${copied}, where the node has it`;
  return gone ? `on the lost host ${from.name}` : `left on ${from.name} when it was drained`;
}
