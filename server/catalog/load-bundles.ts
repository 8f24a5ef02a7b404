import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { contentHash, imageTag } from "../../agents/images/content-hash.ts";
import { bundlesFolder } from "../../agents/images/files.ts";
import { Bundle } from "../../agents/protocol/bundle.ts";

/** A distribution as it lies on disk: its manifest, its folder, and the tag its image has or will have. */
export type LoadedBundle = { bundle: Bundle; dir: string; imageTag: string };

/** A manifest that cannot be used. The message names the file and the field. */
export class BundleError extends Error {
  constructor(file: string, problems: readonly string[], options?: ErrorOptions) {
    super(`${file}: ${problems.join("; ")}`, options);
    this.name = "BundleError";
  }
}

/** Reads and validates every bundle below `folder`, by id. Throws BundleError at the first manifest that cannot be used. */
export async function loadBundles(folder: string = bundlesFolder): Promise<LoadedBundle[]> {
  const loaded: LoadedBundle[] = [];
  for (const entry of (await readdir(folder, { withFileTypes: true })).filter((found) => found.isDirectory())) {
    const dir = join(folder, entry.name);
    const file = join(dir, "bundle.yaml");
    const text = await readManifest(file);
    if (text === null) continue;
    const bundle = parseBundle(file, text);
    const twin = loaded.find((other) => other.bundle.id === bundle.id);
    if (twin) throw new BundleError(file, [`id: ${bundle.id} is already used by ${twin.dir}`]);
    loaded.push({ bundle, dir, imageTag: imageTag(bundle, await contentHash(dir)) });
  }
  return loaded.toSorted((a, b) => (a.bundle.id < b.bundle.id ? -1 : 1));
}

async function readManifest(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new BundleError(file, ["cannot be read"], { cause: error });
  }
}

/** Parses one manifest. `file` is only named in the error. */
export function parseBundle(file: string, text: string): Bundle {
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw new BundleError(
      file,
      document.errors.map((error) => error.message),
    );
  const parsed = Bundle.safeParse(document.toJS());
  if (!parsed.success)
    throw new BundleError(
      file,
      parsed.error.issues.map((issue) => `${issue.path.join(".") || "the manifest"}: ${issue.message}`),
    );
  return parsed.data;
}
