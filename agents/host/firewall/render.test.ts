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
      egress: "open",
      members: [
        { ip: "10.1.1.1", name: "a", cluster: "one", via: null, remote: false },
        { ip: "10.1.1.2", name: "b", cluster: "one", via: null, remote: false },
        { ip: "10.1.1.3", name: "c", cluster: "two", via: null, remote: false },
      ],
    },
    { bridge: "kb2", subnet: "10.1.2.0/24", egress: "closed", members: [] },
  ],
  nodes: [{ ip: "10.1.1.1", services: [{ ...service, guarded: [8080, [4040, 4060]] }], cluster: "one", bridge: "kb1" }],
  bindings: [{ bridge: "kb1", port: "veth1", ip: "10.1.1.1", mac: "02:42:0a:01:01:01" }],
  resolvers: ["10.0.0.53"],
  deny: ["10.9.0.0/16"],
};

describe("the packet filter's text", () => {
  it("replaces only tables that carry the installation's name", () => {
    const tables = [...renderFirewall(input).matchAll(/table (\w+) (\w+)/g)].map((m) => m[2]);
    assert.deepEqual(new Set(tables), new Set(["kindling_installone"]));
  });

  it("only removes when there is no segment left", () => {
    assert.equal(
      renderFirewall({ ...input, segments: [] }),
      "table inet kindling_installone {}\ndelete table inet kindling_installone\ntable bridge kindling_installone {}\ndelete table bridge kindling_installone\n",
    );
  });

  it("guards a node's ports against all but its own cluster", () => {
    const guard =
      renderFirewall(input)
        .split("\n")
        .find((line) => line.includes("dport { 4040-4060, 8080 }")) ?? "";
    assert.match(guard, /ip daddr 10\.1\.1\.1 ip saddr != \{ 10\.1\.1\.1, 10\.1\.1\.2 \}/);
  });

  it("closes what shall be closed and denies what is denied", () => {
    const text = renderFirewall(input);
    assert.match(text, /^ *iifname "kb2" drop$/m);
    assert.doesNotMatch(text, /^ *iifname "kb1" drop$/m);
    assert.match(text, /ip daddr \{ 169\.254\.0\.0\/16, .*10\.9\.0\.0\/16 \} drop/);
  });

  it("binds a port to one address and drops all else that comes from it", () => {
    const text = renderFirewall(input);
    assert.match(text, /elements = \{ "veth1" \. 02:42:0a:01:01:01 \. 10\.1\.1\.1 \}/);
    assert.match(text, /iifname \{ "veth1" \} drop/);
  });

  it("merges ports that overlap, which nft would refuse", () => {
    assert.deepEqual(guardedPorts([{ ...service, guarded: [8080, [4040, 4060], 4050, [4061, 4070], 8081] }]), ["4040-4070", "8080-8081"]);
  });
});
