/** The agent put together: drivers, what is known, the work by key, the sockets. Made by main and by tests. */
import type { Server } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { PartRole } from "../identity/names.ts";
import { HostError } from "../protocol/errors.ts";
import type { HostSpec } from "../protocol/spec.ts";
import { type Auditor, makeAuditor } from "./audit/auditor.ts";
import { type Backoff, makeFaults } from "./converge/faults.ts";
import { refreshFirewall } from "./converge/filter.ts";
import { keyed } from "./converge/keyed.ts";
import { type RenderFiles, wantedOf } from "./converge/nodes.ts";
import { onlyWanted } from "./converge/only-wanted.ts";
import { workKey } from "./converge/work.ts";
import { type Dirs, dirsOf, makeDirs } from "./dirs.ts";
import type { EngineEvent, EngineFacts } from "./drivers/container/port.ts";
import { bypassHostFilter } from "./drivers/network/bridge-filter.ts";
import type { Drivers } from "./drivers/types.ts";
import type { Identity } from "./enrol/identity.ts";
import type { AgentEnv } from "./env.ts";
import { hostFacts } from "./facts.ts";
import { onlyLeaving } from "./firewall/fewer.ts";
import { makeLease } from "./lease.ts";
import type { Log } from "./log.ts";
import { makeMonitor } from "./monitor/monitor.ts";
import { picture } from "./observe.ts";
import { closer } from "./serve/close.ts";
import { makeFeed } from "./serve/feed.ts";
import { gatewayServer } from "./serve/gateway.ts";
import { listenOn } from "./serve/listen.ts";
import { portalServer } from "./serve/portal.ts";
import { reconcilerServer } from "./serve/reconciler.ts";
import { makeTerminals } from "./serve/terminal.ts";
import { openTlsDoor, type TlsDoor } from "./serve/tls.ts";
import { type SpecStore, specStore } from "./spec-store.ts";
import { makeSurvey } from "./survey.ts";
import { emptyWorld, type World } from "./world.ts";

export interface AgentParts {
  readonly env: AgentEnv;
  readonly log: Log;
  readonly drivers: Drivers;
  readonly render: RenderFiles;
  readonly now: () => number;
  readonly backoff?: Backoff;
  /** Of an agent on another machine than the platform's: it also listens with TLS, where its settings say. */
  readonly identity?: Identity;
}

export interface Agent {
  readonly world: World;
  readonly auditor: Pick<Auditor, "attest">;
  /** The port for the platform on other machines; null: there is none. */
  readonly door: TlsDoor | null;
  /** Stops converging and closes the sockets. Containers go on. */
  stop(): Promise<void>;
}

const patienceMs = 3_000;
const surveyEveryMs = 20_000;
/** A look that the engine leaves without an answer for so long does not keep the next from beginning. */
const longestLookMs = 120_000;

