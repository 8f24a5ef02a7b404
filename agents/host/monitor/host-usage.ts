/** What this machine uses as a whole, nodes and everything else. */
import { readFile, statfs } from "node:fs/promises";
import { cpus } from "node:os";
import type { HostUsage } from "../../protocol/observed.ts";

const mb = 1024 * 1024;

/** Pure: memory that is neither free nor a cache that the kernel would give back, in MB. */
export function memoryUsedMb(meminfo: string): number {
  const kb = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(meminfo)?.[1] ?? 0);
  return Math.max(0, Math.round((kb("MemTotal") - kb("MemAvailable")) / 1024));
}

/** Milliseconds of all cores since the machine started, in work. */
function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

/** @returns a function that measures since it was called last; the first time the cores are 0 */
export function hostMeter(volumes: string, now: () => number): () => Promise<HostUsage> {
  let last: { busy: number; at: number } | null = null;
  return async () => {
    const [meminfo, disk] = await Promise.all([readFile("/proc/meminfo", "utf8"), statfs(volumes)]);
    const seen = { busy: busyMs(), at: now() };
    const passed = last ? seen.at - last.at : 0;
    const cores = last && passed > 0 ? Math.max(0, (seen.busy - last.busy) / passed) : 0;
    last = seen;
    return {
      cpuCores: Math.round(Math.min(cores, cpus().length) * 100) / 100,
      memoryMb: memoryUsedMb(meminfo),
      diskUsedMb: Math.round(((disk.blocks - disk.bfree) * disk.bsize) / mb),
    };
  };
}
