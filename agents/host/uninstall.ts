/** Removes everything that an installation made on this host: containers, networks and their links, firewall tables, mounts, loop devices. Its disks' files stay where they are. */
import type Docker from "dockerode";
import { z } from "zod";
import { label } from "../protocol/labels.ts";
import { removeLinks } from "./drivers/network/clear.ts";
import { run } from "./exec.ts";
import { readMounts } from "./mounts.ts";

export interface Place {
  installation: string;
  /** The agent's state and run directories, as its environment names them. */
  state: string;
  run: string;
}

/** Mount points below a directory, the deepest first. */
async function mountsBelow(dirs: readonly string[]): Promise<string[]> {
  const targets = (await readMounts()).map(({ target }) => target);
  return targets.filter((target) => dirs.some((dir) => target.startsWith(`${dir}/`))).sort((a, b) => b.length - a.length);
}

const Loops = z.object({ loopdevices: z.array(z.object({ name: z.string(), "back-file": z.string().nullable() })) });

/** Pure: the devices in losetup's JSON whose file lies below a folder, whatever blanks are in its name. No device at all is no text. */
export function loopsIn(json: string, dir: string): string[] {
  if (json.trim() === "") return [];
  return Loops.parse(JSON.parse(json))
    .loopdevices.filter((device) => device["back-file"]?.startsWith(`${dir}/`))
    .map(({ name }) => name);
}

async function loopsBelow(dir: string): Promise<string[]> {
  return loopsIn(await run("losetup", ["--list", "--json", "--output", "NAME,BACK-FILE"]), dir);
}

/** @returns what was removed, a line each */
export async function uninstall(docker: Docker, { installation, state, run: runDir }: Place): Promise<string[]> {
  const removed: string[] = [];
  const filters = { label: [`${label.installation}=${installation}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true })));
  removed.push(...containers.map(({ Names }) => `container ${Names[0]?.slice(1)}`));
  for (const network of await docker.listNetworks({ filters })) {
    await docker.getNetwork(network.Id).remove();
    removed.push(`network ${network.Name}`);
  }
  for (const link of await removeLinks(installation)) removed.push(`network link ${link}`);
  for (const point of await mountsBelow([state, runDir])) {
    await run("umount", [point]);
    removed.push(`mount ${point}`);
  }
  for (const device of await loopsBelow(state)) {
    await run("losetup", ["--detach", device]);
    removed.push(`loop device ${device}`);
  }
  for (const family of ["inet", "arp", "bridge"]) {
    const name = `kindling_${installation}`;
    const tables = await run("nft", ["list", "tables"]);
    if (!tables.split("\n").includes(`table ${family} ${name}`)) continue;
    await run("nft", ["delete", "table", family, name]);
    removed.push(`firewall table ${family} ${name}`);
  }
  return removed;
}
