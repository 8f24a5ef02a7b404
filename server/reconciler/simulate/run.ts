import { knowsCopies } from "../../../agents/protocol/copy.ts";
import { HostError } from "../../../agents/protocol/errors.ts";
import type { NvidiaFacts } from "../../../agents/protocol/gpu.ts";
import type { HostObservation } from "../../../agents/protocol/observed.ts";
import { settleHost, takeStep } from "../../hosts/fake/converge.ts";
import { type Arrival, arrive, beginArrival, written } from "../../hosts/fake/copy.ts";
import { accept, type FakeHost, makeFakeHost, powerOff, powerOn, restartAgent } from "../../hosts/fake/host.ts";
import { picture } from "../../hosts/fake/picture.ts";
import type { Carriage } from "../../planner/copies.ts";
import { leastMoveAfterSeconds } from "../../planner/moves.ts";
import { plan as realPlan } from "../../planner/plan.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { type Core, makeCore } from "../core.ts";
import { type MemoryStore, memoryStore } from "../store/memory.ts";
import { cardsFor } from "../testing/heard.ts";
import { flavor, freshRows } from "../testing/rows.ts";
import { crashing, SimulatedCrash } from "./crashing.ts";
import { before, checkAlways, checkConverged, Violation } from "./invariants.ts";
import { act, type People } from "./people.ts";
import { makeRandom, type Random } from "./random.ts";

export interface RunOptions {
  readonly seed: number;
  /** Things that happen before peace comes. */
  readonly events?: number;
  /** A broken planner, to see that the checks see it. */
  readonly plan?: typeof realPlan;
}

export interface RunResult {
  readonly violation: string | null;
  readonly history: readonly string[];
  readonly events: number;
}

const start = Date.UTC(2026, 0, 1);

/** One life of an installation: real planner and reconciler, fake hosts, random people, faults and crashes; then peace, and a look around. */
export async function run({ seed, events = 150, plan = realPlan }: RunOptions): Promise<RunResult> {
  const random = makeRandom(seed);
  const history: string[] = [];
  let clock = start;
  let ids = 0;
  const now = (): number => clock;
  const newId = (prefix: string): string => {
    ids += 1;
    return `${prefix}${String(ids).padStart(5, "0")}`;
  };
  let wishes = 0;
  const counting: typeof realPlan = (...input) => {
    const result = plan(...input);
    wishes += result.changes.length;
    return result;
  };
  const store = memoryStore(siteOf(random, withCards(seed), withDrains(seed)));
  const hosts: FakeHost[] = store.rows().hosts.map(({ id }, index) =>
    makeFakeHost({
      id,
      installation: "isite",
      now,
      // Of every eighth life one agent is older than copies.
      facts: {
        understands: seed % 8 === 5 && index === 0 ? [] : [knowsCopies],
        memoryMb: random.pick([9_216, 17_408, 33_792]) ?? 9_216,
        cpus: 4,
        nvidia: cardsOf(seed, index),
      },
      peers: () => hosts,
    }),
  );
  if (withCards(seed)) for (const host of hosts) leaveBehind(host, random);
  const people: People = {
    hosts,
    store,
    random,
    now,
    newId,
    words: { copies: new Set(), condemned: new Set(), tenants: new Set() },
    tenantsGo: seed % 8 === 3,
    drains: withDrains(seed),
  };
  // A third of the lives are without storms: there other things happen more often.
  const calm = random.oneIn(3);
  const world = makeWorld({
    calm,
    drains: withDrains(seed),
    random,
    store,
    hosts,
    now,
    newId,
    plan: counting,
    history,
    cards: withCards(seed),
  });
  let happened = 0;
  let earlier = store.rows();
  const check = (): void => {
    checkAlways(earlier, store.rows(), hosts, people.words, clock);
    earlier = store.rows();
  };
  try {
    for (; happened < events; happened += 1) {
      clock += random.oneIn(people.drains ? 30 : 10) ? random.below(30_000) : random.below(500);
      if (random.oneIn(5)) note(history, act(people, calm));
      else await world.event(check);
      check();
    }
    history.push("-- peace --");
    // Twice: addresses that rested meanwhile let waiting clusters in.
    for (const pause of [0, 120_000]) {
      clock += pause;
      for (let round = 0, quiet = 0; round < 60 && quiet < 3; round += 1) {
        clock += 2_000;
        wishes = 0;
        await world.peace(check);
        quiet = wishes === 0 ? quiet + 1 : 0;
      }
    }
    checkConverged(store.rows(), hosts, people.words);
    wishes = 0;
    await world.peace(check);
    if (wishes > 0) throw new Violation("it is never at rest: the planner still wants something");
    return { violation: null, history, events: happened };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const kind = error instanceof Violation ? "" : `${error.name}: `;
    return { violation: kind + (error instanceof Violation ? error.message : (error.stack ?? error.message)), history, events: happened };
  }
}

