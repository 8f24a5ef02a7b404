/** Every five seconds: what the host uses, and the hour behind it for every node and the host. */
import type { Metrics } from "../../protocol/verbs.ts";
import { dirsOf } from "../dirs.ts";
import type { Watched } from "../observe.ts";
import type { World } from "../world.ts";
import { makeHistory, stepMs } from "./history.ts";
import { hostMeter } from "./host-usage.ts";

/** The host's own history; no node has this id, since ids begin with a letter. */
const host = "";

export interface Recorder {
  metrics(node: string | null): Metrics;
  stop(): void;
}

/** @param usageOf what a node used when it was measured last */
export function makeRecorder(world: World, usageOf: (node: string) => Watched["usage"]): Recorder {
  const history = makeHistory();
  const meter = hostMeter(dirsOf(world.env.state, world.env.run).volumes, world.now);
  const record = async (): Promise<void> => {
    const used = await meter();
    const at = world.now();
    world.usage = used;
    history.add(host, at, used);
    const nodes = (world.store.spec()?.nodes ?? []).map(({ id }) => id);
    history.keep(new Set([host, ...nodes]));
    for (const id of nodes) {
      const usage = usageOf(id);
      if (usage) history.add(id, at, { cpuCores: usage.cpuCores, memoryMb: usage.memoryMb, diskUsedMb: usage.dataUsedMb });
    }
  };
  const once = (): void => {
    record().catch((error: unknown) => world.log.warn({ op: "usage", reason: String(error) }, "usage"));
  };
  once();
  const timer = setInterval(once, stepMs);
  return { metrics: (node) => history.read(node ?? host), stop: () => clearInterval(timer) };
}
