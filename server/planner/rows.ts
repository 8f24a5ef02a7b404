import type { AddressRow, ClusterRow, HostRow, NodeRow, RemnantRow, SegmentRow, Snapshot, StepRow, VolumeRow } from "./snapshot.ts";

/**
 * Rows by their keys. Arrays of a picture are never changed in place, so that what was built for one holds for as long as it is used: every
 * function of the planner may ask, and each index is made once a picture.
 */
function once<T extends object, R>(make: (rows: readonly T[]) => R): (rows: readonly T[]) => R {
  const made = new WeakMap<readonly T[], R>();
  return (rows) => {
    const known = made.get(rows);
    if (known !== undefined) return known;
    const fresh = make(rows);
    made.set(rows, fresh);
    return fresh;
  };
}

function group<T>(rows: readonly T[], key: (row: T) => string | null): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const name = key(row);
    if (name === null) continue;
    const known = groups.get(name);
    if (known) known.push(row);
    else groups.set(name, [row]);
  }
  return groups;
}

const byId = <T extends { readonly id: string }>() => once<T, Map<string, T>>((rows) => new Map(rows.map((row) => [row.id, row])));

const nodesById = byId<NodeRow>();
const hostsById = byId<HostRow>();
const segmentsById = byId<SegmentRow>();
const volumesById = byId<VolumeRow>();
const clustersById = byId<ClusterRow>();
const nodesByCluster = once((rows: readonly NodeRow[]) => {
  const groups = group(rows, (row) => row.clusterId);
  for (const nodes of groups.values()) if (nodes.length > 1) nodes.sort((a, b) => a.number - b.number);
  return groups;
});
const nodesByHost = once((rows: readonly NodeRow[]) => group(rows, (row) => row.hostId));
const volumesByHost = once((rows: readonly VolumeRow[]) => group(rows, (row) => row.hostId));
const remnantsByHost = once((rows: readonly RemnantRow[]) => group(rows, (row) => row.hostId));
const stepsByCluster = once((rows: readonly StepRow[]) => group(rows, (row) => row.clusterId));
const addressByNode = once((rows: readonly AddressRow[]) => {
  const map = new Map<string, AddressRow>();
  for (const row of rows) if (row.nodeId !== null) map.set(row.nodeId, row);
  return map;
});
const addressesBySegment = once((rows: readonly AddressRow[]) => group(rows, (row) => row.segmentId));
const gatewaysByHost = once((rows: readonly AddressRow[]) => group(rows, (row) => row.hostId));
const gatewaysBySegment = once((rows: readonly AddressRow[]) => group(rows, (row) => (row.hostId === null ? null : row.segmentId)));

const none: readonly never[] = [];

type With<K extends keyof Snapshot> = Pick<Snapshot, K>;

export const nodeOf = (rows: With<"nodes">, id: string): NodeRow | undefined => nodesById(rows.nodes).get(id);
export const hostOf = (rows: With<"hosts">, id: string): HostRow | undefined => hostsById(rows.hosts).get(id);
export const segmentOf = (rows: With<"segments">, id: string): SegmentRow | undefined => segmentsById(rows.segments).get(id);
export const volumeOf = (rows: With<"volumes">, id: string): VolumeRow | undefined => volumesById(rows.volumes).get(id);
export const clusterOf = (rows: With<"clusters">, id: string): ClusterRow | undefined => clustersById(rows.clusters).get(id);
/** A cluster's nodes, by number; removing ones too. */
export const nodesOfCluster = (rows: With<"nodes">, id: string): readonly NodeRow[] => nodesByCluster(rows.nodes).get(id) ?? none;
export const nodesOnHost = (rows: With<"nodes">, id: string): readonly NodeRow[] => nodesByHost(rows.nodes).get(id) ?? none;
export const volumesOnHost = (rows: With<"volumes">, id: string): readonly VolumeRow[] => volumesByHost(rows.volumes).get(id) ?? none;
export const remnantsOnHost = (rows: With<"remnants">, id: string): readonly RemnantRow[] => remnantsByHost(rows.remnants).get(id) ?? none;
export const stepsOfCluster = (rows: With<"steps">, id: string): readonly StepRow[] => stepsByCluster(rows.steps).get(id) ?? none;
/** The address of a node. */
export const addressOf = (rows: With<"addresses">, node: string): AddressRow | undefined => addressByNode(rows.addresses).get(node);
/** Every address of a segment that is in use or rests. */
export const addressesOf = (rows: With<"addresses">, segment: string): readonly AddressRow[] =>
  addressesBySegment(rows.addresses).get(segment) ?? none;
/** A host's own addresses: one for each segment that it carries. */
export const gatewaysOfHost = (rows: With<"addresses">, host: string): readonly AddressRow[] =>
  gatewaysByHost(rows.addresses).get(host) ?? none;
/** The own addresses of the hosts that carry a segment. */
export const gatewaysOf = (rows: With<"addresses">, segment: string): readonly AddressRow[] =>
  gatewaysBySegment(rows.addresses).get(segment) ?? none;
