/** Which part does a key's work. */
import type { World } from "../world.ts";
import { workCollect } from "./collect.ts";
import { workFirewall } from "./filter.ts";
import { workImage } from "./images.ts";
import { type RenderFiles, workNode } from "./nodes.ts";
import { workSegment } from "./segments.ts";
import { workVolume } from "./volumes.ts";

/** Gives the milliseconds after which to look again by itself, or null. Never throws. */
export function workKey(world: World, render: RenderFiles, key: string): Promise<number | null> {
  if (key === "firewall") return workFirewall(world);
  if (key === "collect") return workCollect(world);
  const at = key.indexOf(":");
  const id = key.slice(at + 1);
  switch (key.slice(0, at)) {
    case "image":
      return workImage(world, id);
    case "segment":
      return workSegment(world, id);
    case "volume":
      return workVolume(world, id);
    case "node":
      return workNode(world, render, id);
    default:
      return Promise.resolve(null);
  }
}
