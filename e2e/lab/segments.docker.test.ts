/** The reference picture on real parts: 4 containers on 2 hosts, 1 segment, 4 persistent addresses; on a VLAN and on VXLAN, and what others cannot do to it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import Docker from "dockerode";
import { z } from "zod";
import { testImage } from "../../agents/host/testing/image.ts";
import { arpFrame, askArp, listenUdp, ping, sendFrames, sendUdp, tunnelled, udpFrame } from "./frames.ts";
import { type Lab, startLab } from "./lab.ts";
import { domain, gatewayOf, ipOf, type Plan, type PlannedNode, type PlannedSegment, specOf } from "./specs.ts";
import { tracesOn } from "./traces.ts";
import { say, table } from "./words.ts";

const vlan: PlannedSegment = { id: "segmentvlan", tenant: "tenanta", base: "10.35.219", kind: { vid: 100 } };
const vxlan: PlannedSegment = { id: "segmentvxlan", tenant: "tenantb", base: "10.36.7", kind: { vni: 7007 } };
const other: PlannedSegment = { id: "segmentother", tenant: "tenantc", base: "10.37.8", kind: { vni: 7008 } };
const four = (prefix: string, segment: PlannedSegment): PlannedNode[] =>
  [1, 2, 3, 4].map((n) => ({ id: `${prefix}node${n}`, segment, last: n + 1, host: n <= 2 ? 0 : 1 }));
const picture: PlannedNode[] = [...four("a", vlan), ...four("b", vxlan)];
const strangers: PlannedNode[] = [1, 2].map((n) => ({ id: `cnode${n}`, segment: other, last: n + 1, host: n - 1 }));

describe("segments across hosts", () => {
  let lab: Lab;
  let plan: Plan;
  let generation = 0;
  let untouched: string[];

  const node = (id: string): PlannedNode => {
    const found = plan.nodes.find((n) => n.id === id && !n.gone);
    if (!found) throw new Error(`no ${id}`);
    return found;
  };
  const ip = (id: string): string => ipOf(node(id));
  const from = async (id: string, command: readonly string[]): Promise<string> => (await lab.hosts[node(id).host]!.exec(id, command)).out;
  const listen = (id: string, command: readonly string[]) => lab.hosts[node(id).host]!.listen(id, command);
  async function put(next: Plan, only?: number): Promise<void> {
    plan = next;
    generation += 1;
    await Promise.all(lab.hosts.map((host, k) => (only === undefined || only === k ? host.put(specOf(plan, k, generation)) : undefined)));
  }
  const settled = (k: number) =>
    lab.hosts[k]!.until("every node runs", (o) => {
      const wanted = plan.nodes.filter((n) => n.host === k && !n.gone);
      const runs = (id: string) =>
        o.nodes.some((n) => n.id === id && n.state === "running" && n.step === "done" && n.services.every((s) => s.healthy));
      // A picture from before the engine came back shows what ran before it went.
      const looked = o.fault === null && o.facts.engine !== null;
      return looked && !o.fenced && wanted.every((n) => runs(n.id)) && o.segments.every((s) => s.state === "present" && s.fault === null);
    });
  const bothSettled = () => Promise.all(lab.hosts.map((_, k) => settled(k)));

  /** Everybody pings all the others of the segment, by address and by name. Gives the answers each got. */
  async function pings(segment: PlannedSegment): Promise<Map<string, string[][]>> {
    const all = plan.nodes.filter((n) => n.segment === segment && !n.gone);
    const answers = await Promise.all(
      all.map(async (n): Promise<[string, string[][]]> => {
        const targets = all.filter((o) => o !== n).flatMap((o) => [ipOf(o), `${o.id}.${domain}`]);
        return [
          n.id,
          (await from(n.id, ping(targets)))
            .trim()
            .split("\n")
            .map((line) => line.split(" ")),
        ];
      }),
    );
    return new Map(answers);
  }
  async function allReach(segment: PlannedSegment, title: string): Promise<void> {
    const answers = await pings(segment);
    const number = "vid" in segment.kind ? `VLAN ${segment.kind.vid}` : `VNI ${segment.kind.vni}`;
    say(`    ${title}`);
    table(
      ["name", "host", "address", "network", "pings"],
      [...answers].map(([id, lines]) => {
        const good = lines.filter((l) => l[1] === "answered").length;
        return [`${id}.${domain}`, lab.hosts[node(id).host]!.name, ip(id), number, `${good}/${lines.length}`];
      }),
    );
    for (const [id, lines] of answers)
      for (const [target, answer, , reverse] of lines) {
        assert.equal(answer, "answered", `${id} → ${target}`);
        const there = plan.nodes.find((n) => !n.gone && (ipOf(n) === target || `${n.id}.${domain}` === target));
        assert.equal(reverse, `${there?.id}.${domain}`, "and its address has its name");
      }
  }

  before(async () => {
    const machine = new Docker({ socketPath: "/var/run/docker.sock" });
    const image = await testImage(machine);
    lab = await startLab({ vlans: [100], images: [image], env: { KINDLING_BRIDGE_FILTER: "off" } });
    plan = { installation: lab.installation, image, hosts: lab.hosts, segments: [vlan, vxlan, other], nodes: [...picture, ...strangers] };
    untouched = await tracesOn(lab.hosts);
    await put(plan);
    await bothSettled();
  });
  after(() => lab?.remove());

  it("4 containers on 2 hosts, 1 VLAN, 4 persistent addresses: all reach all, by address and by name", () =>
    allReach(vlan, "on a VLAN, by the link eth0.100 that each host has"));
  it("and the same on VXLAN", () => allReach(vxlan, "on VXLAN"));

  it("carries large packets and much data over the tunnel, whose packets are smaller", async () => {
    const { heard } = await listen("bnode3", listenUdp(30));
    await from("bnode1", sendUdp(ip("bnode3"), 7777, Buffer.alloc(1372, 0x61)));
    await from("bnode1", sendUdp(ip("bnode3"), 7777, Buffer.from("end")));
    assert.match(await heard, new RegExp(`${ip("bnode1")} 1372 bytes`), "1400 bytes with their headers");
    assert.match(await from("bnode1", ["/bin/cat", "/sys/class/net/eth0/mtu"]), /^1450/);
    const mb = 64;
    const { heard: sink } = await listen("bnode3", [
      "/usr/bin/perl",
      "-MIO::Socket::INET",
      "-e",
      `$|=1; my $l = IO::Socket::INET->new(LocalPort => 5001, Listen => 1) or die; print "listening\\n"; alarm 60; my $c = $l->accept; my $n = 0; while (my $r = sysread($c, my $b, 1 << 20)) { $n += $r } print $n`,
    ]);
    const start = performance.now();
    await from("bnode1", [
      "/usr/bin/perl",
      "-MIO::Socket::INET",
      "-e",
      `my $c = IO::Socket::INET->new(PeerAddr => "${ip("bnode3")}", PeerPort => 5001, Timeout => 5) or die; my $b = "x" x (1 << 20); for (1..${mb}) { my $o = 0; while ($o < length $b) { $o += syswrite($c, $b, length($b) - $o, $o) } }`,
    ]);
    assert.equal(await sink, String(mb * 1024 * 1024));
    say(`    ${mb} MB over VXLAN in ${((performance.now() - start) / 1000).toFixed(2)} s`);
  });

  it("an address that moves to the other host answers at once, on both kinds of network", async () => {
    const rows: string[][] = [];
    const stays = await containers(0);
    for (const [id, watcher] of [
      ["anode4", "anode3"],
      ["bnode4", "bnode3"],
    ] as const) {
      const old = node(id);
      // Everybody knows where it is before it moves.
      assert.match(await from(watcher, ping([ipOf(old)])), /answered/);
      await put({ ...plan, nodes: plan.nodes.map((n) => (n === old ? { ...n, gone: true } : n)) });
      await lab.hosts[1]!.until("it is gone", (o) => o.nodes.find((n) => n.id === id)?.state === "absent");
      assert.match(await from(watcher, ping([ipOf(old)], 0.5)), /lost/, "control: nobody has the address now");
      const asked = performance.now();
      await put({ ...plan, nodes: [...plan.nodes.filter((n) => n.id !== id), { ...old, host: 0 }] });
      const answers = await Promise.all([watcher, id.replace("4", "1")].map((w) => from(w, ping([ipOf(old)], 30))));
      const took = performance.now() - asked;
      const state = await lab.hosts[0]!.until("it runs", (o) => o.nodes.some((n) => n.id === id && n.startedAt !== null));
      const started = Date.parse(state.nodes.find((n) => n.id === id)?.startedAt ?? "");
      rows.push([
        id,
        ipOf(old),
        "host 2 → host 1",
        `${(took / 1000).toFixed(2)} s`,
        `${Math.round(performance.timeOrigin + asked + took - started)} ms`,
      ]);
      for (const answer of answers) assert.match(answer, /answered/);
    }
    table(["node", "address", "moved", "asked → both answered", "container's start → both answered"], rows);
    await bothSettled();
    await allReach(vlan, "after the move");
    assert.deepEqual(
      (await containers(0)).filter((c) => stays.includes(c)),
      stays,
      "no node was restarted for the others' new names",
    );
  });

  async function containers(k: number): Promise<string[]> {
    return (await lab.hosts[k]!.docker.listContainers()).map((c) => `${c.Id} ${c.Created}`).sort();
  }

  /** Listens at a node while something is sent, the last of which is "end", and gives what it heard. */
  async function heardAt(id: string, send: () => Promise<unknown>): Promise<string> {
    const { heard } = await listen(id, listenUdp(30));
    await send();
    return heard;
  }

  it("keeps tenants apart, and each node to its own name: the matrix, each beside a control", async () => {
    const rows: string[][] = [];
    const row = (what: string, control: string, attack: string, stopped: boolean) => {
      rows.push([what, control, attack, stopped ? "stopped" : "GOT THROUGH"]);
      return stopped;
    };
    const inHost = (k: number, command: readonly string[]) => lab.hosts[k]!.machine.call(command[0] ?? "", command.slice(1));
    const tcp = (target: string) => [
      "/usr/bin/perl",
      "-MIO::Socket::INET",
      "-e",
      `print IO::Socket::INET->new(PeerAddr => "${target}", PeerPort => 9999, Timeout => 1) ? "reached" : "nothing"`,
    ];
    const [h1] = lab.hosts;
    const link = async (k: number, kind: string) => {
      const names = z
        .array(z.looseObject({ ifname: z.string(), ifalias: z.string().optional() }))
        .parse(JSON.parse(await inHost(k, ["ip", "-j", "link", "show"])));
      return names.find((l) => l.ifalias === `kindling:${lab.installation}:${kind}`)?.ifname ?? "";
    };
    const tunnel = await link(0, vxlan.id);
    assert.match(tunnel, /^kx/, `${h1?.name} has the tunnel`);
    const results: boolean[] = [];

    const byIp = await Promise.all([
      from("bnode1", tcp(ip("bnode3"))),
      from("bnode1", tcp(ip("cnode2"))),
      from("anode1", tcp(ip("bnode1"))),
      from("bnode1", tcp(ip("anode1"))),
    ]);
    results.push(row("IP: another tenant's node, other host", byIp[0], byIp[1], byIp[0] === "reached" && byIp[1] === "nothing"));
    results.push(
      row("IP: another tenant's node, same host", byIp[0], `${byIp[2]}, ${byIp[3]}`, byIp[2] === "nothing" && byIp[3] === "nothing"),
    );

    const arp = await Promise.all(
      ["bnode3", "cnode2", "anode3"].map((to) => from("bnode1", askArp(arpFrame({ from: ip("bnode1"), to: ip(to) })))),
    );
    results.push(
      row(
        "ARP: who has another tenant's address",
        arp[0] ?? "",
        `${arp[1]}, ${arp[2]}`,
        arp[0] === "answered" && arp[1] === "silence" && arp[2] === "silence",
      ),
    );
    const gateway = await from("bnode1", askArp(arpFrame({ from: ip("bnode1"), to: gatewayOf(vxlan, 1) })));
    results.push(row("ARP: the other host's own address", arp[0] ?? "", gateway, gateway === "silence"));

    const names = (await from("bnode1", ping([`bnode3.${domain}`, `cnode2.${domain}`, "anode1"])))
      .split("\n")
      .map((l) => l.split(" ")[1] ?? "");
    results.push(
      row(
        "DNS: another tenant's name",
        names[0] ?? "",
        `${names[1]}, ${names[2]}`,
        names[0] === "answered" && names[1] === "unknown" && names[2] === "unknown",
      ),
    );

    // The host's own address is that of a peer, so what a node sends there under it would be taken for the other host's word.
    const inner = (text: string) => tunnelled(7008, udpFrame({ from: ip("cnode1"), to: ip("cnode2"), text }));
    const injected = await heardAt("cnode2", async () => {
      await from("bnode1", sendUdp(lab.hosts[1]!.address, 4789, inner("from-a-node")));
      await inHost(0, sendUdp(lab.hosts[1]!.address, 4789, inner("from-the-host")));
      await inHost(0, sendUdp(lab.hosts[1]!.address, 4789, inner("end")));
    });
    results.push(
      row(
        "udp/4789 from inside a node",
        injected.includes("from-the-host") ? "heard" : "not heard",
        injected.includes("from-a-node") ? "heard" : "nothing",
        /from-the-host/.test(injected) && !/from-a-node/.test(injected),
      ),
    );

    const spoofed = await heardAt("bnode3", async () => {
      const to = ip("bnode3");
      const own = { from: ip("bnode1"), to };
      const frames = [
        { ...own, text: "honest" },
        { from: ip("bnode2"), to, mac: "02:42:0a:24:07:02", text: "address-of-another" },
        { from: ip("bnode2"), to, text: "address-and-mac-of-another" },
        { ...own, mac: "02:42:0a:24:07:03", text: "mac-of-another" },
        { from: gatewayOf(vxlan, 0), to, text: "gateway" },
        { from: `${vxlan.base}.77`, to, text: "nobody" },
      ];
      await from("bnode1", sendFrames("eth0", [...frames, { ...own, text: "end" }].map(udpFrame)));
    });
    results.push(
      row(
        "false source address or MAC, dropped where it is sent",
        spoofed.includes("honest") ? "heard" : "not heard",
        /another|gateway|nobody/.exec(spoofed)?.[0] ?? "nothing",
        /honest/.test(spoofed) && !/another|gateway|nobody/.test(spoofed),
      ),
    );

    // What a taken-over host could send: past its own filter, straight into the tunnel and the VLAN's link.
    for (const [prefix, segment, port] of [
      ["b", vxlan, tunnel],
      ["a", vlan, "eth0.100"],
    ] as const) {
      const target = `${prefix}node3`;
      const to = ip(target);
      const attack = async () => {
        await inHost(
          0,
          sendFrames(
            port,
            [
              { from: ip(`${prefix}node1`), to, text: "honest" },
              { from: gatewayOf(segment, 1), to, text: "its-gateway" },
              { from: gatewayOf(segment, 0), to, text: "my-gateway" },
              { from: `${segment.base}.77`, to, text: "nobody" },
              { from: ip(`${prefix}node1`), to, mac: "02:42:0a:00:00:01", text: "mac-of-another" },
              { from: to, to, text: "own-address" },
            ].map(udpFrame),
          ),
        );
        // The last one makes a switch believe that its target is where it came from: on a VLAN no more comes by that way.
        await inHost(1, sendUdp(to, 7777, Buffer.from("end")));
      };
      const remote = await heardAt(target, attack);
      const got = /gateway|nobody|another|own-address/.exec(remote)?.[0];
      results.push(
        row(
          `false frames from a host's link, dropped where they arrive (${prefix === "a" ? "VLAN" : "VXLAN"})`,
          remote.includes("honest") ? "heard" : "not heard",
          got ?? "nothing",
          /honest/.test(remote) && !got,
        ),
      );
    }
    const stranger = await heardAt("bnode3", async () => {
      const frame = (text: string) => tunnelled(7007, udpFrame({ from: ip("bnode1"), to: ip("bnode3"), text }));
      // An address on the wire that is no host of the platform.
      await inHost(0, ["ip", "addr", "add", `${lab.wires.address(89)}/24`, "dev", "eth0"]);
      await inHost(0, [
        "/usr/bin/perl",
        "-MIO::Socket::INET",
        "-e",
        `my $s = IO::Socket::INET->new(Proto => "udp", LocalAddr => "${lab.wires.address(89)}", PeerAddr => "${lab.hosts[1]!.address}", PeerPort => 4789) or die; for (1..5) { $s->send(pack("H*", "${frame("from-nobody").toString("hex")}")); select(undef,undef,undef,0.04) }`,
      ]);
      await inHost(0, ["ip", "addr", "del", `${lab.wires.address(89)}/24`, "dev", "eth0"]);
      await inHost(0, sendUdp(lab.hosts[1]!.address, 4789, frame("from-a-peer")));
      await inHost(0, sendUdp(lab.hosts[1]!.address, 4789, frame("end")));
    });
    results.push(
      row(
        "udp/4789 from an address that is no host's",
        stranger.includes("from-a-peer") ? "heard" : "not heard",
        stranger.includes("from-nobody") ? "heard" : "nothing",
        /from-a-peer/.test(stranger) && !/from-nobody/.test(stranger),
      ),
    );

    table(["what is tried", "control", "attack", "verdict"], rows);
    assert.ok(results.every(Boolean), JSON.stringify(rows.filter((_, i) => !results[i])));
  });

  it("comes back after a restart of an engine, and after a power cut, with every address", async () => {
    const second = lab.hosts[1]!;
    const times: string[][] = [];
    const timed = async (what: string, work: () => Promise<void>) => {
      const start = performance.now();
      await work();
      await settled(1);
      times.push([what, `${((performance.now() - start) / 1000).toFixed(1)} s`]);
      await Promise.all([allReach(vlan, `VLAN after ${what}`), allReach(vxlan, `VXLAN after ${what}`)]);
    };
    await second.stopEngine();
    await second.until("it says so", (o) => o.fault?.code === "engine_unreachable");
    await timed("a restart of the engine", () => second.startEngine());
    await second.machine.powerOff();
    await timed("a power cut", async () => {
      await second.startEngine();
      await second.startAgent();
      // Secrets were in the host's memory only: the platform sends them again.
      await put(plan, 1);
    });
    table(["what", "until every node of the host is well"], times);
  });

  it("takes its nodes off the network when the platform is silent for longer than its lease, and only that host's", async () => {
    const [first, second] = lab.hosts;
    plan = { ...plan, leaseSeconds: 10 };
    generation += 1;
    await second!.put(specOf(plan, 1, generation));
    const reach = () => from("bnode1", ping([ip("bnode2"), ip("bnode3")]));
    assert.doesNotMatch(await reach(), /lost/, "control: while the lease runs");
    await second!.until("fenced", (o) => o.fenced, 15_000);
    assert.deepEqual((await reach()).match(/answered|lost/g), ["answered", "lost"]);
    await second!.stopAgent();
    await second!.startAgent();
    assert.equal((await second!.until("a picture", () => true)).fenced, true, "an agent that starts does not know how long it was");
    assert.match(await from("bnode1", ping([ip("bnode3")], 0.3)), /lost/);
    await second!.put(specOf({ ...plan, leaseSeconds: undefined }, 1, generation));
    await settled(1);
    assert.doesNotMatch(await reach(), /lost/);
    assert.equal((await first!.until("a picture", () => true)).fenced, false);
  });

  it("leaves nothing on either host", async () => {
    await put({ ...plan, leaseSeconds: undefined, deleted: true });
    await Promise.all(
      lab.hosts.map((host) => host.until("all gone", (o) => [...o.nodes, ...o.volumes, ...o.segments].every((x) => x.state === "absent"))),
    );
    let left = await tracesOn(lab.hosts);
    for (const end = Date.now() + 30_000; left.join() !== untouched.join() && Date.now() < end; left = await tracesOn(lab.hosts));
    assert.deepEqual(left, untouched);
  });
});
