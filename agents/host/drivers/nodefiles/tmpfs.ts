/**
 * A node's files on a small tmpfs of its own: secrets never touch a disk, and a node that fills its socket's directory
 * fills nobody else's. Nothing the node can write is ever read or written here: `run` is only made.
 */
import { chmod, chown, mkdir, open, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { HostError } from "../../../protocol/errors.ts";
import { mount, mountAt, unmount } from "../../mounts.ts";
import type { NodeFile, NodeFilesDriver, NodePaths } from "./port.ts";

/** The group of the unprivileged user of every image. The owner stays root: a node's root has no right to read others' files. */
const serviceGroup = 1000;
const size = "8m";

/** One tmpfs a node below `base`. */
export function tmpfsNodeFiles(base: string): NodeFilesDriver {
  const dirOf = (node: string) => join(base, node);
  const paths = (node: string): NodePaths => ({
    config: join(dirOf(node), "etc"),
    hosts: join(dirOf(node), "hosts"),
    secrets: join(dirOf(node), "secrets"),
    run: join(dirOf(node), "run"),
  });

  async function prepare(node: string): Promise<void> {
    const dir = dirOf(node);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    if (!(await mountAt(dir)))
      await mount({
        type: "tmpfs",
        source: "kindling-node",
        target: dir,
        options: `size=${size},nr_inodes=1024,mode=0700,nosuid,nodev,noexec`,
      });
    const { config, secrets, run: socketDir } = paths(node);
    for (const [path, mode] of [
      [config, 0o755],
      [secrets, 0o755],
      [socketDir, 0o755],
    ] as const) {
      await mkdir(path, { recursive: true });
      // The node owns `run` inside; chmod on a directory that we made, whose name it cannot change.
      await chmod(path, mode);
    }
  }

  return {
    paths,
    async write({ node, config, hosts, secrets }) {
      try {
        await prepare(node);
        const at = paths(node);
        await writeTree(at.config, config, null);
        await rewriteInPlace(at.hosts, hosts);
        if (secrets) {
          const files = Object.entries(secrets).map(([path, content]) => ({ path, content, mode: 0o440 }));
          await writeTree(at.secrets, files, serviceGroup);
        }
      } catch (error) {
        if (error instanceof HostError) throw error;
        throw new HostError(
          { code: "node_files_failed", message: "The host could not write the node's configuration.", retryable: true },
          { cause: error },
        );
      }
    },
    secrets: async (node) => readdir(paths(node).secrets).catch(() => []),
    async remove(node) {
      try {
        const dir = dirOf(node);
        while (await mountAt(dir)) await unmount(dir);
        await rmdir(dir).catch((error: unknown) => {
          if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
        });
      } catch (error) {
        throw new HostError(
          { code: "node_files_busy", message: "The node's files are still in use; it is tried again.", retryable: true },
          { cause: error },
        );
      }
    },
    list: async () => readdir(base).catch(() => []),
  };
}

/** Brings a directory that only we write to exactly these files; each appears whole, by a rename. */
async function writeTree(dir: string, files: readonly NodeFile[], group: number | null): Promise<void> {
  const wanted = new Set<string>();
  for (const file of files) {
    const path = normalize(file.path);
    if (path.startsWith("..") || path.startsWith("/") || path === ".")
      throw new HostError({
        code: "bad_path",
        message: `The configuration names a file outside its directory: ${file.path}.`,
        retryable: false,
      });
    wanted.add(path);
    const target = join(dir, path);
    if ((await readFile(target, "utf8").catch(() => null)) === file.content) continue;
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    const fresh = `${target}.fresh`;
    await rm(fresh, { force: true });
    await writeFile(fresh, file.content, { mode: file.mode, flag: "wx" });
    await chmod(fresh, file.mode);
    if (group !== null) await chown(fresh, 0, group);
    await rename(fresh, target);
  }
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !wanted.has(full.slice(dir.length + 1))) await rm(full, { force: true });
  }
}

/** A mounted file keeps its inode: it is written over, never renamed, so that the node sees the new names at once. */
async function rewriteInPlace(path: string, content: string): Promise<void> {
  if ((await readFile(path, "utf8").catch(() => null)) === content) return;
  const handle = await open(path, "r+").catch(() => open(path, "w+", 0o644));
  try {
    const bytes = Buffer.from(content);
    await handle.write(bytes, 0, bytes.length, 0);
    await handle.truncate(bytes.length);
    await handle.chmod(0o644);
  } finally {
    await handle.close();
  }
}
