/** What this host is: asked once and refreshed slowly. */
import { readFile, statfs } from "node:fs/promises";
import { cpus, hostname, release, totalmem } from "node:os";
import { knowsCopies } from "../protocol/copy.ts";
import { knowsLists } from "../protocol/egress.ts";
import type { HostFacts } from "../protocol/observed.ts";
import { findAbilities, remembered } from "./abilities.ts";
import type { EngineFacts } from "./drivers/container/port.ts";
import { plainBridges } from "./drivers/network/bridge-filter.ts";
import { findDisks, findGpus, findLinks, findNetworks } from "./hardware.ts";

const mb = 1024 * 1024;

/** Names by bit, as in linux/capability.h. */
const names =
  "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE".split(
    " ",
  );

/** Pure: the bounding set of /proc/self/status as names. */
export function capabilitiesOf(status: string): string[] {
  const hex = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0";
  const bits = BigInt(`0x${hex}`);
  return names.filter((_, bit) => (bits >> BigInt(bit)) & 1n);
}

const abilitiesOf = remembered(findAbilities, () => performance.now());

/** `volumes` is the directory of the disks, `engine` what the engine said of itself, null while it has not, `bridges` those of segments. */
export async function hostFacts(volumes: string, engine: EngineFacts | null, bridges: ReadonlySet<string>): Promise<HostFacts> {
  const [status, disk, boot, able, plain, links, networks, gpus, disks] = await Promise.all([
    readFile("/proc/self/status", "utf8"),
    statfs(volumes),
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
    abilitiesOf(engine?.dataRoot ?? null),
    plainBridges(),
    findLinks(),
    findNetworks(bridges),
    findGpus(engine?.gpus ?? false),
    findDisks(),
  ]);
  return {
    hostname: hostname(),
    cpus: cpus().length,
    memoryMb: Math.floor(totalmem() / mb),
    diskFreeMb: Math.floor((disk.bavail * disk.bsize) / mb),
    diskTotalMb: Math.floor((disk.blocks * disk.bsize) / mb),
    kernel: release(),
    engine: engine?.engine ?? null,
    capabilities: capabilitiesOf(status),
    bootId: boot.trim(),
    abilities: { ...able, plainBridges: plain },
    links,
    networks,
    ...gpus,
    disks,
    understands: [knowsLists, knowsCopies],
  };
}
