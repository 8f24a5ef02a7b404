import type { Change } from "./changes.ts";
import { lost } from "./confirm.ts";
import { sameKeys } from "./rows.ts";
import type { Snapshot } from "./snapshot.ts";

/** The change does not fit the rows: they moved since the plan was made, or the plan is wrong. The same that the database would refuse. */
export class ConflictError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConflictError";
  }
}

function must(condition: boolean, message: string): void {
  if (!condition) throw new ConflictError(message);
}

type Row = { readonly id: string };

/** Replaces the row of this id; exactly one must be there and pass. */
function edit<T extends Row>(rows: readonly T[], id: string, what: string, change: (row: T) => T | null): T[] {
  const at = rows.findIndex((row) => row.id === id);
  const found = rows[at];
  if (!found) throw new ConflictError(`${what} ${id} is gone`);
  return replaced(rows, at, change(found));
}

/** The rows with another one at this place, or none. */
function replaced<T>(rows: readonly T[], at: number, row: T | null): T[] {
  return row === null ? rows.toSpliced(at, 1) : rows.with(at, row);
}

/** The picture after the changes, with the database's constraints. The old one stays as it is. */
export function apply(snapshot: Snapshot, changes: readonly Change[]): Snapshot {
  return changes.reduce(one, snapshot);
}

function one(now: Snapshot, change: Change): Snapshot {
  switch (change.op) {
    case "addNode":
    case "useImage":
    case "grant":
    case "removeNode":
    case "dropNode":
    case "evictNode":
    case "stayNode":
    case "moveNode":
      return nodeChange(now, change);
    case "takeGpu":
    case "freeGpu":
      return gpuChange(now, change);
    case "takeAddress":
    case "freeAddress":
    case "takeGateway":
    case "freeGateway":
      return addressChange(now, change);
    case "admit":
    case "refuse":
    case "useSegment":
    case "dropCluster":
      return clusterChange(now, change);
    case "fenceHost":
    case "unfenceHost":
    case "addRemnant":
    case "dropRemnant":
      return hostChange(now, change);
    case "forgetAddress":
    case "dropSegment":
    case "dropTenant":
      return tenantChange(now, change);
    default:
      return volumeChange(now, change);
  }
}

function tenantChange(now: Snapshot, change: Extract<Change, { op: "forgetAddress" | "dropSegment" | "dropTenant" }>): Snapshot {
  if (change.op === "forgetAddress") {
    const at = now.addresses.findIndex((row) => row.ip === change.ip);
    const row = now.addresses[at];
    must(row !== undefined && row.nodeId === null && row.hostId === null, `${change.ip} does not rest`);
    return { ...now, addresses: replaced(now.addresses, at, null) };
  }
  if (change.op === "dropSegment") {
    must(!now.addresses.some((row) => row.segmentId === change.id), `segment ${change.id} still has addresses`);
    return { ...now, segments: edit(now.segments, change.id, "segment", () => null) };
  }
  for (const rows of [now.clusters, now.volumes, now.segments] as const)
    must(!rows.some((row: { tenantId: string }) => row.tenantId === change.id), `tenant ${change.id} still has something`);
  return {
    ...now,
    // A host that was kept for it is everybody's now.
    hosts: now.hosts.some((host) => host.tenantId === change.id)
      ? sameKeys(
          now.hosts,
          now.hosts.map((host) => (host.tenantId === change.id ? { ...host, tenantId: null } : host)),
        )
      : now.hosts,
    tenants: edit(now.tenants, change.id, "tenant", (row) => {
      must(row.state === "deleting", `tenant ${change.id} is not to be deleted`);
      return null;
    }),
  };
}

type NodeChange = Extract<
  Change,
  { op: "addNode" | "useImage" | "grant" | "removeNode" | "dropNode" | "evictNode" | "stayNode" | "moveNode" }
>;

