import { readdir, readFile } from "node:fs/promises";

// The kernel counts in clock ticks; on Linux a tick is 10 ms for user space (USER_HZ).
const secondsPerTick = 0.01;

interface Task {
  pid: number;
  parent: number;
  /** CPU seconds of the process and of the children it has waited for. */
  seconds: number;
  residentMb: number;
}

async function readTask(pid: number): Promise<Task | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (!stat) return null;
  // The name may contain spaces and parentheses: fields are counted after the last one.
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [parent = 0, utime = 0, stime = 0, cutime = 0, cstime = 0, pages = 0] = [1, 11, 12, 13, 14, 21].map((index) => fields[index] ?? 0);
  return { pid, parent, seconds: (utime + stime + cutime + cstime) * secondsPerTick, residentMb: (pages * 4096) / 1_048_576 };
}

async function family(root: number): Promise<Task[]> {
  const pids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  const tasks = (await Promise.all(pids.map(readTask))).filter((task) => task !== null);
  const found = tasks.filter((task) => task.pid === root);
  for (const task of found) found.push(...tasks.filter((other) => other.parent === task.pid));
  return found;
}

/** CPU seconds by part of the platform. */
export type Cpu = Map<string, number>;

async function partName(pid: number): Promise<string> {
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  const found = /(?:^|\0)KINDLING_PROCESS=([^\0]+)/.exec(environment)?.[1];
  if (found) return found;
  // The web server writes its title over its own environment.
  const title = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return title.startsWith("next-server") ? "portal" : "database";
}

/** CPU seconds used so far by each part that a launcher started, its own among them, with the programs that they ran and waited for. */
export async function cpuSeconds(launcher: number): Promise<Cpu> {
  const used: Cpu = new Map();
  for (const task of await family(launcher)) {
    const name = task.pid === launcher ? "launcher" : await partName(task.pid);
    used.set(name, (used.get(name) ?? 0) + task.seconds);
  }
  return used;
}

/** What each part used between two looks. */
export function used(before: Cpu, after: Cpu): Cpu {
  return new Map([...after].map(([name, now]) => [name, now - (before.get(name) ?? 0)]));
}

/** What each part used beyond what it takes anyway. @param idle CPU seconds of each part per second at rest */
export function less(cpu: Cpu, idle: Cpu, seconds: number): Cpu {
  return new Map([...cpu].map(([name, all]) => [name, all - (idle.get(name) ?? 0) * seconds]));
}

/** Of each part the smaller of two figures. */
export function lesser(one: Cpu, other: Cpu): Cpu {
  return new Map([...one].map(([name, seconds]) => [name, Math.min(seconds, other.get(name) ?? seconds)]));
}

/** All parts together. */
export function total(cpu: Cpu): number {
  return [...cpu.values()].reduce((sum, seconds) => sum + seconds, 0);
}

/** Memory of a process and everything it started, in MB, shared pages counted once (PSS). */
export async function memoryMb(pid: number): Promise<number> {
  const sizes = await Promise.all(
    (await family(pid)).map(async (task) => {
      const rollup = await readFile(`/proc/${task.pid}/smaps_rollup`, "utf8").catch(() => "");
      return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
