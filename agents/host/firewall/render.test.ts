import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { node } from "../testing/specs.ts";
import { type FirewallInput, guardedPorts, renderFirewall } from "./render.ts";

const service = node({ id: "nodeone", ip: "10.1.1.1", segment: "s", volume: "v", image: "i", tenant: "t" }).services[0]!;
const input: FirewallInput = {
  installation: "installone",
  segments: [
    {
      bridge: "kb1",
      subnet: "10.1.1.0/24",
      gateway: "10.1.1.254",
      egress: "open",
      allow: [],
      uplink: { kind: "none" },
      link: null,
      dns: [],
      members: [
        { ip: "10.1.1.1", name: "a", cluster: "one", via: null, remote: false },
        { ip: "10.1.1.2", name: "b", cluster: "one", via: null, remote: false },
        { ip: "10.1.1.3", name: "c", cluster: "two", via: null, remote: false },
      ],
    },
    {
      bridge: "kb2",
      subnet: "10.1.2.0/24",
      gateway: null,
      egress: "closed",
      allow: [],
      members: [],
      uplink: { kind: "none" },
      link: null,
      dns: ["192.0.2.53"],
    },
  ],
  nodes: [{ ip: "10.1.1.1", services: [{ ...service, guarded: [8080, [4040, 4060]] }], cluster: "one", bridge: "kb1" }],
  bindings: [{ bridge: "kb1", port: "veth1", ip: "10.1.1.1", mac: "02:42:0a:01:01:01" }],
  resolvers: ["10.0.0.53"],
  deny: ["10.9.0.0/16"],
  fenced: false,
};

const [first] = input.segments;
/** The same with a node of the cluster at another host, behind a tunnel. */
const spread: FirewallInput = {
  ...input,
  segments: [
    {
      ...first!,
      uplink: { kind: "vxlan", vni: 7, port: 4789, local: "192.0.2.1", peers: ["192.0.2.2"] },
      link: "kx1",
      members: [...first!.members, { ip: "10.1.1.9", name: "d", cluster: "one", via: "192.0.2.2", remote: true }],
    },
  ],
};

