/** One pretended machine: namespaces for network, mounts and host name, in which a real engine and a real agent run. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, open, readdir, readFile, readlink, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../agents/host/exec.ts";
import { killAll } from "./processes.ts";

export interface Machine {
  readonly dir: string;
  /** Its /run, as seen from outside. */
  readonly run: string;
  /** Arguments of `nsenter` before a program that is to run in it. */
  readonly enter: readonly string[];
  /** Starts a program in it; what it says goes to `<dir>/<log>.log`. */
  start(log: string, program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<ChildProcess>;
  /** Runs a program in it to its end. */
  call(program: string, args: readonly string[]): Promise<string>;
  /** As when somebody pulls the mains: every process of it is killed, containers too. The namespaces stay. */
  powerOff(): Promise<void>;
  remove(): Promise<void>;
}

const enterer = "nsenter";

/** Where something is mounted in the namespace of a process, the deepest first. */
async function mountsOf(pid: number): Promise<string[]> {
  const lines = (await readFile(`/proc/${pid}/mounts`, "utf8")).split("\n");
  return lines.map((line) => (line.split(" ")[1] ?? "").replaceAll("\\040", " ")).sort((a, b) => b.length - a.length);
}

/** @param name also that of its network namespace, host name and control group */
export async function startMachine(name: string, dir: string): Promise<Machine> {
  const keeper = keepNamespaces(name);
  try {
    await once(keeper.stdout, "data");
    return await furnish(name, dir, keeper);
  } catch (error) {
    keeper.kill("SIGKILL");
    throw error;
  }
}

/** It does nothing: it keeps the namespaces, also while the machine is off. */
function keepNamespaces(name: string) {
  return spawn(
    enterer,
    [`--net=/run/netns/${name}`, "unshare", "--mount", "--uts", "--propagation", "private", "sh", "-c", "echo here; exec sleep infinity"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
}

async function furnish(name: string, dir: string, keeper: ChildProcess): Promise<Machine> {
  const runDir = join(dir, "run");
  const groups = join(dir, "cgroup");
  await mkdir(runDir, { recursive: true });
  await mkdir(groups);
  const pid = keeper.pid ?? 0;
  const enter = [`--target=${pid}`, "--mount", "--uts", "--net"];
  const call = (program: string, args: readonly string[]) => run(enterer, [...enter, program, ...args]);
  const unmount = async (which: (target: string) => boolean) => {
    const targets = (await mountsOf(pid)).filter(which);
    if (targets.length > 0) await call("umount", ["--lazy", ...targets]);
  };
  // A namespace would keep others' disks alive after they went.
  await unmount((target) => /^\/(run|tmp|var\/tmp|var\/lib\/docker)\/./.test(target));
  await call("hostname", [name]);
  // What /sys says of links is that of the namespace in which it was mounted; control groups are the machine's.
  await call("mount", ["--rbind", "/sys/fs/cgroup", groups]);
  await call("mount", ["-t", "sysfs", "sysfs", "/sys"]);
  await call("mount", ["--rbind", groups, "/sys/fs/cgroup"]);
  await call("mount", ["--bind", runDir, "/run"]);
  const mounts = await readlink(`/proc/${pid}/ns/mnt`);

  const cables: Set<string> = new Set();
  /** Links that were not there at first. */
  async function linksIn(): Promise<string[]> {
    const names = await call("ls", ["/sys/class/net"]);
    return names.split("\n").filter((link) => link !== "" && !cables.has(link));
  }

  for (const name of await linksIn()) cables.add(name);

  const machine: Machine = {
    dir,
    run: runDir,
    enter,
    call,
    async start(log, program, args, env = {}) {
      const file = await open(join(dir, `${log}.log`), "a");
      const child = spawn(enterer, [...enter, program, ...args], {
        stdio: ["ignore", file.fd, file.fd],
        env: { ...process.env, ...env },
      });
      await file.close();
      child.on("error", (error) => void appendFile(join(dir, `${log}.log`), String(error)));
      return child;
    },
    async powerOff() {
      await killAll((task) => task.mounts === mounts && task.pid !== pid);
      // What lies in memory is lost, and nothing is mounted any more.
      await unmount((target) => target.startsWith("/run/") || (target.startsWith(`${dir}/`) && !target.startsWith(groups)));
      for (const entry of await readdir(runDir)) await rm(join(runDir, entry), { recursive: true, force: true });
      for (const name of await linksIn()) await call("ip", ["link", "delete", "dev", name]).catch(() => undefined);
      await call("nft", ["flush", "ruleset"]);
    },
    async remove() {
      await machine.powerOff();
      const gone = once(keeper, "exit");
      keeper.kill("SIGKILL");
      await gone;
      await removeControlGroups(name);
    },
  };
  return machine;
}

/** Takes away the control groups of a machine's name, wherever the kernel has them: none of them may have a process. */
export async function removeControlGroups(name: string): Promise<void> {
  for (const root of await readdir("/sys/fs/cgroup")) await removeGroups(join("/sys/fs/cgroup", root, name));
  await removeGroups(join("/sys/fs/cgroup", name));
}

async function removeGroups(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => null);
  if (!entries) return;
  for (const entry of entries) if (entry.isDirectory()) await removeGroups(join(path, entry.name));
  await rmdir(path).catch(() => undefined);
}
