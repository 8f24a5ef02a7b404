import { label } from "../../protocol/labels.ts";
import type { World } from "../world.ts";

/** True when every container that runs is one that the present spec wants to run. */
export function onlyWanted(world: Pick<World, "containers" | "store">): boolean {
  const wanted = new Set(world.store.spec()?.nodes.flatMap((node) => (node.desired === "running" ? [node.id] : [])));
  return [...world.containers.values()].every((one) => one.state !== "running" || wanted.has(one.labels[label.node] ?? ""));
}
