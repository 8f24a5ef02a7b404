import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ServiceUser } from "./user.ts";

const run = promisify(execFile);

async function canRead(root: string, user: ServiceUser): Promise<boolean> {
  const probe = ["-e", "require('node:fs').accessSync(process.argv[1])", join(root, "package.json")];
  return run(join(root, "node_modules", ".bin", "node"), probe, { uid: user.uid, gid: user.gid, cwd: "/" }).then(
    () => true,
    () => false,
  );
}

/**
 * A checkout below somebody's private folder cannot be read by the service user. Then it is bind-mounted read-only at a place
 * that can: nobody's permissions are changed for our sake.
 * @returns the folder to run from, and a function that undoes the mount
 */
export async function readableRoot(root: string, runDir: string, user: ServiceUser): Promise<{ root: string; release(): Promise<void> }> {
  const nothing = { root, release: async () => {} };
  if (process.getuid?.() !== 0 || (await canRead(root, user))) return nothing;
  const place = join(runDir, "app");
  await mkdir(place, { recursive: true });
  await run("mount", ["--bind", root, place]);
  const release = async (): Promise<void> => {
    await run("umount", ["--lazy", place]);
  };
  if (await canRead(place, user)) return { root: place, release };
  await release();
  throw new Error(
    `The user ${user.name} cannot read ${root}. Move the checkout to a folder that others may read, for example /opt/kindling.`,
  );
}