describe("the packet filter's text", () => {
  it("replaces only tables that carry the installation's name", () => {
    const tables = [...renderFirewall(input).matchAll(/table (\w+) (\w+)/g)].map((m) => m[2]);
    assert.deepEqual(new Set(tables), new Set(["kindling_installone"]));
  });

  it("only removes when there is no segment left", () => {
    assert.equal(
      renderFirewall({ ...input, segments: [] }),
      "table inet kindling_installone {}\ndelete table inet kindling_installone\ntable arp kindling_installone {}\ndelete table arp kindling_installone\ntable bridge kindling_installone {}\ndelete table bridge kindling_installone\n",
    );
  });

  it("guards a node's ports against all but its own cluster", () => {
    const guard =
      renderFirewall(input)
        .split("\n")
        .find((line) => line.includes("dport { 4040-4060, 8080 }")) ?? "";
    assert.match(guard, /ip daddr 10\.1\.1\.1 ip saddr != \{ 10\.1\.1\.1, 10\.1\.1\.2 \}/);
  });

  it("denies the metadata services of clouds, also those outside the link-local network", () => {
    const never =
      renderFirewall(input)
        .split("\n")
        .find((line) => line.includes("169.254.0.0/16")) ?? "";
    for (const address of ["168.63.129.16", "100.100.100.200"]) assert.ok(never.includes(address), address);
    assert.match(never, /drop$/);
  });

  it("closes what shall be closed and denies what is denied", () => {
    const text = renderFirewall(input);
    assert.match(text, /^ *iifname "kb2" drop$/m);
    assert.doesNotMatch(text, /^ *iifname "kb1" drop$/m);
    assert.match(text, /ip daddr \{ 169\.254\.0\.0\/16, .*10\.9\.0\.0\/16 \} drop/);
  });

  const listed = (allow: FirewallInput["segments"][number]["allow"]): string =>
    renderFirewall({ ...input, segments: input.segments.map((s) => (s.bridge === "kb2" ? { ...s, allow } : s)) });
  const chain = (text: string, name: string): string[] =>
    (new RegExp(`chain ${name} \\{\n([\\s\\S]*?)\n {2}\\}`).exec(text)?.[1] ?? "").split("\n").map((line) => line.trim());

  it("lets a listed segment reach what is listed and its name servers, and drops the rest", () => {
    const text = listed([
      { network: "10.1.2.0/24", protocol: null, ports: [] },
      { network: "10.1.2.7", protocol: null, ports: [] },
      {
        network: "0.0.0.0/0",
        protocol: "tcp",
        ports: [
          [8000, 8100],
          [443, 443],
          [8050, 8200],
        ],
      },
      { network: "10.5.0.1", protocol: "udp", ports: [] },
    ]);
    assert.deepEqual(chain(text, "out_kb2"), [
      "ip daddr { 192.0.2.53 } meta l4proto { tcp, udp } th dport 53 return",
      "ip daddr { 10.1.2.0/24 } return",
      "ip daddr 0.0.0.0/0 tcp dport { 443, 8000-8200 } return",
      "ip daddr 10.5.0.1 meta l4proto udp return",
      "drop",
    ]);
    const across = chain(text, "across");
    assert.deepEqual(across.slice(-2), ['oifname { "kb1", "kb2" } drop', 'iifname "kb2" jump out_kb2'], "never into another segment");
    assert.doesNotMatch(text, /out_kb1/, "an open segment has no list");
    assert.deepEqual(
      chain(text, "from_nodes").filter((rule) => !/th dport 53/.test(rule)),
      chain(renderFirewall(input), "from_nodes").filter((rule) => !/th dport 53/.test(rule)),
      "what no node reaches comes before, listed or not",
    );
  });

  it("judges each packet of what a node began, so that a shorter list ends what is open, but answers always get back", () => {
    for (const [text, verdict] of [
      [renderFirewall(input), "drop"],
      [listed([{ network: "10.1.2.7", protocol: null, ports: [] }]), "jump out_kb2"],
    ] as const) {
      const across = chain(text, "across");
      const judged = across.indexOf(`iifname "kb2" ct direction original ${verdict}`);
      assert.ok(judged > across.indexOf('iifname "kb2" oifname "kb2" accept'), "what stays within the segment is nobody's business");
      assert.equal(across[judged + 1], "ct state established,related accept");
    }
  });

  it("keeps nodes from what the platform names, and never names a network twice, which nft would refuse", () => {
    const deny = ["10.9.0.0/16", "10.9.3.4", "192.0.2.7", "198.51.100.9", "192.0.2.7/32", "127.0.0.1", "192.0.2.0/31", "10.9.0.0/17"];
    const text = renderFirewall({ ...input, deny });
    const [chain = ""] = /chain from_nodes \{[\s\S]*?\n {2}\}/.exec(text) ?? [];
    const [, denied = ""] = /^ *ip daddr \{ (169\.254.*) \} drop$/m.exec(chain) ?? [];
    const always = ["169.254.0.0/16", "168.63.129.16", "100.100.100.200", "127.0.0.0/8", "224.0.0.0/4"];
    assert.deepEqual(denied.split(", "), [...always, "10.9.0.0/16", "192.0.2.7", "198.51.100.9", "192.0.2.0/31"]);
    // Of every segment, whatever it may reach besides.
    assert.match(chain, /^ *iifname != \{ "kb1", "kb2" \} goto from_others$/m);
    const original = chain.indexOf("ct direction original ip daddr { 169.254");
    const open = chain.indexOf("ct state established");
    assert.ok(original > 0 && original < open, "also what was open before it was denied ends");
    assert.ok(chain.indexOf(" ip daddr { 169.254", open) > open, "and what the kernel cannot tell a direction of gets no further");
  });

  it("lets each segment ask its own name servers, or the host's; one that reaches nothing outside asks nobody", () => {
    const text = renderFirewall(input);
    assert.match(text, /iifname "kb1" ip daddr \{ 10\.0\.0\.53 \} meta l4proto \{ tcp, udp \} th dport 53 accept/);
    assert.doesNotMatch(text, /iifname "kb2" ip daddr \{ 192\.0\.2\.53 \} meta/);
    const some = listed([{ network: "10.1.2.7", protocol: null, ports: [] }]);
    assert.match(some, /iifname "kb2" ip daddr \{ 192\.0\.2\.53 \} meta/);
  });

  it("keeps no state of what passes from node to node of a segment, and judges the host's own address there as the host", () => {
    const text = renderFirewall({ ...input, deny: ["10.1.0.0/16"] });
    const match = 'iifname "kb1" ip saddr 10.1.1.0/24 ip daddr 10.1.1.0/24 fib daddr type unicast';
    assert.ok(chain(text, "untracked").includes(`${match} notrack`));
    const judged = chain(text, "from_nodes");
    const denied = judged.findIndex((rule) => rule.includes("10.1.0.0/16"));
    const own = judged.indexOf(`${match} accept`);
    assert.ok(own > judged.indexOf('iifname "kb1" ip saddr != 10.1.1.0/24 drop') && own < denied, "a denied network may hold a segment");
  });

  it("keeps no state of what carries frames between hosts, and of nothing else that comes to that port", () => {
    const text = renderFirewall(spread);
    const carried = (side: string) => `udp dport 4789 ip ${side} { 192.0.2.2 } notrack`;
    assert.deepEqual(chain(text, "untracked").slice(1, 3), [carried("saddr"), 'iifname != { "kb1" } accept']);
    assert.deepEqual(chain(text, "untracked_out").slice(1), [carried("daddr")]);
    assert.doesNotMatch(renderFirewall(input), /untracked_out|udp dport 4789 ip/, "without a tunnel there is none");
  });

  it("binds a port to one address and drops all else that comes from it", () => {
    const text = renderFirewall(input);
    assert.match(text, /elements = \{ "veth1" \. 02:42:0a:01:01:01 \. 10\.1\.1\.1 \}/);
    assert.match(text, /iifname \{ "veth1" \} drop/);
  });

  it("lets in from other hosts what their nodes send, and nothing in the name of one's own", () => {
    const text = renderFirewall(spread);
    assert.match(text, /elements = \{ "veth1" \. 02:42:0a:01:01:01 \. 10\.1\.1\.1, "kx1" \. 02:42:0a:01:01:09 \. 10\.1\.1\.9 \}/);
    assert.match(text, /^ *iifname \{ "veth1", "kx1" \} drop$/m);
    assert.match(text, /^ *udp dport 4789 @th,96,24 7 ip saddr != \{ 192\.0\.2\.2 \} drop$/m);
    assert.match(text, /^ *udp dport \{ 4789 \} ip daddr != \{ 10\.1\.1\.0\/24 \} drop$/m);
    const mates = text.split("\n").find((line) => line.includes("dport { 4040-4060, 8080 }")) ?? "";
    assert.match(mates, /ip saddr != \{ 10\.1\.1\.1, 10\.1\.1\.2, 10\.1\.1\.9 \}/, "a node of the cluster may be at another host");
  });

  it("silences a node that the platform has at another host", () => {
    const members = spread.segments[0]?.members.map((m) => ({ ...m, remote: true })) ?? [];
    const text = renderFirewall({ ...spread, segments: spread.segments.map((s) => ({ ...s, members })) });
    assert.doesNotMatch(text, /"veth1" \. 02:42/);
    assert.match(text, /^ *iifname \{ "veth1", "kx1" \} drop$/m);
  });

  it("lets nothing of any node through while the host is fenced", () => {
    const text = renderFirewall({ ...spread, fenced: true });
    assert.doesNotMatch(text, /elements/);
    assert.match(text, /^ *iifname \{ "veth1", "kx1" \} drop$/m);
    assert.match(text, /^ *ip saddr \{ 10\.1\.1\.0\/24 \} drop$/m);
  });

  it("merges ports that overlap, which nft would refuse", () => {
    assert.deepEqual(guardedPorts([{ ...service, guarded: [8080, [4040, 4060], 4050, [4061, 4070], 8081] }]), ["4040-4070", "8080-8081"]);
  });
});
