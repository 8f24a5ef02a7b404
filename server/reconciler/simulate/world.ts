import { HostError } from "../../../agents/protocol/errors.ts";
import type { HostObservation } from "../../../agents/protocol/observed.ts";
import { settleHost, takeStep } from "../../hosts/fake/converge.ts";
import { accept, type FakeHost, powerOff, powerOn, restartAgent } from "../../hosts/fake/host.ts";
import { picture } from "../../hosts/fake/picture.ts";
import type { plan as realPlan } from "../../planner/plan.ts";
import { type Core, makeCore } from "../core.ts";
import type { MemoryStore } from "../store/memory.ts";
import { collect, meddle } from "./cards.ts";
import { makeCarrier, unreachable } from "./carrier.ts";
import { crashing, SimulatedCrash } from "./crashing.ts";
import type { Random } from "./random.ts";

/** The machinery of a life: what happens in it by itself, and what fails. */
export interface World {
  /** Something of the machinery happens, or fails. */
  event(check: () => void): Promise<void>;
  /** One round in which everything works. */
  peace(check: () => void): Promise<void>;
}

export interface WorldParts {
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

/** Hosts, the ways to them and a reconciler that dies and comes again. */
export function makeWorld({ calm, drains, random, store, hosts, now, newId, plan, history, cards }: WorldParts): World {
  let faulty = true;
  let core = makeReconciler();
  // How long nothing comes from a host, and nothing gets there.
  const deaf = new Map<string, number>();
  const dumb = new Map<string, number>();
  const cut = (map: ReadonlyMap<string, number>, host: FakeHost): boolean => host.power === "off" || now() < (map.get(host.id) ?? 0);
  const pictures = new Map<string, HostObservation[]>(hosts.map((host) => [host.id, []]));
  const unheard = new Set(hosts.map((host) => host.id));
  const disks = makeCarrier({
    hosts,
    random,
    history,
    broken: (pair) => pair.some((host) => cut(deaf, host) || cut(dumb, host)) || (faulty && random.oneIn(6)),
  });

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
    disks.breakOff();
  };
  const deliver = async (host: FakeHost, seen: HostObservation): Promise<void> => {
    const first = unheard.delete(host.id);
    await attempt(`${host.id} shows picture ${seen.sequence} of generation ${seen.generation}${first ? ", its first" : ""}`, () =>
      core.observe(seen, first),
    );
  };

  const meddling = (host: FakeHost): void => {
    const words = meddle(host, random);
    if (words) history.push(words);
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
    () => disks.carrySome(core.carriages()),
    () => disks.carrySome(core.carriages()),
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
    ...(cards ? [meddling, meddling] : []),
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
      disks.carrySome(core.carriages());
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
      disks.breakOff();
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
        for (let steps = 0; steps < 3; steps += 1) disks.carry(carriage);
        check();
      }
    },
  };
}
