/** Links, disks and GPUs of the host, from the kernel's own files: no program has to be started for them. */
import { readdir, readFile } from "node:fs/promises";
import { endianness, networkInterfaces } from "node:os";
import { join } from "node:path";
import { GpuId, type NvidiaFacts } from "../protocol/gpu.ts";
import type { HostFacts } from "../protocol/observed.ts";

const word = (path: string): Promise<string> =>
  readFile(path, "utf8").then(
    (text) => text.trim(),
    () => "",
  );
const names = (path: string): Promise<string[]> => readdir(path).catch(() => []);

export interface LinkFile {
  readonly name: string;
  /** As in /sys/class/net/<name>: type is 1 for Ethernet, flags are hexadecimal. */
  readonly type: string;
  readonly flags: string;
  readonly mtu: string;
  /** It is a bridge, or a port of one. */
  readonly bridge: boolean;
}

const noArp = 0x80;

/** Pure: links that may carry segments, those with addresses first. Bridges and what hangs on them belong to somebody already. */
export function carriers(links: readonly LinkFile[], addresses: Readonly<Record<string, readonly string[]>>): HostFacts["links"] {
  return links
    .filter((l) => l.type === "1" && !l.bridge && (Number.parseInt(l.flags, 16) & noArp) === 0 && l.name.length <= 15)
    .map((l) => ({ name: l.name, addresses: [...(addresses[l.name] ?? [])], mtu: Number(l.mtu) }))
    .sort((a, b) => Number(b.addresses.length > 0) - Number(a.addresses.length > 0) || a.name.localeCompare(b.name));
}

export async function findLinks(): Promise<HostFacts["links"]> {
  const base = "/sys/class/net";
  const files = await Promise.all(
    (await names(base)).map(async (name): Promise<LinkFile> => {
      const at = join(base, name);
      const [type, flags, mtu, inside] = await Promise.all([
        word(join(at, "type")),
        word(join(at, "flags")),
        word(join(at, "mtu")),
        names(at),
      ]);
      return { name, type, flags, mtu, bridge: inside.includes("bridge") || inside.includes("brport") };
    }),
  );
  const addresses = Object.entries(networkInterfaces()).map(([name, all]): [string, string[]] => [
    name,
    (all ?? []).flatMap((a) => (a.family === "IPv4" ? [a.address] : [])),
  ]);
  return carriers(files, Object.fromEntries(addresses));
}

const [up, byRouter, rejected] = [0x1, 0x2, 0x200];
/** VPNs cut the default route into halves and the like, so that theirs goes before it: nobody's network is as large. */
const shortest = 8;
/** A host has a handful; one that carries a routing table of the internet's is not asked for it. */
const mostNetworks = 200;

/** "000011AC", an address as the kernel writes it in its routes, as four numbers. */
function bytesOf(hex: string): number[] {
  const bytes = (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
  return endianness() === "LE" ? bytes.reverse() : bytes;
}

/** Pure: subnets of the host's routes (/proc/net/route) but the default one, whole or in parts. @param own bridges of the platform's segments */
export function networksOf(routes: string, own: ReadonlySet<string>): NonNullable<HostFacts["networks"]> {
  const found = new Map<string, NonNullable<HostFacts["networks"]>[number]>();
  for (const line of routes.split("\n").slice(1)) {
    const [link = "", to = "", , flagText = "", , , , maskText = ""] = line.trim().split(/\s+/);
    const flags = Number.parseInt(flagText, 16);
    const bits = bytesOf(maskText).reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
    if (link === "" || link.length > 15 || own.has(link) || bits < shortest || (flags & up) === 0 || (flags & rejected) !== 0) continue;
    const cidr = `${bytesOf(to).join(".")}/${bits}`;
    const direct = (flags & byRouter) === 0;
    found.set(`${link} ${cidr} ${direct}`, { link, cidr, direct });
  }
  return [...found.values()].slice(0, mostNetworks);
}

export async function findNetworks(own: ReadonlySet<string>): Promise<NonNullable<HostFacts["networks"]>> {
  return networksOf(await word("/proc/net/route"), own);
}

export interface DiskFile {
  readonly name: string;
  /** Blocks of 512 bytes, whatever the disk's own are. */
  readonly size: string;
  readonly model: string;
}

/** Pure: disks that hold something; no loop devices, optical drives, memory or what is put together from disks. */
export function realDisks(files: readonly DiskFile[]): HostFacts["disks"] {
  return files
    .filter((d) => !/^(loop|ram|zram|sr|fd|dm-|md|nbd)/.test(d.name) && Number(d.size) > 0)
    .map((d) => ({
      name: d.name.slice(0, 60),
      sizeMb: Math.floor(Number(d.size) / 2048),
      model: d.model === "" ? null : d.model.slice(0, 100),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

export async function findDisks(): Promise<HostFacts["disks"]> {
  const base = "/sys/block";
  const files = await Promise.all(
    (await names(base)).map(async (name): Promise<DiskFile> => {
      const [size, model] = await Promise.all([word(join(base, name, "size")), word(join(base, name, "device", "model"))]);
      return { name, size, model };
    }),
  );
  return realDisks(files);
}

/** Pure: what NVIDIA's driver says of one card. */
export function nvidiaModel(information: string): string | null {
  return /^Model:\s*(\S.*?)\s*$/m.exec(information)?.[1]?.slice(0, 100) ?? null;
}

/**
 * Pure: a card that nodes can have. Null for one that its administrator took out of use, and for one without an id: it gets that when the driver
 * wakes it, which nvidia-persistenced does at each start of the machine.
 */
export function nvidiaCard(information: string): NvidiaFacts["cards"][number] | null {
  const id = GpuId.safeParse(/^GPU UUID:\s*(\S+)/m.exec(information)?.[1]);
  const model = nvidiaModel(information);
  return id.success && model !== null && !/^GPU Excluded:\s*Yes/im.test(information) ? { id: id.data, model } : null;
}

/** Pure: a card that is there and tells no id yet. */
const isAsleep = (information: string): boolean =>
  nvidiaModel(information) !== null && nvidiaCard(information) === null && !/^GPU Excluded:\s*Yes/im.test(information);

/** Cards whose driver is loaded; one without is of no use to a node. @param toolkit the engine can hand cards to containers */
export async function findGpus(toolkit: boolean, root = "/"): Promise<Pick<HostFacts, "gpus" | "nvidia">> {
  const nvidia = join(root, "proc/driver/nvidia/gpus");
  const amd = join(root, "sys/class/kfd/kfd/topology/nodes");
  const [texts, nodes] = await Promise.all([
    Promise.all((await names(nvidia)).map((card) => word(join(nvidia, card, "information")))),
    Promise.all(
      (await names(amd)).map(async (node) => {
        const [name, properties] = await Promise.all([word(join(amd, node, "name")), word(join(amd, node, "properties"))]);
        return /^simd_count [1-9]/m.test(properties) ? `AMD ${name}`.slice(0, 100) : null;
      }),
    ),
  ]);
  const asleep = texts.filter(isAsleep).length;
  return {
    gpus: [...texts.map(nvidiaModel), ...nodes].filter((name) => name !== null),
    nvidia: { toolkit, cards: texts.map(nvidiaCard).filter((card) => card !== null), ...(asleep > 0 ? { asleep } : {}) },
  };
}
