import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A file of a build context. Only whether it can be executed is kept of its mode. */
export type ContextFile = { path: string; content: Buffer; mode: 0o644 | 0o755 };

/** What every image carries beside its bundle's own files: entrypoint, launchers, supervisor's glue. */
export const nodeFiles = fileURLToPath(new URL("../node/image", import.meta.url));

/** The bundles that come with the product, one folder each. */
export const bundlesFolder = fileURLToPath(new URL(".", import.meta.url));

/** The manifest describes the image and is no part of it: a better summary builds nothing anew. */
const outside = new Set(["bundle.yaml", "README.md"]);

/** Every file that goes into the image of a bundle, in a fixed order, the node's own under `node/`. */
export async function contextFiles(bundleDir: string): Promise<ContextFile[]> {
  const own = (await filesOf(bundleDir)).filter((file) => !outside.has(file.path));
  const node = (await filesOf(nodeFiles)).map((file) => ({ ...file, path: `node/${file.path}` }));
  return [...own, ...node].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function filesOf(root: string, below = ""): Promise<ContextFile[]> {
  const files: ContextFile[] = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (entry.name === "__pycache__" || entry.name.startsWith(".")) continue;
    if (entry.isDirectory()) files.push(...(await filesOf(root, path)));
    else if (entry.isFile()) {
      const { mode } = await stat(join(root, path));
      files.push({ path, content: await readFile(join(root, path)), mode: mode & 0o100 ? 0o755 : 0o644 });
    }
  }
  return files;
}
