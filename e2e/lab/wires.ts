/** The wires of a lab: a network namespace a host, and one more that is the switch between them. Nothing of it lies in the machine's own network. */
import { randomInt } from "node:crypto";
import { run } from "../../agents/host/exec.ts";

export interface Wires {
  /** Network namespaces of the hosts, by their names. */
  readonly hosts: readonly string[];
  readonly switch: string;
  /** The machine's own address on the wire, if it has one. */
  readonly outside: string;
  /** Address of a host on the wire between hosts; hosts count from 0. */
  address(host: number): string;
  /** Pulls a host's plug, or puts it back: the wire between hosts and the VLANs' ports. */
  plug(host: number, inside: boolean): Promise<void>;
  remove(): Promise<void>;
}

export interface WiresWanted {
  readonly id: string;
  readonly hosts: number;
  /** VLANs for which each host has the link `eth0.<vid>`: an access port of the switch. */
  readonly vlans: readonly number[];
  /** True: the machine itself has the wire's first address, so that a platform on it reaches the hosts and they it. */
  readonly outside?: boolean;
}

/** The network namespaces of a lab: the switch's, then one a host. */
export function namesOf(id: string, hosts: number): { center: string; names: string[] } {
  return { center: `kl${id}sw`, names: Array.from({ length: hosts }, (_, k) => `kl${id}h${k}`) };
}

/** Their links go with them. */
export async function removeNamespaces(names: readonly string[]): Promise<void> {
  const there = async (name: string) => (await run("ip", ["netns", "list"])).split("\n").some((line) => line.split(" ")[0] === name);
  for (const name of names)
    if (await there(name))
      // Another lab may be taking the same left-overs away.
      await run("ip", ["netns", "del", name]).catch(async (error: unknown) => {
        if (await there(name)) throw error;
      });
}

export async function layWires({ id, hosts, vlans, outside = false }: WiresWanted): Promise<Wires> {
  // With a way outside, labs side by side must not have the same addresses.
  const underlay = `10.77.${randomInt(1, 255)}`;
  const { center, names } = namesOf(id, hosts);
  const all = [center, ...names];
  const batch = (namespace: string | null, lines: readonly string[]) =>
    run("ip", [...(namespace === null ? [] : ["-n", namespace]), "-batch", "-"], { input: `${lines.join("\n")}\n` });
  await batch(
    null,
    all.map((name) => `netns add ${name}`),
  );
  // Frames between hosts must not pass a packet filter of the switch; each namespace has a setting of its own.
  await run("nsenter", [`--net=/run/netns/${center}`, "tee", "/proc/sys/net/bridge/bridge-nf-call-iptables"], { input: "0" });
  await batch(
    center,
    ["under", ...vlans.map((vid) => `v${vid}`)].flatMap((name) => [`link add ${name} type bridge`, `link set ${name} up`]),
  );
  if (outside) {
    await batch(null, [
      `link add ${center} type veth peer name out netns ${center}`,
      `addr add ${underlay}.1/24 dev ${center}`,
      `link set ${center} up`,
    ]);
    await batch(center, ["link set out master under up"]);
  }
  for (const [k, name] of names.entries()) {
    await batch(center, [
      `link add u${k} type veth peer name eth0 netns ${name}`,
      `link set u${k} master under up`,
      ...vlans.flatMap((vid) => [
        `link add v${vid}h${k} type veth peer name eth0.${vid} netns ${name}`,
        `link set v${vid}h${k} master v${vid} up`,
      ]),
    ]);
    await batch(name, ["link set lo up", `addr add ${underlay}.${10 + k}/24 dev eth0`, "link set eth0 up"]);
  }
  return {
    hosts: names,
    switch: center,
    outside: `${underlay}.1`,
    address: (k) => `${underlay}.${10 + k}`,
    async plug(k, inside) {
      await batch(
        center,
        [`u${k}`, ...vlans.map((vid) => `v${vid}h${k}`)].map((port) => `link set ${port} ${inside ? "up" : "down"}`),
      );
    },
    remove: () => removeNamespaces(all),
  };
}
