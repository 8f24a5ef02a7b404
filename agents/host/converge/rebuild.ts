/** Somebody asks for another try of a build that failed for good. */
import type { World } from "../world.ts";

/** Forgets why the image could not be built and tries again at once. @returns false when the host is to have no such image */
export function rebuildImage(world: World, tag: string): boolean {
  if (!world.store.spec()?.images.some((image) => image.tag === tag)) return false;
  // One that is there or being built needs nothing.
  if (world.images.get(tag)?.state !== "failed") return true;
  world.faults.clear(`image:${tag}`);
  world.images.delete(tag);
  world.poke(`image:${tag}`);
  world.changed();
  return true;
}
