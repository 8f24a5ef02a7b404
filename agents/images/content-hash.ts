import { createHash } from "node:crypto";
import { contextFiles } from "./files.ts";

/** SHA-256 over the names, modes and content of every file that goes into the image of a bundle, in hex. */
export async function contentHash(bundleDir: string): Promise<string> {
  const hash = createHash("sha256");
  for (const { path, mode, content } of await contextFiles(bundleDir)) {
    // Lengths keep a name's end apart from the content's start.
    hash.update(JSON.stringify([path, mode, content.length]));
    hash.update(content);
  }
  return hash.digest("hex");
}

/** The tag of a bundle's image. It carries the content's hash, so that an image never changes under its name. */
export function imageTag(bundle: { id: string }, hash: string): string {
  return `kindling/${bundle.id}:${hash.slice(0, 12)}`;
}
