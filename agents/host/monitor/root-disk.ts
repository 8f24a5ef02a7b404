/** Stops a node whose writable layer fills the host: where the engine cannot limit it, somebody has to look. */

import { label } from "../../protocol/labels.ts";
import type { NodeSpec } from "../../protocol/spec.ts";
import { ending, wantedOf } from "../converge/nodes.ts";
import { operation } from "../log.ts";
import type { World } from "../world.ts";

/** Measures every running node once, one after the other: the engine walks the files of the layer. Throws the first of what went wrong, at the end. */
export async function checkRootDisks(world: World): Promise<void> {
  const failed: unknown[] = [];
  for (const container of [...world.containers.values()]) {
    if (world.engineFault || world.store.halted()) return;
    const node = world.store.node(container.labels[label.node] ?? "");
    if (!node || container.state !== "running") continue;
    // One that cannot be measured or stopped lets no other fill the host.
    await checkRootDisk(world, container.id, node).catch((error: unknown) => failed.push(error));
  }
  if (failed.length > 0) throw failed[0];
}

async function checkRootDisk(world: World, container: string, node: NodeSpec): Promise<void> {
  const usedMb = await world.drivers.containers.layerMb(container);
  if (usedMb === null || usedMb <= node.resources.rootMb) return;
  world.faults.fail(`node:${node.id}`, wantedOf(node), {
    code: "root_disk_full",
    message: `${node.name} was stopped: it wrote ${usedMb} MB outside /data, its flavor allows ${node.resources.rootMb} MB. Restart it to begin with a fresh root disk, or choose a flavor with a larger one. /data is kept.`,
    retryable: false,
  });
  await ending(world, container, () =>
    operation(world.log, "node.root-full", { node: node.id, usedMb }, () => world.drivers.containers.stop(container, 5)),
  );
  world.changed();
}
