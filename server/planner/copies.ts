import type { Change } from "./changes.ts";
import { lost } from "./confirm.ts";
import { arriving, clusterOf, copyOf, hostOf, volumeOf } from "./rows.ts";
import type { HostRow, NodeRow, Snapshot, VolumeRow } from "./snapshot.ts";
import { gb } from "./words.ts";

/** Copies that a host sends at once, and that one takes: more would only share the same disks and links. */
export const mostAtOnce = 2;

/** The host is emptied, and what its nodes have on /data goes along. */
export function copiesAway(host: HostRow | undefined): boolean {
  return host !== undefined && host.mode === "draining" && host.drainData === "copy" && !lost(host);
}

/** A node's /data goes to its next host with it. Of a host that is given up nothing comes, but what was there already. */
export function goesAlong(snapshot: Pick<Snapshot, "hosts">, node: NodeRow): boolean {
  return copiesAway(hostOf(snapshot, node.hostId));
}

/** What a copy of a volume takes: its file may be larger than it was asked for. */
export function copyMb(volume: VolumeRow): number {
  return Math.max(volume.sizeMb, Math.ceil(volume.observed?.sizeMb ?? 0));
}

/** All of it is on the other host, and was checked there. */
export function isWhole(copy: VolumeRow): boolean {
  return copy.observed?.copy?.state === "complete";
}

/** A host that may have the copy: one that is left, or is to be, keeps none. */
function mayHave(host: HostRow | undefined): boolean {
  return host !== undefined && host.fencedAt === null && (host.mode === "active" || host.mode === "cordoned");
}

/** Copies that nobody waits for any more: the node stays, goes for good, or cannot go there. What they are copies of stays as it is. */
export function dropCopies(snapshot: Snapshot): Change[] {
  const copies = arriving(snapshot);
  if (copies.length === 0) return [];
  const owners = new Map(snapshot.nodes.map((node) => [node.volumeId, node]));
  return copies.flatMap((copy): Change[] => {
    const node = owners.get(copy.copyOf ?? "");
    const source = node && hostOf(snapshot, node.hostId);
    const cluster = node && clusterOf(snapshot, node.clusterId);
    const leaves = node?.evicting && !node.removing && cluster && cluster.desired !== "deleted";
    // Of a host that was given up the copy is all that will come: it is as good as it was.
    const comes = copiesAway(source) || (source !== undefined && lost(source) && isWhole(copy));
    return leaves && comes && mayHave(hostOf(snapshot, copy.hostId)) ? [] : [{ op: "condemnCopy", id: copy.id }];
  });
}

/** Whether one more copy may be made between these two, beside those that are planned already. */
export function roomToCopy(snapshot: Snapshot, from: string, to: string, planned: readonly Change[]): boolean {
  const known = arriving(snapshot)
    .filter((copy) => !isWhole(copy))
    .map((copy) => ({ from: volumeOf(snapshot, copy.copyOf ?? "")?.hostId, to: copy.hostId }));
  const more = planned.flatMap((change) =>
    change.op === "copyVolume" ? [{ from: volumeOf(snapshot, change.copyOf)?.hostId, to: change.hostId }] : [],
  );
  const all = [...known, ...more];
  return all.filter((row) => row.from === from).length < mostAtOnce && all.filter((row) => row.to === to).length < mostAtOnce;
}

/** A copy that both hosts are ready for. */
export interface Carriage {
  readonly volume: string;
  readonly to: string;
  readonly copyOf: string;
  readonly from: string;
}

/** What may be carried now: the one is out of use on its host, the other is awaited. Hosts decide again. */
export function carriages(snapshot: Pick<Snapshot, "volumes">): Carriage[] {
  return arriving(snapshot).flatMap((copy): Carriage[] => {
    const source = copy.copyOf === null ? undefined : volumeOf(snapshot, copy.copyOf);
    if (source?.observed?.copy?.state !== "ready" || copy.observed?.copy?.state !== "waiting") return [];
    // What would end in the same way again waits for people.
    if (copy.observed.fault?.retryable === false) return [];
    return [{ volume: copy.id, to: copy.hostId, copyOf: source.id, from: source.hostId }];
  });
}

/** "its /data is being copied from host-1 to host-2: 3.1 GB of 8 GB", of a node that leaves with its data; null: it is not, or not yet. */
export function copyWords(snapshot: Snapshot, node: NodeRow): string | null {
  if (!node.evicting || node.removing) return null;
  const copy = copyOf(snapshot, node.volumeId);
  const from = hostOf(snapshot, node.hostId);
  if (!copy) return from && copiesAway(from) ? `its /data is to be copied from ${from.name}` : null;
  const to = hostOf(snapshot, copy.hostId);
  const seen = copy.observed;
  const fault = seen?.fault ?? volumeOf(snapshot, node.volumeId)?.observed?.fault;
  const words = `its /data is being copied from ${from?.name} to ${to?.name}`;
  if (isWhole(copy)) return `its /data was copied from ${from?.name} to ${to?.name}`;
  if (seen?.copy?.state === "receiving") {
    const { doneMb, ofMb } = seen.copy;
    return `${words}: ${gb(doneMb)}${ofMb === null ? "" : ` of ${gb(Math.max(ofMb, doneMb))}`}`;
  }
  return fault ? `${words}: ${fault.message}` : words;
}
