import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { ownFolder } from "./folder.ts";
import type { ServiceUser } from "./user.ts";

const run = promisify(execFile);

/** Where the parts run from. */
export interface Place {
  root: string;
  /** The Node program, below `root` when it came with the packages. */
  node: string;
  /** Undoes what was mounted. */
  release(): Promise<void>;
}

function nodeBelow(checkout: string, root: string): string {
  const inside = relative(checkout, process.execPath);
  return inside.startsWith("..") ? process.execPath : join(root, inside);
}

async function opens(file: string, node: string, user: ServiceUser): Promise<boolean> {
  const probe = ["-e", "require('node:fs').accessSync(process.argv[1], require('node:fs').constants.R_OK)", file];
  return run(node, probe, { uid: user.uid, gid: user.gid, cwd: "/" }).then(
    () => true,
    () => false,
  );
}

const canRead = (root: string, node: string, user: ServiceUser): Promise<boolean> => opens(join(root, "package.json"), node, user);

/**
 * Checks that a file which an administrator named can be read by the account that will.
 * @throws naming the setting, the file and the account
 */
export async function readableFile(setting: string, file: string | undefined, node: string, user: ServiceUser): Promise<void> {
  if (!file || process.getuid?.() !== 0 || (await opens(file, node, user))) return;
  throw new Error(
    `${setting} names ${file}, which the user ${user.name} cannot read. Give it the group kindling and mode 640, for example.`,
  );
}

/** Also what launchers that were killed left there, one over the other. */
async function unmountAll(point: string): Promise<void> {
  const mounted = async (): Promise<boolean> =>
    (await readFile("/proc/self/mounts", "utf8")).split("\n").some((line) => line.split(" ")[1] === point.replaceAll(" ", "\\040"));
  while (await mounted()) await run("umount", ["--lazy", point]);
}

/**
 * A checkout below somebody's private folder cannot be read by the service user. Then it is bind-mounted at a place that can:
 * nobody's permissions are changed for our sake.
 * @throws when the checkout itself is closed to others
 */
export async function readableRoot(checkout: string, runDir: string, user: ServiceUser): Promise<Place> {
  const here: Place = { root: checkout, node: process.execPath, release: async () => {} };
  if (process.getuid?.() !== 0 || (await canRead(here.root, here.node, user))) return here;
  // For the service user and nobody else: whoever closed that folder did not mean every account of this machine to look into it.
  const closed = join(runDir, "checkout");
  const own = { uid: process.getuid(), gid: user.gid, mode: 0o710 };
  await ownFolder(closed, own);
  const root = join(closed, "app");
  await mkdir(root, { recursive: true });
  await unmountAll(root);
  await run("mount", ["--bind", checkout, root]);
  const release = (): Promise<void> => unmountAll(root);
  const there: Place = { root, node: nodeBelow(checkout, root), release };
  if (await canRead(there.root, there.node, user)) return there;
  await release();
  throw new Error(
    `The user ${user.name} cannot read ${checkout}. Move the checkout to a folder that others may read, for example /opt/kindling.`,
  );
}
