/** Stops a node whose writable layer fills the host: where the engine cannot limit it, somebody has to look. */

import { label } from "../../protocol/labels.ts";
import { wantedOf } from "../converge/nodes.ts";
import { operation } from "../log.ts";
import type { World } from "../world.ts";

/** Measures every running node once, one after the other: the engine walks the files of the layer. */
export async function checkRootDisks(world: World): Promise<void> {
  if (world.engineFault || world.store.halted()) return;
  for (const container of [...world.containers.values()]) {
    const node = world.store.node(container.labels[label.node] ?? "");
    if (!node || container.state !== "running") continue;
    const usedMb = await world.drivers.containers.layerMb(container.id);
    if (usedMb === null || usedMb <= node.resources.rootMb) continue;
    world.ending.add(container.id);
    world.faults.fail(`node:${node.id}`, wantedOf(node), {
      code: "root_disk_full",
      message: `${node.name} was stopped: it wrote ${usedMb} MB outside /data, its flavor allows ${node.resources.rootMb} MB. Restart it to begin with a fresh root disk, or choose a flavor with a larger one. /data is kept.`,
      retryable: false,
    });
    await operation(world.log, "node.root-full", { node: node.id, usedMb }, () => world.drivers.containers.stop(container.id, 5));
    world.changed();
  }
}
