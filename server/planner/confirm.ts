import type { NodeObservation } from "../../agents/protocol/observed.ts";
import type { HostRow, InstallationRow, NodeRow, RemnantRow, VolumeRow } from "./snapshot.ts";

/**
 * Whether the host's picture was taken after it accepted the last spec of this process. An older one may say "absent" of something that is
 * only about to be made. A host ahead of the database (which was restored from an old copy) proves nothing at all.
 */
export function current(host: HostRow, installation: InstallationRow): boolean {
  const seen = host.observed?.generation;
  if (seen === undefined || host.wantedGeneration === null) return false;
  // Before an agent has looked at its engine it knows of no containers, which is not the same as there being none.
  if (!host.observed?.facts.engine) return false;
  return seen >= host.wantedGeneration && seen <= installation.generation;
}

/** The host carried out the node's deletion. */
export function nodeGone(node: NodeRow, host: HostRow, installation: InstallationRow): boolean {
  return (node.removing || node.evicting) && told(node.id, host, installation) && node.observed?.state === "absent";
}

/** The host was told to delete it, and its last picture is from after that. */
function told(id: string, host: HostRow, installation: InstallationRow): boolean {
  return host.toldToDelete.has(id) && current(host, installation);
}

/** A host that came back carried out the deletion of what it still ran. */
export function remnantGone(remnant: RemnantRow, host: HostRow, installation: InstallationRow): boolean {
  return told(remnant.nodeId, host, installation) && host.absent.has(remnant.nodeId);
}

/** The host took the segment down: its own address there is free. */
export function segmentGone(segmentId: string, host: HostRow, installation: InstallationRow): boolean {
  const seen = host.observed?.segments.find((row) => row.id === segmentId);
  return told(segmentId, host, installation) && seen?.state === "absent";
}

/** It counts as gone for good, and was not heard of since. */
export function lost(host: Pick<HostRow, "fencedAt" | "observedAt">): boolean {
  return host.fencedAt !== null && (host.observedAt ?? 0) < host.fencedAt;
}

/** The host carried out the volume's deletion. A volume that the host does not mention is not gone. */
export function volumeGone(volume: VolumeRow, host: HostRow, installation: InstallationRow): boolean {
  if (volume.state !== "deleting" || volume.observed?.state !== "absent") return false;
  // People condemn a kept volume without the planner: until the host was told, it may be absent only because it is not made yet.
  return told(volume.id, host, installation);
}

/** Surely no container of the node runs, and none is about to. */
export function nodeAtRest(node: NodeRow, host: HostRow, installation: InstallationRow): boolean {
  return current(host, installation) && node.observed !== null && rests(node.observed);
}

/** Nothing of the node runs. A container that was made and not yet started rests, once its host has nothing left to do for it. */
export function rests(seen: Pick<NodeObservation, "state" | "step">): boolean {
  return seen.state === "creating" ? seen.step === "done" : seen.state !== "running";
}
