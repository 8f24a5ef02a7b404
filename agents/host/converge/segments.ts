/** Brings one tenant's network to what the spec says. */
import { label } from "../../protocol/labels.ts";
import { operation } from "../log.ts";
import type { World } from "../world.ts";
import { attempt } from "./attempt.ts";
import { refreshFirewall } from "./filter.ts";

export function workSegment(world: World, id: string): Promise<number | null> {
  const spec = world.store.spec()?.segments.find((s) => s.id === id);
  if (!spec) return Promise.resolve(null);
  const { members, egress: _, allow: __, ...rest } = spec;
  // Without other hosts the members are a matter of names and the packet filter alone.
  const wanted = JSON.stringify(spec.uplink.kind === "none" ? rest : { ...rest, members });
  return attempt(world, `segment:${id}`, wanted, async () => {
    const { networks } = world.drivers;
    const seen = world.networks.get(id);
    const log = { segment: id, generation: world.store.generation() };
    if (spec.desired === "deleted") {
      if (!seen || [...world.containers.values()].some((c) => c.labels[label.segment] === id)) return;
      await operation(world.log, "network.remove", log, () => networks.remove(seen.id));
      world.networks.delete(id);
      world.pokeSoon("firewall");
    } else {
      if (seen && networks.settled(spec)) return;
      // The filter knows the uplink before anything can come in by it.
      if (spec.uplink.kind !== "none") await refreshFirewall(world);
      world.networks.set(id, await operation(world.log, "network.ensure", log, () => networks.ensure(spec)));
      for (const node of world.store.spec()?.nodes ?? []) if (node.segment === id) world.poke(`node:${node.id}`);
    }
    world.changed();
  });
}
