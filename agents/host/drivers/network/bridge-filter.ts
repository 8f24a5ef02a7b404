/**
 * Whether frames from port to port of any bridge pass the host's iptables. The kernel's br_netfilter, which the engine loads, switches that on for
 * the whole host (kernel documentation, networking/bridge: "br_netfilter"). Between nodes it decides nothing, since a segment's frames are judged
 * by tables of our own at the bridge, and it takes up to a third of the throughput. But other software on a host may rely on it.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const files = ["bridge-nf-call-iptables", "bridge-nf-call-ip6tables", "bridge-nf-call-arptables"];

/** @returns whether frames between nodes pass by the bridge alone. Without the module there is nothing that they could pass besides. */
export async function plainBridges(folder = "/proc/sys/net/bridge"): Promise<boolean> {
  const said = await Promise.all(files.slice(0, 2).map((name) => readFile(join(folder, name), "utf8").catch(() => "0")));
  return said.every((text) => text.trim() === "0");
}

/** Switches it off where it is on. Without the module nothing happens. @throws when the kernel does not let us */
export async function bypassHostFilter(folder = "/proc/sys/net/bridge"): Promise<void> {
  for (const name of files) {
    const now = await readFile(join(folder, name), "utf8").catch(() => "0");
    if (now.trim() !== "0") await writeFile(join(folder, name), "0", { flag: "r+" });
  }
}
