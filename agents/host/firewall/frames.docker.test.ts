/** Frames that no honest node sends, against the kernel itself: a host and nodes as network namespaces, with the rules as they are loaded. */
import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { after, before, beforeEach, describe, it } from "node:test";
import { macOf } from "../drivers/container/create-options.ts";
import { run } from "../exec.ts";
import { frame, hearMarks, question, sendFrames, syn, types, udp } from "../testing/frames.ts";
import { freshId, node } from "../testing/specs.ts";
import { type FirewallInput, renderFirewall } from "./render.ts";

const [attacker, victim, mate, gateway, stranger] = ["10.82.1.2", "10.82.1.4", "10.82.1.5", "10.82.1.254", "10.82.2.2"];
/** Another host, as tunnels know it. */
const peer = "192.0.2.7";
/** Groups that a bridge takes for itself: LLDP's passes all of its rules, the others most. */
const groups = ["01:80:c2:00:00:02", "01:80:c2:00:00:03", "01:80:c2:00:00:0e"];

const [id, own, other, foreign, host] = [freshId("kf"), freshId("kf"), freshId("kf"), freshId("kf"), freshId("kf")];
const member = (ip: string, cluster: string) => ({ ip, name: cluster, cluster, via: null, remote: false });
const segment = (bridge: string, base: string, members: ReturnType<typeof member>[]) => ({
  ...{ bridge, subnet: `${base}.0/24`, gateway: `${base}.254`, egress: "open" as const, allow: [], dns: [], link: null, members },
  uplink: { kind: "none" as const },
});
const [service] = node({ id: "v", ip: victim, segment: "s", volume: "v", image: "i", tenant: "t" }).services;
const rules = (...bound: [bridge: string, port: string, ip: string][]): FirewallInput => ({
  installation: id,
  segments: [
    segment("kb1", "10.82.1", [member(attacker, "one"), member(victim, "two"), member(mate, "two")]),
    segment("kb2", "10.82.2", [member(stranger, "three")]),
  ],
  nodes: [{ ip: victim, services: service ? [{ ...service, guarded: [8888] }] : [], cluster: "two", bridge: "kb1" }],
  bindings: bound.map(([bridge, port, ip]) => ({ bridge, port, ip, mac: macOf(ip) })),
  ...{ resolvers: [], deny: [], fenced: false },
});
const others = [
  ["kb1", "pv", victim],
  ["kb2", "pf", stranger],
] satisfies [string, string, string][];
const started = rules(...others);
const bound = rules(...others, ["kb1", "pa", attacker]);

const program = "nsenter";
const enter = (name: string, ...command: string[]) => [`--net=/run/netns/${name}`, ...command];
const load = (input: FirewallInput) => run(program, enter(host, "nft", "-f", "-"), { input: renderFirewall(input) });
const send = (name: string, frames: string[]) => run(program, enter(name, "perl", "-e", sendFrames, ...frames));
const linkOf = async (name: string, link: string): Promise<string> =>
  /link\/ether (\S+)/.exec(await run("ip", ["-n", name, "link", "show", link]))?.[1] ?? "";

class Listener {
  readonly marks: string[] = [];
  readonly #child: ChildProcessByStdio<null, Readable, null>;
  constructor(name: string, what: "frames" | "datagrams") {
    this.#child = spawn(program, enter(name, "perl", "-e", hearMarks, what), { stdio: ["ignore", "pipe", "inherit"] });
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => this.marks.push(...text.split("\n").filter((line) => line !== "")));
  }
  async until(mark: string): Promise<string[]> {
    while (!this.marks.includes(mark)) await once(this.#child.stdout, "data");
    return this.marks.splice(0).filter((one) => one !== mark);
  }
  stop(): void {
    this.#child.kill();
  }
}

