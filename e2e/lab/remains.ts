/**
 * What a lab that was interrupted left on this machine. Each lab writes down what it will make before it makes anything; the next one that starts
 * takes away what is written in a record whose writer is no more, and nothing else.
 */
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { z } from "zod";
import { run } from "../../agents/host/exec.ts";
import { loopsIn, uninstall } from "../../agents/host/uninstall.ts";
import { removeControlGroups } from "./machine.ts";
import { beginOf, killAll } from "./processes.ts";
import { namesOf, removeNamespaces } from "./wires.ts";

const parent = "/var/tmp";
const prefix = "kl-";
const [labFile, platformFile] = ["lab.json", "platform.json"];

const Writer = z.object({ pid: z.number().int().positive(), begin: z.string() });
const LabRecord = z.object({ id: z.string().regex(/^[a-z0-9]{5}$/), hosts: z.number().int(), writer: Writer });
const PlatformRecord = z.object({ launcher: Writer, installation: z.string().min(1), home: z.string().min(1), run: z.string().min(1) });

/** Makes the lab's folder with the record in it. `forget` removes the folder, and with it the record. */
export async function record(id: string, hosts: number): Promise<{ dir: string; forget: () => Promise<void> }> {
  const dir = await mkdtemp(join(parent, prefix));
  const writer = { pid: process.pid, begin: (await beginOf(process.pid)) ?? "" };
  await write(join(dir, labFile), { id, hosts, writer });
  return { dir, forget: () => rm(dir, { recursive: true, force: true }) };
}

/** Whole or not at all: another lab that starts at this moment reads it. */
async function write(path: string, content: unknown): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(content));
  await rename(`${path}.new`, path);
}

/** Adds the platform that manages the lab's hosts. @param launcher its process id */
export async function recordPlatform(dir: string, launcher: number, place: { id: string; home: string; run: string }): Promise<void> {
  const begin = (await beginOf(launcher)) ?? "";
  const written = { launcher: { pid: launcher, begin }, installation: place.id, home: place.home, run: place.run };
  await write(join(dir, platformFile), written);
}

const runs = async ({ pid, begin }: z.infer<typeof Writer>): Promise<boolean> => (await beginOf(pid)) === begin;
const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, "utf8").catch(() => "null"));

/** Takes away what labs left whose process is gone. @returns their folders */
export async function removeRemains(): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const dir = join(parent, name);
    const lab = LabRecord.safeParse(await read(join(dir, labFile)));
    // Without a record it is nobody's that is known here: it may have begun this moment.
    if (!lab.success || (await runs(lab.data.writer))) continue;
    const platform = PlatformRecord.safeParse(await read(join(dir, platformFile)));
    if (platform.success) await removePlatform(platform.data);
    await removeLab(dir, lab.data);
    removed.push(dir);
  }
  return removed;
}

async function removeLab(dir: string, { id, hosts }: z.infer<typeof LabRecord>): Promise<void> {
  const { center, names } = namesOf(id, hosts);
  for (const name of names) {
    const found = await stat(join("/run/netns", name)).catch(() => null);
    // The mounts go with the last process of the namespace that has them.
    if (found) await killAll((task) => task.network === `net:[${found.ino}]`);
  }
  await removeNamespaces([center, ...names]);
  for (const name of names) await removeControlGroups(name);
  // Those of mounts that just went away release themselves, some of them between the list and here.
  const loops = async () => loopsIn(await run("losetup", ["--list", "--json", "--output", "NAME,BACK-FILE"]), dir);
  for (const device of await loops())
    await run("losetup", ["--detach", device]).catch(async (error: unknown) => {
      if ((await loops()).includes(device)) throw error;
    });
  await rm(dir, { recursive: true, force: true });
}

async function removePlatform({ launcher, installation, home, run: runDir }: z.infer<typeof PlatformRecord>): Promise<void> {
  // Its parts end with it, and what they keep running is taken away by its label.
  if (await runs(launcher)) await killAll((task) => task.pid === launcher.pid);
  await uninstall(new Docker(), { installation, state: join(home, "agent"), run: join(runDir, "agent") });
  await rm(home, { recursive: true, force: true });
  await rm(runDir, { recursive: true, force: true });
}
