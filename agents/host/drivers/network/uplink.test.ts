import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HostError } from "../../../protocol/errors.ts";
import type { SegmentSpec } from "../../../protocol/spec.ts";
import { ExecError } from "../../exec.ts";
import { net } from "../../testing/specs.ts";
import { macOf } from "../container/create-options.ts";
import { type LinkSeen, type LinksSeen, noLinks, parseForwards, parseLinks, parseNeighbours } from "./links.ts";
import { aliasOf, segmentOf, uplinkName } from "./names.ts";
import { failure } from "./steps.ts";
import { planUplink, segmentMtu } from "./uplink.ts";

const base: SegmentSpec = { ...net("tenantone", "segmentone").segment, subnet: "10.1.1.0/24", gateway: "10.1.1.254", bridge: "kb1" };
const vlan: SegmentSpec = { ...base, uplink: { kind: "vlan", vid: 100, parent: "eth0" } };
const vxlan: SegmentSpec = { ...base, uplink: { kind: "vxlan", vni: 7, port: 4789, local: "192.0.2.1", peers: [] } };
const kx = uplinkName("installone", vxlan) ?? "";

function link(part: Partial<LinkSeen> & Pick<LinkSeen, "name">): LinkSeen {
  const none = {
    parent: null,
    master: null,
    up: true,
    mtu: 1500,
    alias: null,
    kind: null,
    addresses: [],
    vxlan: null,
    vid: null,
    port: null,
  };
  return { ...none, ...part };
}
const seeing = (...links: LinkSeen[]): LinksSeen => ({ ...noLinks, links: new Map(links.map((l) => [l.name, l])) });
const eth0 = link({ name: "eth0", addresses: ["192.0.2.1"], mtu: 1400 });
const words = (spec: SegmentSpec, seen: LinksSeen) => planUplink("installone", spec, seen).map((s) => `${s.tool} ${s.words.join(" ")}`);
const code = (wanted: string) => (error: unknown) => error instanceof HostError && error.fault.code === wanted;