describe("frames that no honest node sends", () => {
  let listeners: { host: Listener; victim: Listener; stranger: Listener };
  const to = { victim: macOf(victim), gateway: "" };

  async function nodeAt(name: string, bridge: string, port: string, ip: string): Promise<void> {
    await run("ip", ["netns", "add", name]);
    await run("ip", ["link", "add", port, "netns", host, "type", "veth", "peer", "name", "eth0", "netns", name]);
    await run("ip", ["-n", name, "link", "set", "eth0", "address", macOf(ip), "up"]);
    await run("ip", ["-n", name, "addr", "add", `${ip}/24`, "dev", "eth0"]);
    await run("ip", ["-n", host, "link", "set", port, "master", bridge, "up"]);
  }

  before(async () => {
    await run("ip", ["netns", "add", host]);
    await run("ip", ["-n", host, "link", "set", "lo", "up"]);
    await run(
      "nsenter",
      enter(host, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0"),
    );
    for (const [bridge, address] of [
      ["kb1", gateway],
      ["kb2", "10.82.2.254"],
    ] as const) {
      await run("ip", ["-n", host, "link", "add", bridge, "type", "bridge"]);
      await run("ip", ["-n", host, "addr", "add", `${address}/24`, "dev", bridge]);
      await run("ip", ["-n", host, "link", "set", bridge, "up"]);
    }
    await nodeAt(own, "kb1", "pa", attacker);
    await nodeAt(other, "kb1", "pv", victim);
    await nodeAt(foreign, "kb2", "pf", stranger);
    to.gateway = await linkOf(host, "kb1");
    listeners = { host: new Listener(host, "datagrams"), victim: new Listener(other, "frames"), stranger: new Listener(foreign, "frames") };
    for (const listener of Object.values(listeners)) await listener.until("ready");
  });
  beforeEach(() => load(bound));
  after(async () => {
    for (const listener of Object.values(listeners ?? {})) listener.stop();
    for (const name of [own, other, foreign, host]) await run("ip", ["netns", "del", name]).catch(() => undefined);
  });

  /** The marks of what came through, by who heard them. `input`: the rules at that moment. */
  async function attempt(frames: string[], input = bound): Promise<Record<"host" | "victim" | "stranger", string[]>> {
    await load(input);
    await send(own, frames);
    // What was sent before was heard before this.
    const end = "socket(my $s, 2, 2, 0); use Socket; send($s, 'mark-end', 0, sockaddr_in(7777, inet_aton($_))) for @ARGV";
    await run(program, enter(host, "perl", "-e", end, gateway, victim, stranger));
    const { host: h, victim: v, stranger: s } = listeners;
    return { host: await h.until("mark-end"), victim: await v.until("mark-end"), stranger: await s.until("mark-end") };
  }

  const plain = (mark: string) => frame(to.victim, macOf(attacker), [types.ip], udp(attacker, victim, mark));

  it("do not come to a guarded port by way of the host", async () => {
    const opening = (link: string, port: number, mark: string) =>
      frame(link, macOf(attacker), [types.ip], syn(attacker, victim, port, mark));
    const heard = await attempt([
      opening(to.victim, 9999, "mark-open"),
      opening(to.victim, 8888, "mark-guarded"),
      opening(to.gateway, 8888, "mark-round"),
      opening(to.gateway, 9999, "mark-round-open"),
    ]);
    assert.deepEqual(heard.victim, ["mark-open"], "only what goes straight to a port that nobody guards");
  });

  it("do not come to what the host listens on, in the bridge's own groups, under any name", async () => {
    const frames = groups.flatMap((group, at) => [
      frame(group, macOf(attacker), [types.ip], udp(attacker, gateway, `mark-own-${at}`)),
      frame(group, macOf(attacker), [types.ip], udp(peer, gateway, `mark-peer-${at}`)),
      frame(group, macOf(attacker), [types.ip], udp(peer, stranger, `mark-across-${at}`)),
      frame(group, macOf(attacker), [types.arp], question(mate, gateway)),
      frame(group, macOf(attacker), [types.arp], question(`10.82.1.${100 + at}`, gateway)),
    ]);
    for (const input of [bound, started])
      assert.deepEqual(
        await attempt([...frames, frame(to.gateway, macOf(attacker), [types.ip], udp(attacker, gateway, "mark-plain"))], input),
        {
          ...{ host: [], victim: [], stranger: [] },
        },
      );
    const neighbours = await run("ip", ["-n", host, "neigh", "show"]);
    assert.doesNotMatch(neighbours, /10\.82\.1\.(5|10\d) .*lladdr/, "nor does the host learn whom they speak for");
  });

  it("do not pass with tags, which lead to other networks where a switch believes them", async () => {
    const tagged = [types.tag, types.serviceTag].flatMap((tag) =>
      [0, 5, 200].flatMap((number) => [
        frame(to.victim, macOf(attacker), [tag, number, types.ip], udp(attacker, victim, `mark-tag-${number}`)),
        frame(to.victim, macOf(attacker), [tag, 0, types.tag, number, types.ip], udp(attacker, victim, `mark-two-${number}`)),
        frame(to.victim, macOf(attacker), [tag, number, types.ip], udp(mate, victim, `mark-forged-${number}`)),
      ]),
    );
    const heard = await attempt([plain("mark-plain"), ...tagged]);
    assert.deepEqual(heard, { host: [], victim: ["mark-plain"], stranger: [] });
  });

  it("do not pass from a port that is not bound yet", async () => {
    const opening = (kinds: number[], from: string, mark: string) =>
      frame(to.victim, macOf(from), [...kinds, types.ip], syn(from, victim, 8888, mark));
    const heard = await attempt(
      [
        opening([], attacker, "mark-none"),
        opening([types.tag, 0], attacker, "mark-one"),
        opening([types.tag, 0, types.tag, 0], attacker, "mark-two"),
        opening([types.serviceTag, 0, types.tag, 0, types.tag, 0], mate, "mark-three"),
        frame(to.victim, macOf(attacker), [types.tag, 5, types.ip], udp(peer, victim, "mark-hop")),
        frame(to.gateway, macOf(attacker), [types.tag, 0, types.tag, 0, types.ip], syn(attacker, victim, 8888, "mark-round")),
      ],
      started,
    );
    assert.deepEqual(heard, { host: [], victim: [], stranger: [] });
    assert.deepEqual((await attempt([plain("mark-bound")])).victim, ["mark-bound"], "control: once it is bound it speaks");
  });
});
