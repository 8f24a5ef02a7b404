import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { contextFiles } from "./files.ts";

/** Files of a build context have one date, so that the engine finds its layers again. */
const date = new Date(0);

export type ContextOptions = {
  /** PEM text with the site's certificate authorities: builds and notebooks trust them as well. */
  caBundle?: string;
};

/** The build context of a bundle as a tar stream, for the Engine API: Dockerfile, the bundle's files, the node's, the site's CAs. */
export async function buildContext(bundleDir: string, options: ContextOptions = {}): Promise<Readable> {
  const files = await contextFiles(bundleDir);
  const tar = pack();
  // One certificate a file is what Debian and Java want. The folder is there even when it is empty: COPY names it.
  tar.entry({ name: "site-ca", type: "directory", mode: 0o755, mtime: date });
  for (const [index, pem] of certificates(options.caBundle ?? "").entries())
    tar.entry({ name: `site-ca/${String(index).padStart(3, "0")}.crt`, mode: 0o644, mtime: date }, `${pem}\n`);
  for (const { path, mode, content } of files) tar.entry({ name: path, mode, mtime: date }, content);
  tar.finalize();
  return Readable.from(tar);
}

/** The certificates of a PEM bundle, each once. Comments between them are left out. */
export function certificates(pem: string): string[] {
  return [...new Set(pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [])];
}