/** Starts an agent: reads the last spec, opens the sockets, follows the engine. */
export async function startAgent({ env, log, drivers, render, now, backoff, identity }: AgentParts): Promise<Agent> {
  const dirs: Dirs = dirsOf(env.state, env.run);
  await makeDirs(dirs);
  const kept = specStore(dirs.specFile, env.installation, env.host);
  await kept.load();
  const halt = new AbortController();
  let retry: NodeJS.Timeout | null = null;
  let lookedAt = false;
  let looking: { readonly since: number; again: boolean } | null = null;
  let asked: EngineFacts | null = null;
  const faults = makeFaults(now, backoff);

  const lease = makeLease({
    seconds: () => kept.spec()?.leaseSeconds ?? null,
    clean: () => world.surveyed && onlyWanted(world),
    changed(fenced) {
      log.warn({ op: fenced ? "lease.over" : "lease.back" }, fenced ? "lease.over" : "lease.back");
      if (fenced) void fence();
      else queue.poke("firewall");
      world.changed();
    },
  });
  const store: SpecStore = {
    ...kept,
    accept(spec) {
      const saved = kept.accept(spec);
      if (kept.spec() === spec) lease.heard();
      return saved;
    },
  };

  /** Needs neither the engine nor a look around: nodes may run on while both fail. */
  async function fence(): Promise<void> {
    while (lease.fenced() && !halt.signal.aborted) {
      const failed = await refreshFirewall(world).then(
        () => false,
        () => true,
      );
      if (!failed) return;
      await delay(500, undefined, { signal: halt.signal }).catch(() => undefined);
    }
  }

  const queue = keyed((key) => workKey(world, render, key));
  const feed = makeFeed(() => (world.facts ? picture(world, world.facts, (node) => monitor.watched(node)) : null), now);
  const world = emptyWorld({
    env,
    log,
    drivers,
    store,
    faults,
    now,
    fenced: lease.fenced,
    poke: (key) => queue.poke(key),
    pokeSoon: (key) => queue.pokeSoon(key),
    pokeAll,
    changed: () => {
      if (lookedAt && !world.surveyed) {
        // A step left something unknown: no picture is taken for a look before the next survey.
        lookedAt = false;
        if (world.facts) world.facts = { ...world.facts, engine: null };
        lookAgain();
      }
      monitor.follow();
      auditor.follow();
      lease.look();
      feed.changed();
    },
    surprise(node, fault) {
      const spec = store.node(node);
      if (spec) faults.fail(`node:${node}`, wantedOf(spec), fault);
    },
  });
  const monitor = makeMonitor(world);
  const auditor = makeAuditor(world);
  const survey = makeSurvey(world);
  const terminals = makeTerminals(world);

  function pokeAll(before: HostSpec | null = null): void {
    const spec = store.spec();
    if (!spec) return;
    if (onlyLeaving(before, spec)) queue.pokeSoon("firewall");
    else queue.poke("firewall");
    for (const tag of new Set([...spec.images.map((i) => i.tag), ...spec.nodes.map((n) => n.image)])) queue.poke(`image:${tag}`);
    for (const { id } of spec.segments) queue.poke(`segment:${id}`);
    for (const { id } of spec.volumes) queue.poke(`volume:${id}`);
    for (const { id } of spec.nodes) queue.poke(`node:${id}`);
    queue.poke("collect");
    world.changed();
  }

  /** Of segments that are here, or are to be. */
  const bridges = (): Set<string> =>
    new Set([...[...world.networks.values()].map(({ bridge }) => bridge), ...(store.spec()?.segments ?? []).map(({ bridge }) => bridge)]);

  /** Looks at everything; what fails is looked at again soon, since nothing may happen that would make us look. */
  async function look(): Promise<void> {
    const own = { since: performance.now(), again: false };
    looking = own;
    try {
      const first = !world.surveyed;
      await survey.look();
      lookedAt = true;
      if (await drivers.firewall.lost()) log.warn({ op: "firewall.lost" }, "firewall.lost");
      if (first) void terminals.collect();
      if (first && store.spec() && !store.halted()) await refreshFirewall(world);
      pokeAll();
      if (!asked || !world.facts?.engine) asked = await drivers.containers.facts();
      // The engine loads the module that switches it on, so this is looked at whenever the engine is.
      if (env.bridgeFilter === "off")
        await bypassHostFilter().catch((error: unknown) => log.warn({ op: "bridge.filter", reason: String(error) }, "bridge.filter"));
      world.facts = await hostFacts(dirs.volumes, asked, bridges());
      faults.clear("survey");
    } catch (error) {
      const fault = error instanceof HostError ? error.fault : null;
      if (!fault) log.error({ err: error }, "survey");
      faults.fail("survey", "", fault ?? { code: "agent_error", message: "The host agent could not look at this host.", retryable: true });
      log.warn({ op: "survey", outcome: fault?.code ?? "error" }, "survey");
      retry = setTimeout(lookAgain, faults.waitMs("survey", "") ?? 0);
    } finally {
      if (looking === own) looking = null;
      world.changed();
      if (own.again && !looking) lookAgain();
    }
  }

  const busyLooking = (): boolean => looking !== null && performance.now() - looking.since < longestLookMs;

  /** One look at a time: what is asked for meanwhile is done after it. */
  function lookAgain(): void {
    if (retry) clearTimeout(retry);
    retry = null;
    if (world.engineFault || halt.signal.aborted) return;
    if (looking && busyLooking()) looking.again = true;
    else void look();
  }

  function onEngine(event: EngineEvent): void {
    if (event.kind === "connected") {
      world.engineFault = null;
      faults.clearCode("engine_unreachable");
      // What an engine refuses while it ends says nothing about the one that is there now.
      faults.clearCode("engine_refused");
      // Another engine version may have come up, and images may have gone while it was away.
      if (world.facts) world.facts = { ...world.facts, engine: null };
      for (const [tag, image] of world.images) if (image.state === "present") world.images.delete(tag);
      log.info({ op: "engine.connected" }, "engine.connected");
      lookAgain();
    } else if (event.kind === "lost") {
      world.engineFault = event.fault;
      log.warn({ op: "engine.lost" }, "engine.lost");
      world.changed();
    } else if (event.kind === "oom") monitor.oom(event.id, event.atMs);
    else if (event.kind === "altered") auditor.altered(event.id);
    else survey.event(event);
  }

  if (lease.fenced()) void fence();
  await drivers.volumes.discardPartial();
  world.facts = await hostFacts(dirs.volumes, null, bridges());
  const { socketOwners: owners } = env;
  const roles: Record<PartRole, Server> = {
    reconciler: reconcilerServer(world, feed),
    gateway: gatewayServer(world, terminals),
    portal: portalServer({ world, dirs, monitor, auditor }),
  };
  const sockets: [Server, string, number][] = [
    [roles.reconciler, dirs.reconcilerSocket, owners.reconciler],
    [roles.gateway, dirs.gatewaySocket, owners.gateway],
    [roles.portal, dirs.portalSocket, owners.portal],
  ];
  const closers = sockets.map(([server]) => closer(server));
  for (const [server, path, owner] of sockets) await listenOn(server, path, owner);
  const door = env.listen && identity ? await openTlsDoor({ identity, at: env.listen, roles, log, now }) : null;
  drivers.containers.watch(halt.signal, onEngine);
  const timer = setInterval(() => {
    if (!busyLooking()) lookAgain();
  }, surveyEveryMs);

  return {
    world,
    auditor,
    door,
    async stop() {
      clearInterval(timer);
      halt.abort();
      world.ended = true;
      if (retry) clearTimeout(retry);
      lease.stop();
      monitor.stop();
      auditor.stop();
      feed.stop();
      for (const { stop } of world.transfers.values()) stop.abort();
      await Promise.all([terminals.stop(), door?.close(), ...closers.map((close) => close())]);
      // A build may take minutes. Every step may be cut off anywhere, so nothing is lost by not waiting for it.
      await Promise.race([queue.stop(), delay(patienceMs, undefined, { ref: false })]);
    },
  };
}
