/** Makes sure that an image is on the host, building it from its bundle when it is not. */
import { HostError } from "../../protocol/errors.ts";
import type { ImageObservation } from "../../protocol/observed.ts";
import { operation } from "../log.ts";
import type { World } from "../world.ts";
import { attempt } from "./attempt.ts";

export function workImage(world: World, tag: string): Promise<number | null> {
  const spec = world.store.spec();
  const image = spec?.images.find((i) => i.tag === tag);
  if (!spec || (!image && !spec.nodes.some((n) => n.image === tag))) return Promise.resolve(null);
  const bundle = image?.bundle ?? "unknown";
  const at = () => new Date(world.now()).toISOString();
  const show = (part: Partial<ImageObservation>) => {
    const blank: ImageObservation = {
      bundle,
      tag,
      state: "absent",
      progress: null,
      startedAt: null,
      endedAt: null,
      sizeMb: null,
      fault: null,
    };
    world.images.set(tag, { ...(world.images.get(tag) ?? blank), ...part });
    world.changed();
  };
  // An incarnation raised by Retry makes a failed build worth another try.
  const wanted = JSON.stringify([image, spec.nodes.filter((n) => n.image === tag).map((n) => n.incarnation)]);
  return attempt(world, `image:${tag}`, wanted, async () => {
    const known = world.images.get(tag)?.state;
    if (known === "present") return;
    // Why the last build failed is history from here on: whoever asked for another must not be told it again.
    if (known === "failed") show({ state: "absent", endedAt: null, fault: null });
    let sizeMb = (await world.drivers.images.present(tag))?.sizeMb;
    if (sizeMb === undefined) {
      if (!image)
        throw new HostError({
          code: "image_missing",
          message: `The image ${tag} is not on this host, and no distribution names it.`,
          retryable: true,
        });
      show({ state: "building", progress: "starting", startedAt: at(), endedAt: null, fault: null });
      try {
        ({ sizeMb } = await operation(world.log, "image.ensure", { tag }, () =>
          world.drivers.images.ensure(image, (progress) => show({ progress: progress.slice(0, 200) })),
        ));
      } catch (error) {
        show({ state: "failed", progress: null, endedAt: at(), fault: error instanceof HostError ? error.fault : null });
        throw error;
      }
    }
    show({ state: "present", progress: null, endedAt: at(), sizeMb, fault: null });
    // A build takes minutes: who waits for the image now is in the present spec, not in the one it began with.
    for (const node of world.store.spec()?.nodes ?? []) if (node.image === tag) world.poke(`node:${node.id}`);
  });
}
