import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  rmdirSync,
  statSync,
} from "node:fs";
import { join, relative } from "node:path";
import { root } from "./paths.mjs";
import { run, runOpen } from "./run.mjs";
import { main, Plain } from "./say.mjs";
import { needRoot } from "./system.mjs";

const nobody = 65534;

/** True when an account of that group, which is nobody else, can read the checkout that lies there. */
const readable = (at, gid) => spawnSync("test", ["-r", join(at, "package.json")], { uid: nobody, gid, stdio: "ignore" }).status === 0;

/** The group of the platform's accounts, which is that of its first one. @see server/platform/user.ts */
async function ownGroup() {
  const find = async () => (await run("getent", ["passwd", "kindling"])).split(":").at(3);
  const found = await find().catch(async () => {
    const like = ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"];
    await run("useradd", ["--system", "--user-group", ...like, "kindling"]);
    return find();
  });
  return Number(found);
}

const same = (one, other) => one.ino === other.ino && one.dev === other.dev;

/**
 * A folder that is open keeps what is mounted there from going.
 * @returns null where it is another one than the checkout, or not there
 */
function hold(at) {
  let held = null;
  try {
    held = openSync(at, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch {
    return null;
  }
  if (same(fstatSync(held), statSync(root))) return held;
  closeSync(held);
  return null;
}

/**
 * Shows the checkout to the platform's accounts, and to nobody else: whoever closed a folder above it did not mean every account of this machine to
 * look into it. The place is always the same one, for the sake of what was compiled there; whoever comes second finds it mounted.
 * @returns the place, and what holds it until it is left
 * @throws Plain where that is of no use
 */
async function mounted(group) {
  const closed = "/run/kindling-checkouts";
  mkdirSync(closed, { recursive: true });
  chownSync(closed, 0, group);
  chmodSync(closed, 0o710);
  const at = join(closed, createHash("sha256").update(root).digest("hex").slice(0, 12));
  let held = hold(at);
  // Whoever ends at this moment may take it away in between.
  for (let tries = 0; held === null; tries++) {
    if (tries === 20) throw new Plain(`${at} does not come to rest: see what is mounted there, and unmount it.`);
    // A script that was killed leaves its mount, also of a checkout that is gone by now.
    await run("umount", [at]).catch(() => undefined);
    mkdirSync(at, { recursive: true });
    const failed = await run("mount", ["--bind", root, at]).catch((error) => error);
    held = hold(at);
    if (held === null && failed instanceof Error && existsSync(at))
      throw new Plain(
        `The parts of the platform run under accounts of their own, which cannot read ${root}, since a folder above it is closed to others, ` +
          `and it could not be shown to them elsewhere (${failed.message}). Move it to where everybody can read, /opt for example.`,
      );
  }
  if (readable(at, group)) return { at, held };
  await leave({ at, held });
  throw new Plain(
    "The parts of the platform run under accounts of their own, which cannot read this checkout: its files are for their owner alone. Run:\n\n" +
      `    sudo chmod -R go+rX ${root}`,
  );
}

/** Not while another one works there: then it is busy, and stays for that one to end. Two who came at once may have mounted one over the other. */
async function leave({ at, held }) {
  closeSync(held);
  const unmounted = () =>
    run("umount", [at]).then(
      () => true,
      () => false,
    );
  while (await unmounted());
  try {
    rmdirSync(at);
  } catch {
    // Still somebody's, or gone already.
  }
}

/**
 * Runs a script's main function as an administrator, where every part of the platform can read it. Homes are closed to others on Debian and Ubuntu,
 * and that is where people put what they try.
 * @param command what to type, for those who are no administrator
 */
export function asAdministrator(command, body) {
  main(async () => {
    needRoot(command);
    // What is installed and built is for all parts to read, whatever the person's own habit.
    process.umask(0o022);
    if (readable(root, nobody)) return body();
    const group = await ownGroup();
    if (readable(root, group)) return body();
    const { at, held } = await mounted(group);
    const script = join(at, relative(root, realpathSync(process.argv[1])));
    process.exitCode = await runOpen(process.execPath, [script, ...process.argv.slice(2)], { cwd: at });
    await leave({ at, held });
  });
}