describe("the uplink of a segment", () => {
  it("takes the VLAN's link that the host has and never deletes it or calls it its own", () => {
    const given = link({ name: "eth0.100", kind: "veth" });
    assert.deepEqual(words(vlan, seeing(eth0, given)), ["ip link set dev eth0.100 master kb1"]);
    assert.deepEqual(words(vlan, seeing(eth0, { ...given, master: "kb1" })), []);
    assert.deepEqual(words(base, seeing(eth0, { ...given, master: "kb1" })), []);
  });

  it("makes the VLAN's link where there is none, and makes it anew when its number is another", () => {
    const made = words(vlan, seeing(eth0));
    assert.equal(made[0], "ip link add link eth0 name eth0.100 type vlan id 100");
    assert.match(made[1] ?? "", /^ip link set dev eth0\.100 alias kindling:installone:segmentone mtu 1400 addrgenmode none master kb1 up$/);
    const own = link({ name: "eth0.100", parent: "eth0", vid: 99, master: "kb1", alias: aliasOf("installone", "segmentone") });
    assert.equal(words(vlan, seeing(eth0, own))[0], "ip link delete dev eth0.100");
  });

  it("refuses a link that the host uses itself, or another network", () => {
    for (const part of [{ addresses: ["192.0.2.9"] }, { master: "br0" }])
      assert.throws(() => words(vlan, seeing(eth0, link({ name: "eth0.100", ...part }))), code("uplink_in_use"));
    assert.throws(() => words(vlan, seeing()), code("uplink_missing"));
    assert.throws(() => words(vxlan, seeing()), code("uplink_missing"));
  });

  it("keeps a link's name within what the kernel takes", () => {
    const long: SegmentSpec = { ...vlan, uplink: { kind: "vlan", vid: 4000, parent: "enp130s0f0np0" } };
    assert.match(uplinkName("installone", long) ?? "", /^kv[0-9a-f]{12}$/);
    assert.equal(uplinkName("installone", vlan), "eth0.100");
  });

  it("leaves room for the tunnel's headers", () => {
    assert.equal(segmentMtu("installone", vxlan, seeing(eth0)), 1350);
    assert.equal(segmentMtu("installone", { ...vxlan, mtu: 1300 }, seeing(eth0)), 1300);
    assert.equal(segmentMtu("installone", vlan, seeing(eth0)), 1400);
    assert.equal(segmentMtu("installone", base, seeing()), 1500);
  });

  it("takes its own tunnel away when the segment needs none any more, and nobody else's", () => {
    const own = link({ name: kx, kind: "vxlan", alias: aliasOf("installone", "segmentone") });
    const others = [aliasOf("installtwo", "segmentone"), aliasOf("installone", "segmenttwo"), "uplink to the rack", null];
    const seen = seeing(own, ...others.map((alias, i) => link({ name: `x${i}`, alias })));
    assert.deepEqual(words(base, seen), [`ip link delete dev ${kx}`]);
    assert.equal(segmentOf("installone", aliasOf("installone", "s")), "s");
    assert.equal(segmentOf("install", aliasOf("installone", "s")), null);
  });

  it("moves a node with one entry replaced and nothing else touched", () => {
    const member = (last: number, via: string) => ({ ip: `10.1.1.${last}`, name: `n${last}`, cluster: "one", via, remote: true });
    const spec = (via: string): SegmentSpec => ({
      ...vxlan,
      uplink: { kind: "vxlan", vni: 7, port: 4789, local: "192.0.2.1", peers: ["192.0.2.2", "192.0.2.3"] },
      members: [member(2, via), member(3, "192.0.2.2")],
    });
    const seen = pretend(spec("192.0.2.2"), seeing(eth0));
    assert.deepEqual(words(spec("192.0.2.3"), seen), [`bridge fdb replace 02:42:0a:01:01:02 dev ${kx} dst 192.0.2.3 self permanent`]);
  });

  it("gets from any state to any other in one go, and then has nothing left to do", () => {
    const hosts = ["192.0.2.2", "192.0.2.3", "192.0.2.4"];
    const member = fc.record({ last: fc.integer({ min: 2, max: 9 }), via: fc.constantFrom(...hosts, null) });
    const state = fc.record({
      members: fc.uniqueArray(member, { selector: (m) => m.last }),
      peers: fc.uniqueArray(fc.constantFrom(...hosts)),
    });
    const specOf = ({ members, peers }: typeof state extends fc.Arbitrary<infer T> ? T : never): SegmentSpec => ({
      ...vxlan,
      uplink: { kind: "vxlan", vni: 7, port: 4789, local: "192.0.2.1", peers },
      members: members.map(({ last, via }) => ({ ip: `10.1.1.${last}`, name: `n${last}`, cluster: "one", via, remote: via !== null })),
    });
    fc.assert(
      fc.property(state, state, (from, to) => {
        const seen = pretend(specOf(to), pretend(specOf(from), seeing(eth0)));
        assert.deepEqual(words(specOf(to), seen), []);
        const away = to.members.filter((m) => m.via !== null);
        const nodes = seen.forwards.filter((f) => f.dst !== null && f.mac !== "00:00:00:00:00:00").map((f) => `${f.mac} ${f.dst}`);
        assert.deepEqual(nodes.sort(), away.map((m) => `${macOf(`10.1.1.${m.last}`)} ${m.via}`).sort());
        const flood = seen.forwards.filter((f) => f.mac === "00:00:00:00:00:00").map((f) => f.dst);
        assert.deepEqual(flood.sort(), [...to.peers].sort());
        assert.deepEqual(seen.neighbours.map((n) => n.ip).sort(), away.map((m) => `10.1.1.${m.last}`).sort());
      }),
    );
  });
});