function nodeChange(now: Snapshot, change: NodeChange): Snapshot {
  if (change.op === "useImage")
    return { ...now, nodes: edit(now.nodes, change.id, "node", (node) => ({ ...node, imageTag: change.imageTag })) };
  if (change.op === "grant") {
    const { capabilitySet, capabilities } = change;
    return { ...now, nodes: edit(now.nodes, change.id, "node", (node) => ({ ...node, capabilitySet, capabilities })) };
  }
  if (change.op === "evictNode" || change.op === "stayNode")
    return {
      ...now,
      nodes: edit(now.nodes, change.id, "node", (node) => {
        const evicting = change.op === "evictNode";
        must(!node.removing && node.evicting !== evicting, `node ${change.id} is ${evicting ? "leaving" : "staying"} already`);
        return { ...node, evicting };
      }),
    };
  if (change.op === "moveNode") {
    ownVolume(now, change.volumeId, change.hostId);
    must(!now.nodes.some((node) => node.volumeId === change.volumeId), `volume ${change.volumeId} belongs to a node`);
    return {
      ...now,
      nodes: edit(now.nodes, change.id, "node", (node) => {
        must(node.hostId === change.from && !node.removing, `node ${change.id} is not on ${change.from} any more`);
        must(!now.gpus.some((row) => row.nodeId === change.id), `node ${change.id} still has cards`);
        const { hostId, volumeId, incarnation } = change;
        return { ...node, hostId, volumeId, incarnation, evicting: false, observed: null, observedAt: null };
      }),
    };
  }
  if (change.op === "removeNode")
    return {
      ...now,
      nodes: edit(now.nodes, change.id, "node", (node) => {
        must(!node.removing, `node ${change.id} is being removed already`);
        return { ...node, removing: true };
      }),
    };
  if (change.op === "dropNode") {
    must(!now.addresses.some((row) => row.nodeId === change.id), `node ${change.id} still has its address`);
    must(!now.gpus.some((row) => row.nodeId === change.id), `node ${change.id} still has cards`);
    return {
      ...now,
      nodes: edit(now.nodes, change.id, "node", (node) => {
        must(node.removing, `node ${change.id} was not to be removed`);
        return null;
      }),
    };
  }
  const { node } = change;
  must(
    now.clusters.some((row) => row.id === node.clusterId),
    `cluster ${node.clusterId} is gone`,
  );
  ownVolume(now, node.volumeId, node.hostId);
  for (const other of now.nodes) {
    const clash = clashOf(node, other);
    if (clash !== null) throw new ConflictError(clash);
  }
  must(node.number >= now.installation.nextNode, `number ${node.number} was used before`);
  return {
    ...now,
    installation: { ...now.installation, nextNode: node.number + 1 },
    nodes: [...now.nodes, { ...node, observed: null, observedAt: null }],
  };
}

type Placed = Extract<NodeChange, { op: "addNode" }>["node"];

/** Why these two cannot both be; words are made for those alone that cannot, since this is asked of every pair. */
function clashOf(node: Placed, other: Snapshot["nodes"][number]): string | null {
  if (other.id === node.id || other.number === node.number || other.name === node.name) return `node ${node.name} exists`;
  if (other.volumeId === node.volumeId) return `volume ${node.volumeId} belongs to ${other.name}`;
  const masters = node.role === "master" && other.role === "master" && other.clusterId === node.clusterId;
  return masters && !other.removing ? `${node.clusterId} has a master` : null;
}

function ownVolume(now: Snapshot, id: string, hostId: string): void {
  must(
    now.volumes.some((row) => row.id === id && row.state === "attached" && row.hostId === hostId),
    `volume ${id} is not there`,
  );
}

type AddressChange = Extract<Change, { op: "takeAddress" | "freeAddress" | "takeGateway" | "freeGateway" }>;

function addressChange(now: Snapshot, change: AddressChange): Snapshot {
  const at = now.addresses.findIndex((address) => address.ip === change.ip);
  const row = now.addresses[at];
  const put = (next: Snapshot["addresses"][number]): Snapshot => ({
    ...now,
    addresses: row ? replaced(now.addresses, at, next) : [...now.addresses, next],
  });
  if (change.op === "freeAddress" || change.op === "freeGateway") {
    const mine = change.op === "freeAddress" ? row?.nodeId === change.nodeId : row?.hostId === change.hostId;
    if (!row || !mine) throw new ConflictError(`${change.ip} is somebody else's`);
    return put({ ...row, nodeId: null, hostId: null, freedAt: change.at });
  }
  must(!row || (row.nodeId === null && row.hostId === null && row.segmentId === change.segmentId), `${change.ip} is in use`);
  const { ip, segmentId } = change;
  if (change.op === "takeAddress") {
    must(!now.addresses.some((address) => address.nodeId === change.nodeId), `node ${change.nodeId} has an address`);
    return put({ ip, segmentId, nodeId: change.nodeId, hostId: null, freedAt: null });
  }
  must(
    !now.addresses.some((address) => address.hostId === change.hostId && address.segmentId === segmentId),
    `host ${change.hostId} has an address on ${segmentId}`,
  );
  return put({ ip, segmentId, nodeId: null, hostId: change.hostId, freedAt: null });
}

function gpuChange(now: Snapshot, { op, hostId, card, nodeId }: Extract<Change, { op: "takeGpu" | "freeGpu" }>): Snapshot {
  const at = now.gpus.findIndex((row) => row.hostId === hostId && row.card === card);
  if (op === "freeGpu") {
    must(now.gpus[at]?.nodeId === nodeId, `the card ${card} of ${hostId} is somebody else's`);
    return { ...now, gpus: replaced(now.gpus, at, null) };
  }
  must(at < 0, `the card ${card} of ${hostId} is in use`);
  must(
    now.nodes.some((node) => node.id === nodeId && node.hostId === hostId),
    `node ${nodeId} is not on ${hostId}`,
  );
  return { ...now, gpus: [...now.gpus, { hostId, card, nodeId }] };
}

type HostChange = Extract<Change, { op: "fenceHost" | "unfenceHost" | "addRemnant" | "dropRemnant" }>;

