import { cardsToGive } from "../../agents/protocol/gpu.ts";
import type { Change } from "./changes.ts";
import { current } from "./confirm.ts";
import { clusterOf, gpusOfNode, gpusOnHost, hostOf, nodeOf } from "./rows.ts";
import { blind } from "./silence.ts";
import type { HostRow, NodeRow, Snapshot } from "./snapshot.ts";

const none: readonly never[] = [];

/** Cards of a host that no node has, and no container that is still there, in a fixed order. */
export function freeCards(snapshot: Pick<Snapshot, "gpus">, host: HostRow): readonly string[] {
  const cards = cardsToGive(host.observed?.facts);
  if (cards.length === 0) return cards;
  const taken = new Set([...gpusOnHost(snapshot, host.id).map((row) => row.card), ...(host.observed?.heldCards ?? [])]);
  return cards.filter((card) => !taken.has(card));
}

/** Cards of a host that are no node's and not free either, because a container from before still uses them. */
export function cardsOfOthers(snapshot: Pick<Snapshot, "gpus">, host: HostRow): readonly string[] {
  const owned = new Set(gpusOnHost(snapshot, host.id).map((row) => row.card));
  const cards = new Set(cardsToGive(host.observed?.facts));
  return (host.observed?.heldCards ?? none).filter((card) => cards.has(card) && !owned.has(card));
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

/** A node's cards that its host shows no more: they were taken out, replaced, or fell off the bus. None while that cannot be known. */
export function missingGpus(
  snapshot: Pick<Snapshot, "gpus">,
  node: Pick<NodeRow, "id">,
  host: Pick<HostRow, "observed">,
): readonly string[] {
  const rows = gpusOfNode(snapshot, node.id);
  const facts = rows.length > 0 ? host.observed?.facts : undefined;
  if (!facts?.engine || !facts.nvidia) return none;
  const shown = new Set(facts.nvidia.cards.map(({ id }) => id));
  return rows.flatMap(({ card }) => (shown.has(card) ? [] : [card]));
}

/**
 * Gives nodes that do not run another card in the place of one that their host shows no more, as far as there are free ones. Only on a host that
 * has heard everything so far: what it may still start with the old card it then tells as held, should that card come back. A host whose driver
 * has cards that it has not woken may yet show the missing one.
 */
export function replaceGpus(snapshot: Snapshot, now: number): Change[] {
  const changes: Change[] = [];
  for (const host of snapshot.hosts) {
    const rows = gpusOnHost(snapshot, host.id);
    if (rows.length === 0 || host.fencedAt !== null || !current(host, snapshot.installation) || blind(host, now)) continue;
    if ((host.observed?.facts.nvidia?.asleep ?? 0) > 0) continue;
    const ids = [...new Set(rows.map((row) => row.nodeId))];
    const nodes = ids.flatMap((id) => nodeOf(snapshot, id) ?? []).filter((node) => waitsForCard(snapshot, node, host));
    // Who is to run comes first.
    nodes.sort((a, b) => Number(runs(snapshot, b)) - Number(runs(snapshot, a)) || a.number - b.number);
    for (const node of nodes)
      for (const card of missingGpus(snapshot, node, host)) {
        const [taken] = takeGpus(snapshot, host.id, node.id, 1, changes) ?? [];
        if (taken) changes.push({ op: "freeGpu", hostId: host.id, card, nodeId: node.id }, taken);
      }
  }
  return changes;
}

function waitsForCard(snapshot: Snapshot, node: NodeRow, host: HostRow): boolean {
  if (node.removing || node.evicting || !node.observed || node.observed.state === "running") return false;
  return missingGpus(snapshot, node, host).length > 0;
}

function runs(snapshot: Snapshot, node: NodeRow): boolean {
  return clusterOf(snapshot, node.clusterId)?.desired === "running";
}

/** What is to be said of a node's missing cards; null: none is missing. */
export function missingWords(snapshot: Pick<Snapshot, "gpus">, node: NodeRow, host: HostRow): string | null {
  const missing = missingGpus(snapshot, node, host);
  if (missing.length === 0) return null;
  const [its, gets] = missing.length === 1 ? ["GPU", "another one"] : ["GPUs", "others"];
  const lost = `${host.name} does not show its ${its} ${missing.map((card) => card.slice(0, 12)).join(" and ")} any more`;
  if (node.observed?.state === "running")
    return `${lost}: programs cannot compute there; stopped and started, it gets ${gets}, if ${host.name} has free ones`;
  if ((host.observed?.facts.nvidia?.asleep ?? 0) > 0)
    return `${lost}, and its driver has some there that it has not woken: run nvidia-persistenced on it`;
  if (freeCards(snapshot, host).length >= missing.length) return `${lost}; it gets ${gets}`;
  return `${lost} and has no other free: put the card back or start its driver, delete a cluster that has GPUs there, or let a site administrator drain ${host.name}`;
}
