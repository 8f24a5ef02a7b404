import type { Change } from "./changes.ts";
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
  const found = rows.find((row) => row.id === id);
  if (!found) throw new ConflictError(`${what} ${id} is gone`);
  const changed = change(found);
  return changed === null ? rows.filter((row) => row !== found) : rows.map((row) => (row === found ? changed : row));
}

/** The picture after the changes, with the database's constraints. The old one stays as it is. */
export function apply(snapshot: Snapshot, changes: readonly Change[]): Snapshot {
  return changes.reduce(one, snapshot);
}

function one(now: Snapshot, change: Change): Snapshot {
  switch (change.op) {
    case "addNode":
    case "useImage":
    case "removeNode":
    case "dropNode":
      return nodeChange(now, change);
    case "takeAddress":
    case "freeAddress":
      return addressChange(now, change);
    case "admit":
    case "refuse":
    case "dropCluster":
      return clusterChange(now, change);
    default:
      return volumeChange(now, change);
  }
}

function nodeChange(now: Snapshot, change: Extract<Change, { op: "addNode" | "useImage" | "removeNode" | "dropNode" }>): Snapshot {
  if (change.op === "useImage")
    return { ...now, nodes: edit(now.nodes, change.id, "node", (node) => ({ ...node, imageTag: change.imageTag })) };
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
  must(
    now.volumes.some((row) => row.id === node.volumeId && row.state === "attached" && row.hostId === node.hostId),
    `volume ${node.volumeId} is not there`,
  );
  for (const other of now.nodes) {
    must(other.id !== node.id && other.number !== node.number && other.name !== node.name, `node ${node.name} exists`);
    must(other.volumeId !== node.volumeId, `volume ${node.volumeId} belongs to ${other.name}`);
    must(
      node.role !== "master" || other.role !== "master" || other.clusterId !== node.clusterId || other.removing,
      `${node.clusterId} has a master`,
    );
  }
  must(node.number >= now.installation.nextNode, `number ${node.number} was used before`);
  return {
    ...now,
    installation: { ...now.installation, nextNode: node.number + 1 },
    nodes: [...now.nodes, { ...node, observed: null, observedAt: null }],
  };
}

function addressChange(now: Snapshot, change: Extract<Change, { op: "takeAddress" | "freeAddress" }>): Snapshot {
  const row = now.addresses.find((address) => address.ip === change.ip);
  if (change.op === "freeAddress") {
    must(row?.nodeId === change.nodeId, `${change.ip} is not the node's`);
    return {
      ...now,
      addresses: now.addresses.map((address) => (address === row ? { ...address, nodeId: null, freedAt: change.at } : address)),
    };
  }
  must(!row || (row.nodeId === null && row.segmentId === change.segmentId), `${change.ip} is in use`);
  must(!now.addresses.some((address) => address.nodeId === change.nodeId), `node ${change.nodeId} has an address`);
  const taken = { ip: change.ip, segmentId: change.segmentId, nodeId: change.nodeId, hostId: null, freedAt: null };
  return { ...now, addresses: [...now.addresses.filter((address) => address !== row), taken] };
}

type VolumeChange = Extract<Change, { op: "addVolume" | "attachVolume" | "keepVolume" | "condemnVolume" | "dropVolume" }>;

function volumeChange(now: Snapshot, change: VolumeChange): Snapshot {
  if (change.op === "addVolume") {
    must(!now.volumes.some((row) => row.id === change.id), `volume ${change.id} exists`);
    const { id, tenantId, hostId, name, sizeMb } = change;
    return { ...now, volumes: [...now.volumes, { id, tenantId, hostId, name, sizeMb, driver: "loop", state: "attached", observed: null }] };
  }
  const from = { attachVolume: "kept", keepVolume: "attached", condemnVolume: "attached", dropVolume: "deleting" } as const;
  const owned = now.nodes.some((node) => node.volumeId === change.id);
  must(change.op === "condemnVolume" || !owned, `volume ${change.id} belongs to a node`);
  return {
    ...now,
    volumes: edit(now.volumes, change.id, "volume", (row) => {
      must(row.state === from[change.op], `volume ${change.id} is ${row.state}`);
      if (change.op === "dropVolume") return null;
      return { ...row, state: change.op === "attachVolume" ? "attached" : change.op === "keepVolume" ? "kept" : "deleting" };
    }),
    clusters:
      change.op === "dropVolume"
        ? now.clusters.map((row) => (row.dataVolumeId === change.id ? { ...row, dataVolumeId: null } : row))
        : now.clusters,
  };
}

function clusterChange(now: Snapshot, change: Extract<Change, { op: "admit" | "refuse" | "dropCluster" }>): Snapshot {
  if (change.op === "refuse")
    return { ...now, clusters: edit(now.clusters, change.clusterId, "cluster", (row) => ({ ...row, refusal: change.refusal })) };
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
