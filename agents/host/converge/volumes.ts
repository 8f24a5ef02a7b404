/** Brings one disk to what the spec says. */

import { HostError } from "../../protocol/errors.ts";
import { label } from "../../protocol/labels.ts";
import { operation } from "../log.ts";
import type { World } from "../world.ts";
import { attempt } from "./attempt.ts";

export function workVolume(world: World, id: string): Promise<number | null> {
  const spec = world.store.spec()?.volumes.find((v) => v.id === id);
  if (!spec) return Promise.resolve(null);
  return attempt(world, `volume:${id}`, JSON.stringify(spec), async () => {
    const { volumes } = world.drivers;
    const log = { volume: id, generation: world.store.generation() };
    if (spec.driver !== "loop")
      throw new HostError({ code: "driver_missing", message: `This host has no ${spec.driver} disks.`, retryable: false });
    const seen = world.volumes.get(id);
    if (spec.desired === "deleted") {
      // Poked again when the last container that holds it is gone.
      if (!seen || [...world.containers.values()].some((c) => c.labels[label.volume] === id)) return;
      await operation(world.log, "volume.remove", log, () => volumes.remove(id));
      world.volumes.delete(id);
    } else {
      if (seen?.state === "mounted" && seen.sizeMb >= spec.sizeMb) return;
      const { sizeMb } = await operation(world.log, "volume.ensure", { ...log, sizeMb: spec.sizeMb }, () => volumes.ensure(spec));
      world.volumes.set(id, { id, state: "mounted", sizeMb });
      for (const node of world.store.spec()?.nodes ?? []) if (node.volume === id) world.poke(`node:${node.id}`);
    }
    world.changed();
  });
}
