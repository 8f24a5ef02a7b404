import { cardsToGive } from "../../agents/protocol/gpu.ts";
import type { Change } from "./changes.ts";
import { gpusOfNode, gpusOnHost, hostOf } from "./rows.ts";
import type { HostRow, NodeRow, Snapshot } from "./snapshot.ts";

/** Cards of a host that no node has, in a fixed order. */
export function freeCards(snapshot: Pick<Snapshot, "gpus">, host: HostRow): readonly string[] {
  const cards = cardsToGive(host.observed?.facts);
  if (cards.length === 0) return cards;
  const taken = new Set(gpusOnHost(snapshot, host.id).map((row) => row.card));
  return cards.filter((card) => !taken.has(card));
}

/**
 * Chooses `n` free cards of a host for a node that goes there.
 * @param planned changes that are made together with these: what they take is not free any more
 * @returns null where there are not enough
 */
export function takeGpus(
  snapshot: Pick<Snapshot, "gpus" | "hosts">,
  hostId: string,
  nodeId: string,
  n: number,
  planned: readonly Change[],
): Change[] | null {
  if (n === 0) return [];
  const host = hostOf(snapshot, hostId);
  const given = new Set(planned.flatMap((change) => (change.op === "takeGpu" && change.hostId === hostId ? [change.card] : [])));
  const cards = host ? freeCards(snapshot, host).filter((card) => !given.has(card)) : [];
  return cards.length < n ? null : cards.slice(0, n).map((card) => ({ op: "takeGpu", hostId, card, nodeId }));
}

/** Lets go of a node's cards: of one that is surely gone from their host. */
export function freeGpus(snapshot: Pick<Snapshot, "gpus">, node: Pick<NodeRow, "id">): Change[] {
  return gpusOfNode(snapshot, node.id).map(({ hostId, card, nodeId }) => ({ op: "freeGpu", hostId, card, nodeId }));
}