/** In every fourth life there are cards, and flavors with some: two to five on a host, and now and then one cannot hand them out. */
const withCards = (seed: number): boolean => seed % 4 === 0;

/** In another fourth hosts are drained all the time, which needs some to go to, and much that happens between two wishes. */
const withDrains = (seed: number): boolean => seed % 4 === 2;

function cardsOf(seed: number, host: number): NvidiaFacts {
  return { toolkit: (seed / 4 + host) % 7 !== 6, cards: cardsFor(host, withCards(seed) ? ((seed / 4 + host) % 4) + 2 : 0) };
}

/** The machine was a host before, under another name: what it ran then still runs, until the grace for what nobody names is over. */
function leaveBehind(host: FakeHost, random: Random): void {
  for (const { id } of host.facts.nvidia?.cards ?? []) {
    if (random.oneIn(2)) continue;
    const node = `${before}${id}`;
    const nobodys = { ip: node, segment: "none", volume: node, image: "none", memoryMb: 0, incarnation: 1 };
    host.disk.containers.set(node, { node, ...nobodys, gpus: [id], state: "running", startedAt: null, healthy: true });
  }
}

function collect(host: FakeHost): boolean {
  const left = [...host.disk.containers.keys()].filter((node) => node.startsWith(before));
  for (const node of left) host.disk.containers.delete(node);
  return left.length > 0;
}

/** Most cards that a host ever has in a life, with those that were replaced. */
const mostCards = 9;

