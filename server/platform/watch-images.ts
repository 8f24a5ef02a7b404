import { ImageObservation } from "../../agents/protocol/observed.ts";
import { createDb, listen } from "../db.ts";
import { log } from "../log.ts";

/**
 * Tells how the images are being built, a line at each change, until none is missing.
 * @param since when this start began, as Date.now() tells it: builds that ended before are another start's
 */
export async function watchImages(databaseUrl: string, since: number, say: (line: string) => void): Promise<void> {
  const db = createDb(databaseUrl, 1);
  const said = new Map<string, string>();
  const done = Promise.withResolvers<void>();
  const look = async (): Promise<void> => {
    const images = (await db.image.findMany()).map((row) => ImageObservation.parse(row.observed));
    for (const image of images) {
      const line = imageLine(image, since);
      if (line && said.get(image.tag) !== line) say(line);
      said.set(image.tag, line ?? "");
    }
    if (images.length > 0 && images.every((image) => image.state === "present" || image.state === "failed")) done.resolve();
  };
  // A database that is away for a moment is looked at again once it is back.
  const again = (): void => void look().catch((error: unknown) => log.warn({ err: error }, "images.look"));
  const stop = await listen(databaseUrl, "observed", again, again);
  try {
    await look();
    await done.promise;
  } finally {
    await stop();
    await db.$disconnect();
  }
}

/** What a start that began at `since` says of an image; null: nothing. */
export function imageLine(image: ImageObservation, since: number): string | null {
  if (image.state === "building") return `        …  image ${image.bundle}: ${image.progress ?? "building"}`;
  if (image.state === "failed")
    return `        ✗  image ${image.bundle}: ${image.fault?.message ?? "the build failed"} The site's Images page has the log.`;
  if (image.state === "present" && image.startedAt && image.endedAt && Date.parse(image.endedAt) >= since) {
    const seconds = (Date.parse(image.endedAt) - Date.parse(image.startedAt)) / 1000;
    return `${seconds.toFixed(1).padStart(6)} s  image ${image.bundle} is ready`;
  }
  return null;
}
