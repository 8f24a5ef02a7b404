import { spawn } from "node:child_process";
import { once } from "node:events";

/** Root's alone, and gone with the machine's next start. */
const usual = "/run/kindling-build.lock";

/**
 * Does `work` while no other process of this machine builds images: two builds would only slow each other down, and the second of the
 * same image finds everything that the first one made. The kernel gives the lock back when the process dies.
 * @param onWait called when another process is at it
 * @throws when the lock cannot be taken
 */
export async function asOnlyBuilder<T>(work: () => Promise<T>, onWait: () => void, file = usual): Promise<T> {
  let holder = await hold(file, ["--nonblock"]);
  if (!holder) {
    onWait();
    holder = await hold(file, []);
  }
  if (!holder) throw new Error(`The lock ${file} could not be taken.`);
  try {
    return await work();
  } finally {
    holder.release();
  }
}

/** `flock … cat` holds the lock as long as its input is open, and it has it once it echoes. */
async function hold(file: string, how: readonly string[]): Promise<{ release: () => void } | null> {
  const child = spawn("flock", [...how, file, "cat"], { stdio: ["pipe", "pipe", "ignore"] });
  const failed = once(child, "error").then(([error]) => Promise.reject(error));
  failed.catch(() => undefined);
  child.stdin.on("error", () => undefined);
  child.stdin.write("held");
  const held = once(child.stdout, "data").then(() => true);
  const ended = once(child, "close").then(() => false);
  held.catch(() => undefined);
  ended.catch(() => undefined);
  return (await Promise.race([held, ended, failed])) ? { release: () => child.stdin.end() } : null;
}