/** A card falls off the bus, is put back or replaced by another one, or Docker forgets how to hand cards out. */
function meddle(host: FakeHost, random: Random): string | null {
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

/** Up to four hosts, few addresses or many, segments of every kind, and sometimes nodes that move without anybody's word. */
function siteOf(random: Random, cards: boolean, drains: boolean): Snapshot {
  const rows = freshRows((drains ? 2 : 1) + random.below(drains ? 3 : 4), random.oneIn(2) ? 5 : 248);
  return {
    ...rows,
    installation: {
      ...rows.installation,
      placement: random.oneIn(2) ? "spread" : "pack",
      moveAfterSeconds: random.oneIn(2) ? leastMoveAfterSeconds + random.below(60) : null,
    },
    flavors: cards ? [...rows.flavors, flavor("cards", 1, 4096, 4, 1), flavor("two-cards", 2, 4096, 5, 2)] : rows.flavors,
    segments: rows.segments.map((segment, index) => {
      const uplink = random.pick(["none", "vlan", "vxlan"] as const) ?? "none";
      return { ...segment, uplink, vlanId: uplink === "vlan" ? 100 + index : null, vni: uplink === "vxlan" ? 7000 + index : null };
    }),
  };
}

function note(history: string[], words: string | null): void {
  if (words) history.push(words);
}

interface World {
  /** Something of the machinery happens, or fails. */
  event(check: () => void): Promise<void>;
  /** One round in which everything works. */
  peace(check: () => void): Promise<void>;
}

interface WorldParts {
  /** Hosts keep their power and their connection. */
  readonly calm: boolean;
  readonly drains: boolean;
  readonly random: Random;
  readonly store: MemoryStore;
  readonly hosts: readonly FakeHost[];
  readonly now: () => number;
  readonly newId: (prefix: string) => string;
  readonly plan: typeof realPlan;
  readonly history: string[];
  /** Somebody takes cards out of hosts, and puts others in. */
  readonly cards: boolean;
}

function makeWorld({ calm, drains, random, store, hosts, now, newId, plan, history, cards }: WorldParts): World {
  let faulty = true;
  let core = makeReconciler();
  // How long nothing comes from a host, and nothing gets there.
  const deaf = new Map<string, number>();
  const dumb = new Map<string, number>();
  const cut = (map: ReadonlyMap<string, number>, host: FakeHost): boolean => host.power === "off" || now() < (map.get(host.id) ?? 0);
  const pictures = new Map<string, HostObservation[]>(hosts.map((host) => [host.id, []]));
  const unheard = new Set(hosts.map((host) => host.id));
  // Disks between two hosts: begun to be read, read to the end, and not yet there.
  const flights = new Map<string, { carriage: Carriage; arrival: Arrival; text: string | null }>();
  const named = (id: string): FakeHost => hosts.find((host) => host.id === id) ?? hosts[0]!;

  function makeReconciler(): Core {
    const flaky = crashing(store, random, () => faulty);
    return makeCore({
      store: flaky.store,
      now,
      newId,
      plan,
      site: { origin: (endpoint, cluster) => `http://${endpoint}-${cluster}.localhost` },
      log: () => undefined,
      apply: async (spec) => {
        const host = hosts.find((entry) => entry.id === spec.host);
        if (!host) throw new Error(`no host ${spec.host}`);
        flaky.point("put");
        if (cut(deaf, host) || (faulty && random.oneIn(8))) throw unreachable();
        const generation = accept(host, spec);
        if (cut(dumb, host) || (faulty && random.oneIn(8))) throw unreachable();
        flaky.point("put done");
        return generation;
      },
    });
  }

  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    history.push(what);
    try {
      await work();
    } catch (error) {
      if (error instanceof SimulatedCrash) {
        history.push(`  the reconciler dies: ${error.message}`);
        reborn();
      } else if (error instanceof HostError) history.push(`  ${error.fault.code}`);
      else throw error;
    }
  };
  const reborn = (): void => {
    core = makeReconciler();
    for (const host of hosts) unheard.add(host.id);
    breakOff();
  };
  const breakOff = (): void => {
    for (const { carriage } of flights.values()) named(carriage.to).memory.arriving.delete(carriage.volume);
    flights.clear();
  };
  /** One step of one disk's way, as the process beside the core takes it. */
  const carry = (carriage: Carriage): void => {
    const [from, to] = [named(carriage.from), named(carriage.to)];
    const flight = flights.get(carriage.volume);
    const broken = [from, to].some((host) => cut(deaf, host) || cut(dumb, host)) || (faulty && random.oneIn(6));
    try {
      if (broken) throw unreachable();
      if (!flight) {
        const begun = written(from, carriage.copyOf);
        const arrival = beginArrival(to, carriage.volume);
        if (arrival) flights.set(carriage.volume, { carriage, arrival, text: null });
        history.push(`${carriage.copyOf} of ${from.id} begins to go to ${to.id} as ${carriage.volume} (${begun.length})`);
      } else if (flight.text === null) {
        // A source that is in use again has broken it off.
        flight.text = JSON.stringify(written(from, carriage.copyOf));
      } else {
        flights.delete(carriage.volume);
        arrive(to, flight.arrival, flight.text);
        history.push(`${carriage.volume} is there whole`);
      }
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      flights.delete(carriage.volume);
      to.memory.arriving.delete(carriage.volume);
      history.push(`  ${carriage.volume}: ${error.fault.code}`);
    }
  };
  const carrySome = (): void => {
    const carriage = random.pick([...[...flights.values()].map((flight) => flight.carriage), ...core.carriages()]);
    if (carriage) carry(carriage);
  };
  const deliver = async (host: FakeHost, seen: HostObservation): Promise<void> => {
    const first = unheard.delete(host.id);
    await attempt(`${host.id} shows picture ${seen.sequence} of generation ${seen.generation}${first ? ", its first" : ""}`, () =>
      core.observe(seen, first),
    );
  };

  const happenings: readonly ((host: FakeHost) => Promise<void> | void)[] = [
    () => attempt("reconcile", () => core.reconcile()),
    () => attempt("tick", () => core.tick()),
    async () => {
      const id = random.pick(core.pending());
      if (id) await attempt(`tell ${id}`, () => core.push(id));
    },
    (host) => step(host),
    (host) => step(host),
    (host) => step(host),
    () => carrySome(),
    () => carrySome(),
    async (host) => {
      const seen = picture(host);
      pictures.get(host.id)?.push(seen);
      if (cut(dumb, host)) unheard.add(host.id);
      else await deliver(host, seen);
    },
    async (host) => {
      // Late: taken earlier, arriving now.
      const old = random.pick(pictures.get(host.id) ?? []);
      if (old && !unheard.has(host.id) && !cut(dumb, host)) await deliver(host, old);
    },
    (host) => {
      // Taken now, delivered some time later.
      pictures.get(host.id)?.push(picture(host));
    },
    (host) => {
      if (calm || !random.oneIn(3)) return;
      const until = now() + 5_000 + random.below(295_000);
      const ways = random.pick(["both", "from", "to"] as const);
      history.push(`${host.id} is cut off (${ways}) for ${Math.round((until - now()) / 1000)} s`);
      if (ways !== "to") dumb.set(host.id, until);
      if (ways !== "from") deaf.set(host.id, until);
      if (random.oneIn(3)) {
        for (const map of [deaf, dumb]) map.delete(host.id);
        history.push(`  and is back`);
      }
    },
    (host) => {
      if (calm || (host.power === "on" && !random.oneIn(5))) return;
      if (host.power === "off" && !random.oneIn(2)) return;
      history.push(`${host.id} loses its power`.replace("loses", host.power === "on" ? "loses" : "has again"));
      if (host.power === "on") powerOff(host);
      else powerOn(host);
      pictures.set(host.id, []);
      unheard.add(host.id);
    },
    (host) => {
      if (!random.oneIn(4) || host.power === "off") return;
      history.push(`the agent of ${host.id} starts again`);
      restartAgent(host);
      pictures.set(host.id, []);
      unheard.add(host.id);
    },
    (host) => {
      const id = random.pick([...host.disk.containers.keys()]);
      if (!id || !random.oneIn(4) || host.power === "off") return;
      history.push(`somebody removes the container of ${id} by hand`);
      host.disk.containers.delete(id);
    },
    () => {
      if (!random.oneIn(4)) return;
      history.push("the reconciler is killed");
      reborn();
    },
    ...(cards ? [(host: FakeHost) => note(history, meddle(host, random)), (host: FakeHost) => note(history, meddle(host, random))] : []),
  ];
  const step = (host: FakeHost): void => {
    const fault = random.oneIn(6) ? (random.pick(["before", "after", "crash"] as const) ?? "none") : "none";
    if (!takeStep(host, random.below, fault)) return;
    history.push(`${host.id} takes a step (${fault})`);
    if (fault !== "crash") return;
    pictures.set(host.id, []);
    unheard.add(host.id);
  };

  /** Every host hears, does and says something: in lives in which little is waited for. */
  const stride = async (check: () => void): Promise<void> => {
    for (const id of core.pending()) await attempt(`tell ${id}`, () => core.push(id));
    for (const host of hosts) {
      if (host.power === "off") continue;
      for (let steps = random.below(5); steps > 0; steps -= 1) step(host);
      if (cut(dumb, host)) unheard.add(host.id);
      else await deliver(host, picture(host));
      carrySome();
      check();
    }
  };

  return {
    async event(check) {
      if (drains && random.oneIn(3)) return stride(check);
      const host = random.pick(hosts);
      const happening = random.pick(happenings);
      if (host && happening) await happening(host);
    },
    async peace(check) {
      faulty = false;
      breakOff();
      for (const map of [deaf, dumb]) map.clear();
      for (const host of hosts) {
        powerOn(host);
        collect(host);
        // Cards stay where they are, or away.
        if (host.facts.nvidia) host.facts = { ...host.facts, nvidia: { ...host.facts.nvidia, toolkit: true } };
      }
      await core.tick();
      await core.reconcile();
      check();
      for (const id of core.pending()) await core.push(id);
      for (const host of hosts) {
        settleHost(host);
        check();
        await core.observe(picture(host), unheard.delete(host.id));
        check();
      }
      for (const carriage of core.carriages()) {
        for (let steps = 0; steps < 3; steps += 1) carry(carriage);
        check();
      }
    },
  };
}

function unreachable(): HostError {
  return new HostError({ code: "host_unreachable", message: "The host's agent does not answer.", retryable: true });
}
