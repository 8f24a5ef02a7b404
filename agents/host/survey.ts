/** Learns what is on the host: everything at the start and now and then, one container at each of the engine's events. */
import { label } from "../protocol/labels.ts";
import { update } from "./converge/nodes.ts";
import type { ContainerSeen, EngineEvent } from "./drivers/container/port.ts";
import { bridgeOf, rebind } from "./rebind.ts";
import type { World } from "./world.ts";

export interface Survey {
  /** Lists everything. Throws when the engine does not answer. */
  look(): Promise<void>;
  event(event: Exclude<EngineEvent, { kind: "connected" | "lost" }>): void;
}

/** A node that ran at least so long did not fail at its start. */
const steadyMs = 30_000;

export function makeSurvey(world: World): Survey {
  let touches = 0;
  /** What events said while a list was under way is newer than the list. */
  const touched = new Map<string, number>();
  const touch = (id: string) => touched.set(id, ++touches);

  function merge(seen: readonly ContainerSeen[], since: number): void {
    const present = new Set(seen.map((c) => c.id));
    for (const c of seen) {
      if ((touched.get(c.id) ?? 0) > since) continue;
      const known = world.containers.get(c.id);
      const same = known && known.state === c.state;
      world.containers.set(
        c.id,
        same ? { ...known, ...c } : { startedAt: null, exitCode: null, sandbox: null, binding: null, bound: false, ...c },
      );
      world.store.sawGeneration(Number(c.labels[label.generation] ?? 0));
    }
    for (const id of world.containers.keys()) if (!present.has(id) && (touched.get(id) ?? 0) <= since) world.containers.delete(id);
    for (const [id, at] of touched) if (at <= since) touched.delete(id);
  }

  return {
    async look() {
      const since = touches;
      // Only volumes and files are looked at before their keys work; afterwards the keys know better than an old list. But a `mount` of an
      // agent that was killed may end after that: files of nodes that no spec names are looked for every time.
      const first = !world.surveyed;
      const known = { networks: new Map(world.networks), volumes: new Map(world.volumes) };
      const [containers, networks, volumes, files] = await Promise.all([
        world.drivers.containers.list(),
        world.drivers.networks.list(),
        world.drivers.volumes.list(),
        world.drivers.files.list(),
      ]);
      merge(containers, since);
      takeList(world.networks, known.networks, new Map(networks.map((n) => [n.segment, n])));
      takeList(world.volumes, known.volumes, new Map(volumes.map((v) => [v.id, v])));
      for (const node of files) {
        if (!first && world.store.node(node)) continue;
        world.directories.add(node);
        const names = Object.keys(world.store.node(node)?.secrets ?? {});
        const have = new Set(await world.drivers.files.secrets(node));
        if (names.every((name) => have.has(name))) world.secretsThere.add(node);
      }
      if (first) await rebind(world);
      world.surveyed = true;
    },

    event(event) {
      touch(event.id);
      const node = event.labels[label.node] ?? "";
      const known = world.containers.get(event.id);
      if (event.kind === "created" && !known)
        world.containers.set(event.id, {
          id: event.id,
          name: event.name,
          state: "created",
          labels: event.labels,
          startedAt: null,
          exitCode: null,
          sandbox: null,
          binding: null,
          bound: false,
        });
      if (event.kind === "started" && known?.state !== "running")
        update(world, event.id, { state: "running", startedAt: null, sandbox: null, binding: null, bound: false });
      if (event.kind === "died") died(world, event, node);
      if (event.kind === "destroyed") {
        world.containers.delete(event.id);
        world.ending.delete(event.id);
        for (const key of [`volume:${event.labels[label.volume]}`, `segment:${event.labels[label.segment]}`, "collect"]) world.poke(key);
      }
      // Rules for a port that is gone harm nobody; a cluster's nodes end together.
      if (bridgeOf(world, event.labels)) world.pokeSoon("firewall");
      if (!world.store.node(node)) world.poke("collect");
      if (event.kind === "died") {
        world.faults.clearCode("growth_waits");
        world.poke(`volume:${event.labels[label.volume]}`);
      }
      world.poke(`node:${node}`);
      world.changed();
    },
  };
}

/** Makes what is known what a list says, but for what changed since it was begun: whoever made or removed that knows better. */
function takeList<T>(known: Map<string, T>, before: ReadonlyMap<string, T>, listed: ReadonlyMap<string, T>): void {
  const stayed = (id: string): boolean => known.get(id) === before.get(id);
  for (const [id, seen] of listed) if (stayed(id)) known.set(id, seen);
  for (const id of [...known.keys()]) if (!listed.has(id) && stayed(id)) known.delete(id);
}

function died(world: World, event: Extract<EngineEvent, { id: string }>, node: string): void {
  const known = world.containers.get(event.id);
  const exitCode = Number(event.labels.exitCode ?? "-1");
  update(world, event.id, { state: "exited", exitCode, binding: null, bound: false, sandbox: null });
  const spec = world.store.node(node);
  if (spec?.desired !== "running" || world.ending.has(event.id) || !known) return;
  world.log.warn({ op: "container.died", node, container: event.id.slice(0, 12), exitCode }, "container.died");
  const ranMs = known.startedAt === null ? 0 : event.atMs - Date.parse(known.startedAt);
  if (ranMs > steadyMs) world.faults.clear(`node:${node}`);
  world.surprise(node, {
    code: "node_exited",
    message: `The node stopped by itself (exit code ${exitCode}). It is started again.`,
    retryable: true,
  });
}
