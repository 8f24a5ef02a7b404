/** After the agent's own restart: finds the bridge ports of the nodes that run, before the packet filter is loaded anew. */
import { label } from "../protocol/labels.ts";
import { update } from "./converge/nodes.ts";
import { macOf } from "./drivers/container/create-options.ts";
import { inTime } from "./in-time.ts";
import type { World } from "./world.ts";

export function bridgeOf(world: World, labels: Readonly<Record<string, string>>): string | null {
  return world.networks.get(labels[label.segment] ?? "")?.bridge ?? null;
}

/** Without this a running node would lose its network until its own key came to it. */
export async function rebind(world: World): Promise<void> {
  await Promise.all(
    [...world.containers.values()].map(async (c) => {
      const ip = world.store.node(c.labels[label.node] ?? "")?.ip;
      const bridge = bridgeOf(world, c.labels);
      if (c.state !== "running" || !ip || !bridge) return;
      const running = await inTime(world.drivers.containers.inspect(c.id));
      if (!running?.sandbox) return;
      const port = await world.drivers.bridgePort(running.sandbox, bridge);
      update(world, c.id, {
        startedAt: running.startedAt,
        sandbox: running.sandbox,
        binding: port ? { bridge, port, ip, mac: macOf(ip) } : null,
      });
    }),
  );
}
