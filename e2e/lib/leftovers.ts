import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import Docker from "dockerode";
import { label } from "../../agents/protocol/labels.ts";
import type { Installation } from "./installation.ts";
import { eventually } from "./wait.ts";

const run = promisify(execFile);

/** Everything on this machine that still belongs to the installation: containers, networks, mounts, loop devices, firewall tables. */
async function leftovers(installation: Installation): Promise<string[]> {
  const docker = new Docker();
  const filters = { label: [`${label.installation}=${installation.id}`] };
  const [containers, networks, mounts, loops, tables] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    readFile("/proc/self/mounts", "utf8"),
    run("losetup", ["--list", "--noheadings", "--output", "NAME,BACK-FILE"]),
    run("nft", ["list", "tables"]),
  ]);
  const ours = (text: string): string[] =>
    text.split("\n").filter((line) => line.includes(installation.home) || line.includes(`${installation.run}/`));
  return [
    ...containers.map((container) => `container ${container.Names.join()}`),
    ...networks.map((network) => `network ${network.Name}`),
    ...ours(mounts).map((line) => `mount ${line}`),
    ...ours(loops.stdout).map((line) => `loop ${line}`),
    ...tables.stdout
      .split("\n")
      .filter((line) => line.includes(installation.id))
      .map((line) => `firewall ${line}`),
  ];
}

/** Waits until nothing of the installation is left. @throws after a minute, with what there is still and who keeps its mounts */
export async function nothingLeft(installation: Installation): Promise<void> {
  await untilLeft(installation, (left) => left.length === 0);
}

/** The same until no more is left than the disk of one node: its loop device and its mount. */
export async function oneDiskLeft(installation: Installation): Promise<void> {
  await untilLeft(installation, (left) => left.length <= 2 && left.every((thing) => /^(loop|mount) /.test(thing)));
}

async function untilLeft(installation: Installation, passes: (left: string[]) => boolean): Promise<void> {
  let left: string[] = [];
  await eventually(async () => {
    left = await leftovers(installation);
    return passes(left) ? true : undefined;
  }).catch(async (error: unknown) => {
    throw new Error([String(error), ...left, ...(await keepers(installation))].join("; "), { cause: error });
  });
}

/** Processes in whose view of the file system something of it is still mounted: each keeps its loop device. */
async function keepers(installation: Installation): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const mounts = await readFile(`/proc/${pid}/mounts`, "utf8").catch(() => "");
      if (!mounts.includes(installation.home)) return [];
      return [`process ${pid} ${(await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ").slice(0, 80)}`];
    }),
  );
  return found.flat().slice(0, 5);
}
