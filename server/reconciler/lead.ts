import { HostError } from "../../agents/protocol/errors.ts";
import type { HostObservation } from "../../agents/protocol/observed.ts";
import type { HostAgent } from "../hosts/port.ts";
import { type HostTarget, sameTarget } from "../hosts/transport.ts";
import { carry } from "./carry.ts";
import { clockWatch } from "./clock-watch.ts";
import { type Core, type CoreDeps, makeCore, type OpLog } from "./core.ts";
import { makeQueue } from "./queue.ts";
import type { Store } from "./store/port.ts";

export interface LeadDeps extends Omit<CoreDeps, "apply" | "stoodStill"> {
  readonly store: Store;
  /** The agent of a host. */
  readonly connect: (host: HostTarget, log: OpLog) => HostAgent;
  /** Calls back whenever people changed something, and when notifications may have been missed. Gives a function that ends it. */
  readonly onDesired: (wake: () => void) => Promise<() => Promise<void>>;
}

const resyncMs = 10_000;
// A host counts as silent after 15 s, and is shown so within 20.
const tickMs = 2_500;
const collectMs = 60_000;

/** Does the reconciler's work until the signal: level-triggered by keys, each of which only says what to look at. */
export async function lead(deps: LeadDeps, signal: AbortSignal): Promise<void> {
  const { log, store, now } = deps;
  const agents = new Map<string, { target: HostTarget; agent: HostAgent; stop: AbortController }>();
  const latest = new Map<string, { picture: HostObservation; first: boolean }>();
  const core: Core = makeCore({
    ...deps,
    stoodStill: clockWatch(now),
    onPending: (id) => queue.add(`push ${id}`),
    apply: (spec) => {
      if (!agents.has(spec.host)) connectHosts();
      const entry = agents.get(spec.host);
      if (!entry) throw new HostError({ code: "host_unreachable", message: "The host is not known any more.", retryable: true });
      return entry.agent.apply(spec);
    },
  });

  const work: Record<string, (id: string) => Promise<void>> = {
    async rows() {
      await timed(log, "reconcile", () => core.reconcile());
      connectHosts();
    },
    async picture(hostId) {
      const seen = latest.get(hostId);
      latest.delete(hostId);
      if (!seen) return;
      try {
        await core.observe(seen.picture, seen.first);
      } catch (error) {
        // Not lost with the failure: tried again, or a newer one in its place; being the first of its connection is true of that one too.
        const newer = latest.get(hostId);
        latest.set(hostId, newer ? { ...newer, first: newer.first || seen.first } : seen);
        throw error;
      }
    },
    push: (hostId) => core.push(hostId),
    // As long as it takes, beside everything else.
    async copy(volume) {
      const wanted = core.carriages().find((row) => row.volume === volume);
      const [from, to] = [agents.get(wanted?.from ?? "")?.agent, agents.get(wanted?.to ?? "")?.agent];
      if (wanted && from && to) await carry(from, to, wanted, log, signal);
    },
    tick: () => core.tick(),
    async collect() {
      const rows = await store.collect(now());
      if (rows > 0) log("info", "collect", { rows });
    },
  };
  const queue = makeQueue({
    async run(key) {
      const [kind = "", id = ""] = key.split(" ");
      await work[kind]?.(id);
      if (["push", "collect", "copy"].includes(kind)) return;
      for (const hostId of core.pending()) queue.add(`push ${hostId}`);
      for (const { volume } of core.carriages()) queue.add(`copy ${volume}`);
    },
    onError(key, error, failures, ms) {
      log("warn", "failed", { key, reason: error instanceof Error ? error.message : String(error), failures, againInMs: ms });
    },
  });

  const connectHosts = (): void => {
    const wanted = new Map(core.hosts().map((host) => [host.id, host]));
    for (const [id, entry] of agents)
      if (!sameTarget(wanted.get(id), entry.target)) {
        entry.stop.abort();
        agents.delete(id);
      }
    for (const [id, target] of wanted) if (!agents.has(id)) listenTo(id, target);
  };
  const listenTo = (id: string, target: HostTarget): void => {
    const stop = new AbortController();
    const agent = deps.connect(target, (level, op, fields) => log(level, op, { host: id, ...fields }));
    agents.set(id, { target, agent, stop });
    agent
      .observe(
        (picture, first) => {
          // A host's word counts for itself alone: what it said of another one would be taken for that one's.
          if (picture.host !== id) {
            log("error", "observe.foreign", { host: id, says: picture.host });
            return;
          }
          core.arrived(id);
          // Only the newest picture counts; being the first of its connection must not get lost with an older one.
          latest.set(id, { picture, first: first || (latest.get(id)?.first ?? false) });
          queue.add(`picture ${id}`);
        },
        AbortSignal.any([signal, stop.signal]),
      )
      .catch((error: unknown) => log("error", "host.observe", { host: id, reason: String(error) }));
  };

  const unlisten = await deps.onDesired(() => queue.add("rows"));
  const timers = [
    setInterval(() => queue.add("rows"), resyncMs),
    setInterval(() => queue.add("tick"), tickMs),
    setInterval(() => queue.add("collect"), collectMs),
  ];
  queue.add("rows");
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  for (const timer of timers) clearInterval(timer);
  for (const { stop } of agents.values()) stop.abort();
  await unlisten();
  await queue.stop();
}

async function timed(log: OpLog, op: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  await work();
  log("debug", op, { ms: Math.round(performance.now() - started) });
}
