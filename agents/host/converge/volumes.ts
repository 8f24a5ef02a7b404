/** Brings one disk to what the spec says. */

import { HostError } from "../../protocol/errors.ts";
import { label } from "../../protocol/labels.ts";
import type { VolumeSpec } from "../../protocol/spec.ts";
import { endTransfer } from "../copy/transfers.ts";
import { operation } from "../log.ts";
import type { World } from "../world.ts";
import { attempt } from "./attempt.ts";

export function workVolume(world: World, id: string): Promise<number | null> {
  const host = world.store.spec();
  const spec = host?.volumes.find((v) => v.id === id);
  if (!host || !spec) return Promise.resolve(null);
  const outgoing = spec.desired === "present" && host.outgoing.includes(id);
  return attempt(world, `volume:${id}`, JSON.stringify(outgoing ? [spec, "outgoing"] : spec), async () => {
    const { volumes } = world.drivers;
    const log = { volume: id, generation: world.store.generation() };
    if (spec.driver !== "loop")
      throw new HostError({ code: "driver_missing", message: `This host has no ${spec.driver} disks.`, retryable: false });
    if (outgoing) return rest(world, spec);
    // Before anybody writes to it again, and before it is gone.
    world.resting.delete(id);
    await endTransfer(world, id);
    const seen = world.volumes.get(id);
    if (spec.desired === "deleted") {
      // Poked again when the last container that holds it is gone.
      if (!seen || isHeld(world, id)) return;
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

function isHeld(world: World, id: string): boolean {
  return [...world.containers.values()].some((c) => c.labels[label.volume] === id);
}

/** Takes a disk out of use that is to be copied, once the last container that holds it is gone. */
async function rest(world: World, spec: VolumeSpec): Promise<void> {
  const { id } = spec;
  if (world.resting.has(id) || isHeld(world, id)) return;
  const { volumes } = world.drivers;
  const log = { volume: id, generation: world.store.generation() };
  // A node that was never started may have none yet: then an empty one goes along.
  const sizeMb = world.volumes.get(id)?.sizeMb ?? (await operation(world.log, "volume.ensure", log, () => volumes.ensure(spec))).sizeMb;
  await operation(world.log, "volume.rest", log, () => volumes.rest(id));
  world.volumes.set(id, { id, state: "present", sizeMb });
  world.resting.add(id);
  world.changed();
}
