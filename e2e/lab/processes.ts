/** Processes of this machine, as far as a lab has to find its own among them. */
import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

interface Task {
  readonly pid: number;
  readonly parent: number;
  /** `mnt:[4026531840]`, `net:[…]`, as the kernel names namespaces. */
  readonly mounts: string;
  readonly network: string;
}

/** The fields of /proc/<pid>/stat behind the program's name, which may have blanks itself; the first is the state. */
async function statOf(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** When it began, in the kernel's ticks: with the id it names one process among all that ever had the id. Null: there is none. */
export async function beginOf(pid: number): Promise<string | null> {
  const fields = await statOf(pid).catch(() => null);
  return fields === null || fields[0] === "Z" ? null : (fields[19] ?? null);
}

async function tasks(): Promise<Task[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(
    pids.map(async (pid): Promise<Task | null> => {
      const namespace = (kind: string) => readlink(`/proc/${pid}/ns/${kind}`);
      const [stat, mounts, network] = await Promise.all([statOf(pid), namespace("mnt"), namespace("net")]).catch(
        () => [null, "", ""] as const,
      );
      return stat && { pid, parent: Number(stat[1] ?? 0), mounts, network };
    }),
  );
  return all.filter((task) => task !== null);
}

/** Ends every process that is meant and all below it at once, and waits until none is left. */
export async function killAll(meant: (task: Task) => boolean): Promise<void> {
  for (;;) {
    const all = await tasks();
    const found = all.filter(meant);
    for (const task of found) found.push(...all.filter((t) => t.parent === task.pid && !found.includes(t)));
    if (found.length === 0) return;
    for (const { pid } of found)
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It went by itself.
      }
    await delay(20);
  }
}
