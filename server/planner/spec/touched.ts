import { addressOf, clusterOf, gatewaysOf, nodeOf, nodesOfCluster, volumeOf } from "../rows.ts";
import type { HostRow, NodeRow, Snapshot } from "../snapshot.ts";
import { revoked, tunnelAddress, vlanParent } from "../underlay.ts";

/** Rows of one kind that are not the same objects any more, as they were and as they are. */
function* changed<T>(
  before: readonly T[],
  after: readonly T[],
  key: (row: T) => string,
): Iterable<{ old: T | undefined; now: T | undefined }> {
  if (before === after) return;
  // What stays is mostly at its old place.
  const moved = new Map<string, T>();
  for (const [index, row] of before.entries()) if (after[index] !== row) moved.set(key(row), row);
  for (const [index, row] of after.entries()) {
    if (before[index] === row) continue;
    const old = moved.get(key(row));
    moved.delete(key(row));
    if (old !== row) yield { old, now: row };
  }
  for (const old of moved.values()) yield { old, now: undefined };
}

/** Whether two rows differ in one of these columns. */
function differ<T>(old: T | undefined, now: T | undefined, ...columns: readonly (keyof T)[]): boolean {
  return !old || !now || columns.some((column) => old[column] !== now[column]);
}

const nodeColumns: readonly (keyof NodeRow)[] = [
  ...([
    "hostId",
    "clusterId",
    "name",
    "role",
    "vcpus",
    "memoryMb",
    "rootGb",
    "imageTag",
    "capabilitySet",
    "volumeId",
    "incarnation",
  ] as const),
  ...(["removing", "evicting"] as const),
];

function sameUnderlay(old: HostRow, now: HostRow): boolean {
  const mtus = (host: HostRow): string => JSON.stringify(host.observed?.facts.links ?? []);
  return (
    old.endpoint === now.endpoint &&
    tunnelAddress(old) === tunnelAddress(now) &&
    vlanParent(old) === vlanParent(now) &&
    revoked(old) === revoked(now) &&
    (old.fencedAt === null) === (now.fencedAt === null) &&
    (old.observed?.facts.links === now.observed?.facts.links || mtus(old) === mtus(now))
  );
}

/** Segments that a host carries with another packet size than before, began to carry, or does not any more. */
function remade(old: HostRow, now: HostRow): string[] {
  if (old.observed?.segments === now.observed?.segments) return [];
  const sizes = (host: HostRow): Map<string, number | undefined> =>
    new Map(host.observed?.segments.map(({ id, state, mtu }) => [id, state === "present" ? mtu : undefined]));
  const [before, after] = [sizes(old), sizes(now)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((id) => before.get(id) !== after.get(id));
}

/**
 * Hosts whose spec may differ between two pictures; `null` stands for every one. Pictures that share their rows are compared in a moment: what
 * is the same object is not looked at. Never too few, sometimes too many.
 */
export function touchedHosts(before: Snapshot, after: Snapshot): Set<string> | null {
  const installation = (rows: Snapshot): string => JSON.stringify({ ...rows.installation, generation: 0, nextNode: 0 });
  if (before.installation !== after.installation && installation(before) !== installation(after)) return null;
  for (const kind of ["tenants", "segments", "flavors", "distributions"] as const)
    for (const _ of changed<{ readonly id: string }>(before[kind], after[kind], (row) => row.id)) return null;
  const hosts = new Set<string>();
  const segments = new Set<string>();
  for (const { old, now } of changed(before.hosts, after.hosts, (row) => row.id)) {
    if (!old || !now || !sameUnderlay(old, now)) return null;
    for (const id of remade(old, now)) segments.add(id);
  }
  const clusters = new Set<string>();
  const add = (row: { readonly hostId: string | null } | undefined): void => {
    if (row?.hostId) hosts.add(row.hostId);
  };
  for (const { old, now } of changed(before.nodes, after.nodes, (row) => row.id)) {
    if (!differ(old, now, ...nodeColumns) && old?.capabilities.join() === now?.capabilities.join()) continue;
    for (const row of [old, now]) {
      add(row);
      if (row) clusters.add(row.clusterId);
    }
    for (const [rows, row] of [[before, old] as const, [after, now] as const]) {
      const segment = row && addressOf(rows, row.id)?.segmentId;
      if (segment) segments.add(segment);
    }
  }
  for (const { old, now } of changed(before.addresses, after.addresses, (row) => row.ip)) {
    for (const [rows, row] of [[before, old] as const, [after, now] as const]) {
      add(row);
      if (row?.nodeId || row?.hostId) segments.add(row.segmentId);
      add(row?.nodeId ? nodeOf(rows, row.nodeId) : undefined);
    }
  }
  for (const { old, now } of changed(before.clusters, after.clusters, (row) => row.id))
    if (differ(old, now, "name", "tenantId", "distributionId", "workerFlavorId", "desired", "attempt", "secrets"))
      clusters.add((now ?? old)?.id ?? "");
  for (const { old, now } of changed(before.steps, after.steps, (row) => `${row.clusterId} ${row.attempt} ${row.step}`))
    if ((now ?? old)?.step === "placed" && (old?.endedAt ?? null) !== (now?.endedAt ?? null)) clusters.add((now ?? old)?.clusterId ?? "");
  for (const { old, now } of changed(before.volumes, after.volumes, (row) => row.id))
    if (differ(old, now, "hostId", "tenantId", "name", "sizeMb", "driver", "state", "copyOf"))
      for (const row of [old, now]) {
        add(row);
        // What is copied is out of use on its own host.
        if (row?.copyOf) for (const rows of [before, after]) add(volumeOf(rows, row.copyOf));
      }
  for (const { old, now } of changed(before.remnants, after.remnants, (row) => `${row.nodeId} ${row.hostId}`))
    for (const row of [old, now]) add(row);
  for (const { old, now } of changed(before.gpus, after.gpus, (row) => `${row.hostId} ${row.card}`)) for (const row of [old, now]) add(row);
  for (const rows of [before, after]) {
    for (const id of clusters) if (clusterOf(rows, id)) for (const node of nodesOfCluster(rows, id)) hosts.add(node.hostId);
    for (const id of segments) for (const row of gatewaysOf(rows, id)) add(row);
  }
  return hosts;
}
