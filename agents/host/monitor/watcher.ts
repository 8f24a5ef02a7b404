/** Looks after one running container: its services, quickly until all answer, then now and then; and what it uses. */
import type { NodeObservation } from "../../protocol/observed.ts";
import type { NodeSpec } from "../../protocol/spec.ts";
import type { UsageSample } from "../drivers/container/port.ts";
import type { Watched } from "../observe.ts";
import type { Answer } from "../probe/probe.ts";
import type { Process } from "../supervisor/client.ts";
import type { World } from "../world.ts";
import type { FirstAnswers } from "./first-answers.ts";
import { observeService, type ServiceMemory, settled } from "./services.ts";

/** A node that is well is looked at this often; that its container ended is heard of at once. */
const slowMs = 4_000;
/** Supervisor, and services that answer already, are asked less often than those that are awaited: every answer costs CPU while a node starts. */
const supervisorEveryMs = 2_000;
const answeringEveryMs = 1_000;
const usageEveryMs = 5_000;
/** After this long a node that is not well is looked at slowly as well. */
const patienceMs = 90_000;

export interface Watcher {
  readonly container: string;
  view(): Pick<Watched, "services" | "sparkMaster" | "usage">;
  /** Something about the node changed: look quickly again. */
  hurry(): void;
  stop(): void;
}

export function watchNode(world: World, nodeId: string, container: string, first: FirstAnswers): Watcher {
  const supervisor = world.drivers.supervisorAt(`${world.drivers.files.paths(nodeId).run}/supervisor.sock`);
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  let hurriedAt = world.now();
  // Not of a single service's restart: the node's others answer all the while.
  const begunAt = hurriedAt;
  let askedAt = 0;
  let processes: readonly Process[] | null = null;
  const memory = new Map<string, ServiceMemory>();
  const answered = new Map<string, { readonly answer: Answer; readonly at: number }>();
  /** Services that did not answer yet, or are not asked yet. */
  const starting = new Set<string>();
  let sparkMaster: NodeObservation["sparkMaster"] = null;
  let usage: NodeObservation["usage"] = null;
  let sample: UsageSample | null = null;
  let usageAt = world.now();
  let members = 0;

  async function ask(now: number): Promise<void> {
    askedAt = now;
    processes = await supervisor.processes().catch(() => null);
  }

  /** The service's answer, a moment old where nothing new is expected of it. */
  async function answerOf(spec: NodeSpec, { id, probe }: NodeSpec["services"][number], now: number): Promise<Answer> {
    const last = answered.get(id);
    const complete = (last?.answer.sparkMaster?.aliveWorkers ?? members) >= members;
    if (last?.answer.healthy && complete && !passed(now, last.at, answeringEveryMs)) return last.answer;
    const kind = `${spec.image} ${id}`;
    if (!last?.answer.healthy && first.tooEarly(kind, now - begunAt)) {
      starting.add(id);
      return silent;
    }
    const answer = await world.drivers.probe(spec.ip, probe);
    if (!answer.healthy) starting.add(id);
    // One that answers the first question may have done so for days.
    else if (starting.delete(id)) first.note(kind, now - begunAt);
    answered.set(id, { answer, at: now });
    return answer;
  }

  async function look(spec: NodeSpec): Promise<void> {
    const now = world.now();
    const asked = passed(now, askedAt, supervisorEveryMs) ? ask(now) : Promise.resolve();
    const answers = await Promise.all(spec.services.map((service) => answerOf(spec, service, now)));
    await asked;
    // A service that just began to answer is news: supervisor must confirm it now.
    const news = spec.services.some((s, i) => answers[i]?.healthy && !memory.get(s.id)?.observation.healthy);
    if (news && askedAt !== now) await ask(world.now());
    if (stopped) return;
    sparkMaster = answers.find((a) => a.sparkMaster)?.sparkMaster ?? null;
    for (const [i, { id }] of spec.services.entries()) {
      const process = processes?.find((p) => p.name === id) ?? null;
      memory.set(id, observeService(id, memory.get(id), process, answers[i]?.healthy ?? false));
    }
  }

  async function measure(spec: NodeSpec): Promise<void> {
    const [next, data] = await Promise.all([world.drivers.containers.usage(container), world.drivers.volumes.usage(spec.volume)]);
    if (!next) return;
    const passed = sample ? next.atMs - sample.atMs : 0;
    const cpuCores = sample && passed > 0 ? Math.max(0, (next.cpuNs - sample.cpuNs) / 1e6 / passed) : 0;
    sample = next;
    usage = {
      cpuCores: Math.round(cpuCores * 100) / 100,
      memoryMb: next.memoryMb,
      dataUsedMb: data?.usedMb ?? 0,
      dataSizeMb: data?.sizeMb ?? 0,
    };
  }

  async function tick(): Promise<void> {
    const spec = world.store.node(nodeId);
    if (!spec || stopped) return;
    const before = JSON.stringify([...memory.values(), sparkMaster]);
    await look(spec);
    const now = world.now();
    if (passed(now, usageAt, usageEveryMs)) {
      usageAt = now;
      await measure(spec).catch(() => undefined);
    }
    if (stopped) return;
    if (JSON.stringify([...memory.values(), sparkMaster]) !== before) world.changed();
    const mates = matesOf(world, spec);
    if (mates !== members) {
      members = mates;
      hurriedAt = now;
    }
    const calm = settled(view().services, sparkMaster, members) || now - hurriedAt > patienceMs;
    timer = setTimeout(again, calm ? slowMs : pauseMs(now - hurriedAt));
  }

  function again(): void {
    timer = null;
    tick().catch((error: unknown) => {
      world.log.error({ err: error, node: nodeId }, "watch");
      if (!stopped) timer = setTimeout(again, slowMs);
    });
  }

  function view(): Pick<Watched, "services" | "sparkMaster" | "usage"> {
    const spec = world.store.node(nodeId);
    const services = (spec?.services ?? []).map(({ id }) => (memory.get(id) ?? observeService(id, undefined, null, false)).observation);
    return { services, sparkMaster, usage };
  }

  again();
  return {
    container,
    view,
    hurry() {
      hurriedAt = world.now();
      askedAt = 0;
      answered.clear();
      if (!timer) return;
      clearTimeout(timer);
      again();
    },
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
    },
  };
}

const silent: Answer = { healthy: false, sparkMaster: null };

/** Quick while people wait for a start that goes well, slower for one that takes long anyway: a part of what has passed. */
export function pauseMs(passedMs: number): number {
  return Math.min(slowMs, Math.max(200, passedMs / 20));
}

/** Whether so long has passed; also where the clock was set back, since nobody knows then. */
function passed(now: number, at: number, ms: number): boolean {
  return now < at || now - at >= ms;
}

/** Nodes of the same cluster, on whichever host. */
function matesOf(world: World, spec: NodeSpec): number {
  const segment = world.store.spec()?.segments.find((s) => s.id === spec.segment);
  return segment?.members.filter((m) => m.cluster === spec.cluster.id).length ?? 0;
}