function hostChange(now: Snapshot, change: HostChange): Snapshot {
  if (change.op === "fenceHost" || change.op === "unfenceHost")
    return {
      ...now,
      hosts: edit(now.hosts, change.id, "host", (host) => {
        // One that came back and was not cleared before it fell silent again is given up a second time.
        must(change.op === "fenceHost" ? !lost(host) : host.fencedAt !== null, `host ${change.id} is not as it was`);
        must(change.op === "fenceHost" || !now.remnants.some((row) => row.hostId === change.id), `host ${change.id} still has remnants`);
        return { ...host, fencedAt: change.op === "fenceHost" ? change.at : null };
      }),
    };
  const key = change.op === "addRemnant" ? change.remnant : change;
  const known = now.remnants.filter((row) => row.nodeId === key.nodeId && row.hostId === key.hostId);
  must(known.length === (change.op === "addRemnant" ? 0 : 1), `the remnant ${key.nodeId} on ${key.hostId} is not as it was`);
  return {
    ...now,
    remnants: change.op === "addRemnant" ? [...now.remnants, change.remnant] : now.remnants.filter((row) => row !== known[0]),
  };
}

type VolumeChange = Extract<
  Change,
  {
    op:
      | "addVolume"
      | "copyVolume"
      | "arriveVolume"
      | "condemnCopy"
      | "attachVolume"
      | "keepVolume"
      | "condemnVolume"
      | "condemnKept"
      | "dropVolume";
  }
>;

function volumeChange(now: Snapshot, change: VolumeChange): Snapshot {
  if (change.op === "addVolume" || change.op === "copyVolume") {
    must(!now.volumes.some((row) => row.id === change.id), `volume ${change.id} exists`);
    const { id, tenantId, hostId, name, sizeMb } = change;
    const source = change.op === "copyVolume" ? change.copyOf : null;
    must(
      source === null || !now.volumes.some((row) => row.state === "arriving" && row.copyOf === source),
      `volume ${source} is copied already`,
    );
    must(source === null || now.volumes.some((row) => row.state === "attached" && row.id === source), `volume ${source} is not there`);
    const state = source === null ? ("attached" as const) : ("arriving" as const);
    return {
      ...now,
      volumes: [...now.volumes, { id, tenantId, hostId, name, sizeMb, driver: "loop", state, copyOf: source, observed: null }],
    };
  }
  const from = {
    arriveVolume: "arriving",
    condemnCopy: "arriving",
    attachVolume: "kept",
    keepVolume: "attached",
    condemnVolume: "attached",
    condemnKept: "kept",
    dropVolume: "deleting",
  } as const;
  const to = {
    arriveVolume: "attached",
    condemnCopy: "deleting",
    attachVolume: "attached",
    keepVolume: "kept",
    condemnVolume: "deleting",
    condemnKept: "deleting",
  } as const;
  const owned = now.nodes.some((node) => node.volumeId === change.id);
  must(change.op === "condemnVolume" || !owned, `volume ${change.id} belongs to a node`);
  return {
    ...now,
    volumes: edit(now.volumes, change.id, "volume", (row) => {
      must(row.state === from[change.op], `volume ${change.id} is ${row.state}`);
      must(change.op !== "arriveVolume" || row.copyOf === change.copyOf, `volume ${change.id} is a copy of another one`);
      return change.op === "dropVolume" ? null : { ...row, state: to[change.op], copyOf: null };
    }),
    clusters:
      change.op === "dropVolume"
        ? now.clusters.map((row) => (row.dataVolumeId === change.id ? { ...row, dataVolumeId: null } : row))
        : now.clusters,
  };
}

function clusterChange(now: Snapshot, change: Extract<Change, { op: "admit" | "refuse" | "useSegment" | "dropCluster" }>): Snapshot {
  if (change.op === "useSegment")
    return {
      ...now,
      clusters: edit(now.clusters, change.clusterId, "cluster", (row) => {
        must(row.segmentId === null && now.segments.some(({ id }) => id === change.segmentId), `cluster ${row.id} has its network`);
        return { ...row, segmentId: change.segmentId };
      }),
    };
  if (change.op === "refuse")
    return {
      ...now,
      clusters: sameKeys(
        now.clusters,
        edit(now.clusters, change.clusterId, "cluster", (row) => ({ ...row, refusal: change.refusal })),
      ),
    };
  if (change.op === "dropCluster") {
    must(!now.nodes.some((node) => node.clusterId === change.id), `cluster ${change.id} still has nodes`);
    return {
      ...now,
      clusters: edit(now.clusters, change.id, "cluster", (row) => {
        must(row.desired === "deleted", `cluster ${change.id} is not to be deleted`);
        return null;
      }),
      steps: now.steps.filter((step) => step.clusterId !== change.id),
    };
  }
  must(
    now.clusters.some((row) => row.id === change.clusterId && row.attempt === change.attempt),
    `cluster ${change.clusterId} is at another attempt`,
  );
  const placed = { step: "placed" as const, done: change.nodes, of: change.nodes, failed: false, message: null };
  const { clusterId, attempt, startedAt, at: endedAt } = change;
  return {
    ...now,
    steps: [
      ...now.steps.filter((step) => step.clusterId !== clusterId || step.attempt !== attempt || step.step !== "placed"),
      { clusterId, attempt, startedAt, endedAt, ...placed },
    ],
  };
}
