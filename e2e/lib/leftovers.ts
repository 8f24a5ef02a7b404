import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import Docker from "dockerode";
import { label } from "../../agents/protocol/labels.ts";
import type { Installation } from "./installation.ts";

const run = promisify(execFile);

/** Everything on this machine that still belongs to the installation: containers, networks, mounts, loop devices, firewall tables. */
export async function leftovers(installation: Installation): Promise<string[]> {
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
