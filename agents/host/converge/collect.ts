/** Finds what carries our label but is in no spec. It is reported at once and collected after a grace; disks are only put aside. */
import { label } from "../../protocol/labels.ts";
import { operation } from "../log.ts";
import type { World } from "../world.ts";
import { attempt } from "./attempt.ts";

type Kind = "container" | "network" | "volume";

/** Pure: what is there and not named. */
export function unnamed(
  world: Pick<World, "containers" | "networks" | "volumes">,
  named: { nodes: ReadonlySet<string>; segments: ReadonlySet<string>; volumes: ReadonlySet<string> },
): { kind: Kind; id: string }[] {
  return [
    ...[...world.containers.values()]
      .filter((c) => !named.nodes.has(c.labels[label.node] ?? ""))
      .map((c) => ({ kind: "container" as const, id: c.id })),
    ...[...world.networks.values()].filter((n) => !named.segments.has(n.segment)).map((n) => ({ kind: "network" as const, id: n.id })),
    ...[...world.volumes.values()]
      .filter((v) => v.state !== "quarantined" && !named.volumes.has(v.id))
      .map((v) => ({ kind: "volume" as const, id: v.id })),
  ];
}

export function workCollect(world: World): Promise<number | null> {
  let next: number | null = null;
  const work = attempt(world, "collect", "", async () => {
    const spec = world.store.spec();
    // Without a spec nothing is known, so nothing is unknown.
    if (!spec) return;
    const named = {
      nodes: new Set(spec.nodes.map((n) => n.id)),
      segments: new Set(spec.segments.map((s) => s.id)),
      volumes: new Set([...spec.volumes, ...spec.incoming].map((v) => v.id)),
    };
    const found = unnamed(world, named);
    const keys = new Set(found.map(({ kind, id }) => `${kind}:${id}`));
    for (const key of world.orphans.keys()) if (!keys.has(key)) world.orphans.delete(key);
    const failed: unknown[] = [];
    for (const { kind, id } of found) {
      const key = `${kind}:${id}`;
      const orphan = world.orphans.get(key) ?? { kind, id, sinceMs: world.now() };
      world.orphans.set(key, orphan);
      const left = orphan.sinceMs + world.env.orphanGraceMs - world.now();
      if (left > 0) next = Math.min(next ?? left, left);
      // One that resists does not keep the others.
      else
        await remove(world, kind, id, spec.generation).then(
          () => world.orphans.delete(key),
          (error: unknown) => failed.push(error),
        );
    }
    for (const node of world.directories)
      if (!named.nodes.has(node) && ![...world.containers.values()].some((c) => c.labels[label.node] === node)) {
        await operation(world.log, "collect.files", { node }, () => world.drivers.files.remove(node));
        world.directories.delete(node);
      }
    world.changed();
    if (failed.length > 0) throw failed[0];
  });
  return work.then((wait) => (wait === null || wait === 0 ? next : wait));
}

async function remove(world: World, kind: Kind, id: string, generation: number): Promise<void> {
  const { containers, networks, volumes } = world.drivers;
  await operation(world.log, `collect.${kind}`, { id, generation }, async () => {
    if (kind === "container") {
      await containers.remove(id);
      world.containers.delete(id);
    } else if (kind === "network") {
      await networks.remove(id);
      for (const [segment, n] of world.networks) if (n.id === id) world.networks.delete(segment);
    } else {
      await volumes.quarantine(id);
      const seen = world.volumes.get(id);
      if (seen) world.volumes.set(id, { ...seen, state: "quarantined" });
    }
  });
}
