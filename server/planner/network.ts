import type { Change } from "./changes.ts";
import { lost } from "./confirm.ts";
import { pickGateway } from "./ipam/pick.ts";
import { addressesOf, gatewaysOf, hostOf, nodeOf } from "./rows.ts";
import type { Network } from "./scheduler/filters.ts";
import type { NodeRow, SegmentRow, Snapshot } from "./snapshot.ts";

/** A node that is on its way to another host: its present one does not count as where the segment is. */
export function leaves(snapshot: Pick<Snapshot, "hosts">, node: NodeRow): boolean {
  const host = hostOf(snapshot, node.hostId);
  return node.evicting || !host || lost(host);
}

/** Where a segment is now, and where it may be. */
export function networkOf(snapshot: Snapshot, segment: SegmentRow, now: number): Network {
  const carriers = new Set(gatewaysOf(snapshot, segment.id).map((row) => row.hostId ?? ""));
  const room = pickGateway(segment, addressesOf(snapshot, segment.id), now, snapshot.installation.addressRestSeconds, new Set()) !== null;
  return { segment, carriers, room, anchor: segment.uplink === "none" ? anchorOf(snapshot, segment) : null };
}

function anchorOf(snapshot: Snapshot, segment: SegmentRow): Network["anchor"] {
  for (const { nodeId } of addressesOf(snapshot, segment.id)) {
    const node = nodeId === null ? undefined : nodeOf(snapshot, nodeId);
    if (!node || node.removing || leaves(snapshot, node)) continue;
    return { hostId: node.hostId, name: hostOf(snapshot, node.hostId)?.name ?? node.hostId };
  }
  return null;
}

/** An address for each of these hosts that does not carry the segment yet; null when there are not enough. */
export function takeGateways(
  snapshot: Snapshot,
  segment: SegmentRow,
  hosts: Iterable<string>,
  except: Iterable<string>,
  now: number,
): Change[] | null {
  const rows = addressesOf(snapshot, segment.id);
  const carriers = new Set(gatewaysOf(snapshot, segment.id).map((row) => row.hostId));
  const given = new Set(except);
  const changes: Change[] = [];
  for (const hostId of new Set(hosts)) {
    if (carriers.has(hostId)) continue;
    const ip = pickGateway(segment, rows, now, snapshot.installation.addressRestSeconds, given);
    if (ip === null) return null;
    given.add(ip);
    changes.push({ op: "takeGateway", ip, segmentId: segment.id, hostId });
  }
  return changes;
}
