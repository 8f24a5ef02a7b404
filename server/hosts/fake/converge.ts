import { cardsToGive } from "../../../agents/protocol/gpu.ts";
import type { NodeSpec } from "../../../agents/protocol/spec.ts";
import { arrive, type FakeHost, restartAgent, type StepFault } from "./host.ts";

/** One idempotent step that the host could take now. */
export interface FakeStep {
  /** What it belongs to: `image <tag>`, `node <id>`, … */
  readonly key: string;
  readonly run: () => void;
}

/** All steps that the host could take now towards its spec; empty when it has converged. */
export function steps(host: FakeHost): FakeStep[] {
  const { spec, images, segments, volumes, containers, destroyed } = host.disk;
  if (!spec || host.power === "off") return [];
  const { resting, arriving } = host.memory;
  if (!host.memory.looked) return [{ key: "look", run: () => void Object.assign(host.memory, { looked: true }) }];
  const all: FakeStep[] = [];
  const add = (key: string, run: () => void): void => void all.push({ key, run });
  for (const { tag } of spec.images) {
    const state = images.get(tag);
    if (state !== "present") add(`image ${tag}`, () => images.set(tag, state ? "present" : "building"));
  }
  for (const { id, desired, gateway } of spec.segments) {
    const used = [...containers.values()].some((container) => container.segment === id);
    if (desired === "present" && !segments.has(id)) add(`segment ${id}`, () => segments.set(id, gateway));
    if (desired === "deleted" && segments.has(id) && !used) add(`segment ${id}`, () => segments.delete(id));
  }
  for (const { id, desired, sizeMb } of spec.volumes) {
    const used = [...containers.values()].some((container) => container.volume === id);
    const leaves = desired === "present" && spec.outgoing.includes(id);
    if (desired === "present" && !volumes.has(id)) add(`volume ${id}`, () => volumes.set(id, { sizeMb, written: [] }));
    if (leaves && volumes.has(id) && !used && !resting.has(id)) add(`volume ${id}`, () => resting.add(id));
    if (!leaves && resting.has(id)) add(`volume ${id}`, () => resting.delete(id));
    if (!leaves && arriving.has(id)) add(`volume ${id}`, () => arriving.delete(id));
    if (desired === "deleted" && volumes.has(id) && !used)
      add(`volume ${id}`, () => {
        volumes.delete(id);
        destroyed.push(id);
      });
  }
  for (const node of spec.nodes) {
    const run = nodeStep(host, node);
    if (run) add(`node ${node.id}`, run);
  }
  return all;
}

function nodeStep(host: FakeHost, node: NodeSpec): (() => void) | null {
  const { containers, segments, volumes, images } = host.disk;
  const { inFlight, secrets } = host.memory;
  const container = containers.get(node.id);
  if (inFlight.has(node.id)) return () => arrive(host, node.id);
  if (node.desired === "deleted") return container ? () => containers.delete(node.id) : null;
  if (node.desired === "stopped") return container?.state === "running" ? () => set(container, "exited", null) : null;
  const fits =
    container &&
    container.ip === node.ip &&
    container.image === node.image &&
    container.incarnation === node.incarnation &&
    container.gpus.join() === node.gpus.join();
  if (container && !fits) return () => containers.delete(node.id);
  if (container?.state === "running") return container.healthy ? null : () => void Object.assign(container, { healthy: true });
  if (!secrets.has(node.id) || images.get(node.image) !== "present" || !segments.has(node.segment) || !volumes.has(node.volume))
    return null;
  // Neither one that is being copied, nor one that was until this moment.
  if (host.disk.spec?.outgoing.includes(node.volume) || host.memory.resting.has(node.volume)) return null;
  // The engine refuses to start what has a card that is not there.
  if (!node.gpus.every((card) => cardsToGive(host.facts).includes(card))) return container ? null : () => inFlight.add(node.id);
  if (container)
    return () => {
      volumes.get(node.volume)?.written.push(`${node.id} ${host.id} ${host.now()} ${volumes.get(node.volume)?.written.length}`);
      set(container, "running", new Date(host.now()).toISOString());
    };
  return () => inFlight.add(node.id);
}

function set(
  container: { state: string; startedAt: string | null; healthy: boolean },
  state: "running" | "exited",
  startedAt: string | null,
): void {
  Object.assign(container, { state, startedAt, healthy: false });
}

/** Takes one step, with a fault. Gives false when there was none to take. */
export function takeStep(host: FakeHost, choose: (n: number) => number, fault: StepFault): boolean {
  const possible = steps(host);
  const step = possible[possible.length > 0 ? choose(possible.length) : 0];
  if (!step) return false;
  if (fault !== "before") step.run();
  if (fault === "crash") restartAgent(host);
  else if (fault === "none") host.memory.faults.delete(step.key);
  else host.memory.faults.set(step.key, { code: "engine_error", message: "The engine did not do it.", retryable: true });
  return true;
}

/** Steps until nothing is left to do. What failed and is tried again then finds that it was done. */
export function settleHost(host: FakeHost): void {
  while (takeStep(host, () => 0, "none"));
  host.memory.faults.clear();
}