/** A kernel that does what it is told, as far as these steps go. */
function pretend(spec: SegmentSpec, before: LinksSeen): LinksSeen {
  const links = new Map(before.links);
  let forwards = [...before.forwards];
  let neighbours = [...before.neighbours];
  for (const { tool, words: w } of planUplink("installone", spec, before)) {
    const after = (name: string) => w[w.indexOf(name) + 1] ?? "";
    if (tool === "ip" && w[0] === "link" && w[1] === "add")
      links.set(
        after("add"),
        link({ name: after("add"), vxlan: { id: Number(after("id")), local: after("local"), port: Number(after("dstport")) } }),
      );
    else if (tool === "ip" && w[0] === "link") {
      const old = links.get(after("dev"));
      if (!old) continue;
      const has = (name: string) => w.includes(name);
      links.set(old.name, {
        ...old,
        ...(has("alias") ? { alias: after("alias") } : {}),
        ...(has("mtu") ? { mtu: Number(after("mtu")) } : {}),
        ...(has("master") ? { master: after("master"), port: { learning: false, flood: false, suppress: true } } : {}),
      });
    } else if (tool === "ip") {
      neighbours = neighbours.filter((n) => n.ip !== w[2]);
      if (w[1] === "replace") neighbours.push({ ip: w[2] ?? "", link: after("dev"), mac: after("lladdr") });
    } else if (w[0] === "fdb") {
      const [, verb, mac = ""] = w;
      const dst = w.includes("dst") ? after("dst") : null;
      const same = (f: LinksSeen["forwards"][number]) =>
        f.mac === mac && (verb === "replace" ? (f.dst === null) === (dst === null) : f.dst === dst);
      forwards = forwards.filter((f) => !same(f));
      if (verb !== "del") forwards.push({ link: after("dev"), mac, dst, state: dst === null ? "static" : "permanent" });
    }
  }
  return { links, forwards, neighbours };
}

describe("what iproute2 says", () => {
  it("is read: a tunnel in a bridge, its forwarding entries, permanent neighbours", () => {
    const text = JSON.stringify([
      {},
      {
        ifname: "eth0",
        mtu: 1400,
        flags: ["UP"],
        link_type: "ether",
        addr_info: [
          { family: "inet6", local: "fe80::1" },
          { family: "inet", local: "192.0.2.1" },
        ],
      },
      {
        ifname: "kx1",
        flags: ["BROADCAST", "UP"],
        mtu: 1350,
        master: "kb1",
        ifalias: "kindling:a:b",
        linkinfo: {
          info_kind: "vxlan",
          info_data: { id: 7, local: "192.0.2.1", port: 4789, learning: false },
          info_slave_kind: "bridge",
          info_slave_data: { learning: false, flood: true, neigh_suppress: false },
        },
      },
      {
        ifname: "eth0.5",
        link: "eth0",
        flags: [],
        mtu: 1400,
        linkinfo: { info_kind: "vlan", info_data: { protocol: "802.1Q", id: 5, flags: ["REORDER_HDR"] } },
      },
    ]);
    const links = parseLinks(text);
    assert.deepEqual(links.get("eth0"), link({ name: "eth0", mtu: 1400, addresses: ["192.0.2.1"] }));
    assert.deepEqual(links.get("kx1")?.vxlan, { id: 7, local: "192.0.2.1", port: 4789 });
    assert.deepEqual(links.get("kx1")?.port, { learning: false, flood: true, suppress: false });
    assert.deepEqual([links.get("eth0.5")?.vid, links.get("eth0.5")?.parent, links.get("eth0.5")?.up], [5, "eth0", false]);
    const forwards = parseForwards(
      '[{"mac":"33:33:00:00:00:01","ifname":"eth0","flags":["self"],"state":"permanent"},{"mac":"02:42:0a:00:00:05","ifname":"kx1","flags":[],"master":"kb1","state":"static"},{"mac":"02:42:0a:00:00:05","ifname":"kx1","dst":"192.0.2.2","flags":["self"],"state":"permanent"}]',
    );
    assert.deepEqual(
      forwards.map((f) => [f.dst, f.state]),
      [
        [null, "static"],
        ["192.0.2.2", "permanent"],
      ],
    );
    assert.deepEqual(parseNeighbours('[{"dst":"10.1.0.5","dev":"kb1","lladdr":"02:42:0a:00:00:05","state":["PERMANENT"]}]'), [
      { ip: "10.1.0.5", link: "kb1", mac: "02:42:0a:00:00:05" },
    ]);
  });

  it("is turned into what people can do", () => {
    const steps = planUplink("installone", vlan, seeing(eth0));
    const said = (text: string) => failure(new ExecError("ip", 1, text), steps).fault;
    assert.equal(said("Error: Unknown device type.\nCommand failed -:1").code, "uplink_unsupported");
    assert.match(said("Error: Unknown device type.\nCommand failed -:1").message, /8021q.*eth0\.100/);
    assert.equal(said("RTNETLINK answers: File exists\nCommand failed -:1").code, "uplink_in_use");
    assert.equal(said("RTNETLINK answers: No such device\nCommand failed -:2").code, "uplink_failed");
  });
});
