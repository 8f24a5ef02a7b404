import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { z } from "zod";
import { closure, packagesOf } from "./packages.ts";

/** The agent as one file. */
export interface Bundle {
  readonly version: string;
  readonly arch: string;
  /** `<version>-<arch>.tar.gz`, as it is asked for. */
  readonly name: string;
  readonly file: string;
  /** Hex. */
  readonly sha256: string;
}

/** Tests and what only tests use. */
const left = /\.test\.ts$|(^|\/)(testing|fake|__pycache__)\/|\/(contract|fake)\.ts$/;
const needless = /\.(map|d\.[cm]?ts|md|markdown)$|\/(test|tests|docs|examples?)\//;

interface Entry {
  readonly name: string;
  readonly path: string;
}

async function filesBelow(root: string, folder: string, skip: RegExp): Promise<Entry[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(root, path), path }))
    .filter(({ name }) => !skip.test(name));
}

/** Everything that an agent is made of, and a version that changes with any of it. */
async function contents(root: string): Promise<{ version: string; entries: Entry[] }> {
  const agents = (await filesBelow(root, "agents", left)).sort((a, b) => a.name.localeCompare(b.name, "en"));
  const hash = createHash("sha256").update(process.version);
  const names = new Set<string>();
  for (const { name, path } of agents) {
    const text = await readFile(path);
    hash.update(name).update("\0").update(text);
    if (name.endsWith(".ts")) for (const one of packagesOf(text.toString("utf8"))) names.add(one);
  }
  const packages = await closure(root, [...names].sort());
  const entries = [...agents];
  for (const [folder, version] of packages) {
    hash.update(`${folder}@${version}`);
    // A package inside a package is an entry of its own.
    entries.push(
      ...(await filesBelow(root, folder, needless)).filter(({ name }) => !name.slice(folder.length + 1).includes("node_modules/")),
    );
  }
  const own = z.object({ version: z.string() }).parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  return { version: `${own.version}-${hash.digest("hex").slice(0, 12)}`, entries };
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/**
 * Makes the agent's bundle for this machine's kind of processor, or takes the one that was made of the same files before: the agent and the
 * images' recipes, the packages that they need, and the Node program that runs them. Older ones are removed.
 * @param root the checkout
 */
export async function makeBundle(root: string, folder: string): Promise<Bundle> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { version, entries } = await contents(root);
  const { arch } = process;
  const name = `${version}-${arch}.tar.gz`;
  const file = join(folder, name);
  const there = await stat(file).catch(() => null);
  if (!there) {
    for (const old of await readdir(folder)) await rm(join(folder, old), { force: true });
    await write(`${file}.${randomBytes(4).toString("hex")}`, file, entries);
  }
  return { version, arch, name, file, sha256: await sha256Of(file) };
}

async function write(draft: string, file: string, entries: readonly Entry[]): Promise<void> {
  const tar = pack();
  const filled = fill(tar, entries).catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  await pipeline(tar, createGzip(), createWriteStream(draft, { mode: 0o600 }));
  await filled;
  await rename(draft, file);
}

async function fill(tar: ReturnType<typeof pack>, entries: readonly Entry[]): Promise<void> {
  const mtime = new Date(0);
  const packageJson = JSON.stringify({ name: "kindling-agent", private: true, type: "module" });
  tar.entry({ name: "package.json", mode: 0o644, mtime }, packageJson);
  for (const { name, path } of entries) {
    const { mode } = await stat(path);
    tar.entry({ name, mode: mode & 0o111 ? 0o755 : 0o644, mtime }, await readFile(path));
  }
  await addLarge(tar, "bin/node", process.execPath, mtime);
  tar.finalize();
}

async function addLarge(tar: ReturnType<typeof pack>, name: string, path: string, mtime: Date): Promise<void> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const entry = tar.entry({ name, mode: 0o755, mtime, size }, (error) => (error ? reject(error) : resolve()));
    await pipeline(handle.createReadStream(), entry);
    await promise;
  } finally {
    await handle.close();
  }
}
