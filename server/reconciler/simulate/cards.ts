/** Cards of hosts in a life: who has some, and what happens to them. */
import type { NvidiaFacts } from "../../../agents/protocol/gpu.ts";
import type { FakeHost } from "../../hosts/fake/host.ts";
import { cardsFor } from "../testing/heard.ts";
import { before } from "./invariants.ts";
import type { Random } from "./random.ts";

/** In every fourth life there are cards, and flavors with some: two to five on a host, and now and then one cannot hand them out. */
export const withCards = (seed: number): boolean => seed % 4 === 0;

/** What a host of this life begins with. */
export function cardsOf(seed: number, host: number): NvidiaFacts {
  return { toolkit: (seed / 4 + host) % 7 !== 6, cards: cardsFor(host, withCards(seed) ? ((seed / 4 + host) % 4) + 2 : 0) };
}

/** The machine was a host before, under another name: what it ran then still runs, until the grace for what nobody names is over. */
export function leaveBehind(host: FakeHost, random: Random): void {
  for (const { id } of host.facts.nvidia?.cards ?? []) {
    if (random.oneIn(2)) continue;
    const node = `${before}${id}`;
    const nobodys = { ip: node, segment: "none", volume: node, image: "none", memoryMb: 0, incarnation: 1 };
    host.disk.containers.set(node, { node, ...nobodys, gpus: [id], state: "running", startedAt: null, healthy: true });
  }
}

/** What it ran before is gone. Gives whether there was any. */
export function collect(host: FakeHost): boolean {
  const left = [...host.disk.containers.keys()].filter((node) => node.startsWith(before));
  for (const node of left) host.disk.containers.delete(node);
  return left.length > 0;
}

/** Most cards that a host ever has in a life, with those that were replaced. */
const mostCards = 9;

/** A card falls off the bus, is put back or replaced by another one, or Docker forgets how to hand cards out. */
export function meddle(host: FakeHost, random: Random): string | null {
  const { nvidia } = host.facts;
  if (!nvidia) return null;
  if (random.oneIn(6)) return host.power === "on" && collect(host) ? `${host.id} removes what it ran before` : null;
  const set = (change: Partial<NvidiaFacts>): void => {
    host.facts = { ...host.facts, nvidia: { ...nvidia, ...change } };
  };
  const all = cardsFor(Number(host.id.replace(/\D/g, "")), mostCards);
  const [there, away] = [nvidia.cards, all.filter(({ id }) => !nvidia.cards.some((card) => card.id === id))];
  const [old, other] = [random.pick(there), random.pick(away)];
  const without = there.filter((card) => card !== old);
  const what = random.below(12);
  if (what === 0) {
    set({ toolkit: !nvidia.toolkit });
    return `Docker of ${host.id} can ${nvidia.toolkit ? "no longer" : "again"} hand out cards`;
  }
  if (what === 1) {
    set({ asleep: nvidia.asleep ? 0 : 1 });
    return `a card of ${host.id} ${nvidia.asleep ? "is awake" : "sleeps"}`;
  }
  if (what < 4 && old) {
    set({ cards: without });
    return `${host.id} loses the card ${old.id}`;
  }
  if (what < 6 && other && there.length < 5) {
    set({ cards: [...there, other] });
    return `${host.id} has the card ${other.id} (again)`;
  }
  if (what > 8 || !old || !other) return null;
  set({ cards: [...without, other] });
  return `the card ${old.id} of ${host.id} is replaced by ${other.id}`;
}
