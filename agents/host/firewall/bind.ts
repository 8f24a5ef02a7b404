/** Finds the port of a bridge that leads to a container: the other end of the eth0 in its network namespace. */
import { readdir, readFile } from "node:fs/promises";
import { z } from "zod";
import { run } from "../exec.ts";

const Links = z.array(z.object({ ifindex: z.number().int(), link_index: z.number().int() })).min(1);

/** `sandbox` is `/proc/<pid>/ns/net`. Null when the container is gone or has no port on this bridge. */
export async function bridgePort(sandbox: string, bridge: string): Promise<string | null> {
  const ports = await portsOf(bridge);
  const own = await eth0Index(sandbox);
  const likely = own === null ? [] : ports.filter((port) => port.peer === own);
  if (likely.length === 1) return likely[0]?.name ?? null;
  // The kernel's list does not tell, or two ports have a peer of that number: ask inside.
  const text = await run("nsenter", [`--net=${sandbox}`, "ip", "-j", "link", "show", "eth0"]).catch(() => null);
  if (text === null) return null;
  const index = Links.parse(JSON.parse(text))[0]?.link_index;
  return ports.find((port) => port.index === index)?.name ?? null;
}

interface Port {
  readonly name: string;
  readonly index: number;
  /** Number of the other end, in its own namespace. */
  readonly peer: number;
}

async function portsOf(bridge: string): Promise<Port[]> {
  const names = await readdir(`/sys/class/net/${bridge}/brif`).catch(() => []);
  const number = async (name: string, file: string) => Number(await readFile(`/sys/class/net/${name}/${file}`, "utf8").catch(() => "-1"));
  return Promise.all(names.map(async (name) => ({ name, index: await number(name, "ifindex"), peer: await number(name, "iflink") })));
}

/** Number of eth0 in the namespace of the process, from the kernel's list of multicast memberships: no program has to be started. */
async function eth0Index(sandbox: string): Promise<number | null> {
  const text = await readFile(sandbox.replace(/\/ns\/net$/, "/net/igmp"), "utf8").catch(() => "");
  return eth0In(text);
}

/** Pure: lines like "134	eth0      :     1      V3". */
export function eth0In(igmp: string): number | null {
  const index = /^(\d+)\s+eth0\s/m.exec(igmp)?.[1];
  return index === undefined ? null : Number(index);
}
