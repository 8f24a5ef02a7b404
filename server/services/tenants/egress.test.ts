import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { EgressRule, egressText, neverReached } from "../../../agents/protocol/egress.ts";
import { EgressList } from "./egress.ts";

const refusal = (text: string): string => EgressList.safeParse([text]).error?.issues[0]?.message ?? "taken";

describe("a list of destinations", () => {
  it("reads what it writes, and takes nothing that an agent would not", () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    const range = fc.tuple(port, port).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
    const network = fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 })).map(([address, length]) => {
      const start = address - (address % 2 ** (32 - length));
      return `${[24, 16, 8, 0].map((bits) => Math.floor(start / 2 ** bits) % 256).join(".")}${length === 32 ? "" : `/${length}`}`;
    });
    const rule = fc.oneof(
      fc.record({ network, protocol: fc.constant(null), ports: fc.constant<[number, number][]>([]) }),
      fc.record({ network, protocol: fc.constantFrom("tcp" as const, "udp" as const), ports: fc.array(range, { maxLength: 20 }) }),
    );
    fc.assert(
      fc.property(rule, (one) => {
        const text = egressText(one);
        const read = EgressList.safeParse([text]);
        if (!read.success) return assert.match(refusal(text), /no node ever reaches/);
        assert.deepEqual(read.data.map(egressText), [
          egressText({ ...one, ports: one.ports.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]) }),
        ]);
        for (const each of read.data) assert.ok(EgressRule.safeParse(each).success);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = EgressList.safeParse([text]);
        if (read.success) for (const each of read.data) assert.ok(EgressRule.safeParse(each).success);
        else assert.match(refusal(text), /\.$/);
      }),
    );
  });

  it("says what is wrong and what to write", () => {
    const cases: [string, RegExp][] = [
      ["", /A destination is missing\. Write "10\.1\.2\.0\/24"/],
      ["pypi.org tcp 443", /pypi\.org is no IPv4 address or network; names cannot be listed/],
      ["2001:db8::/32", /IPv6, which nodes do not have/],
      ["10.1.2.0/33", /from 0 to 32/],
      ["10.1.2.0/24/8", /no IPv4 address or network/],
      ["10.1.2.3/16", /is an address within 10\.1\.0\.0\/16\. Write that for the network, or 10\.1\.2\.3/],
      ["10.1.2.3 443", /say tcp or udp before 443/],
      ["10.1.2.3 icmp", /icmp is neither tcp nor udp; leave it out/],
      ["10.1.2.3 tcp 443, 80", /separated by commas, without spaces/],
      ["10.1.2.3 tcp 0", /0 is no port/],
      ["10.1.2.3 tcp 90-80", /90-80 is no port/],
      ["10.1.2.3 tcp 1,,2", /is no port/],
      ["10.1.2.3 tcp 70000", /70000 is no port/],
      [`10.1.2.3 tcp ${Array.from({ length: 21 }, (_, n) => n + 1).join(",")}`, /at most 20 ports or ranges; this one has 21/],
      ["169.254.169.254 tcp 80", /lies in 169\.254\.0\.0\/16, what no node ever reaches/],
      ["127.0.0.1", /no node ever reaches/],
    ];
    for (const [text, words] of cases) assert.match(refusal(text), words, text);
    for (const never of neverReached) assert.match(refusal(never), /what no node ever reaches, whatever is listed/);
    // A network that holds one of them is taken; the packet filter drops them before it looks at lists.
    assert.equal(refusal("0.0.0.0/0 tcp 443"), "taken");
    assert.equal(refusal("10.1.2.3 udp 53"), "taken");
  });

  it("holds at most fifty, each once", () => {
    const many = Array.from({ length: 51 }, (_, n) => `10.9.0.${n}`);
    assert.match(EgressList.safeParse(many).error?.issues[0]?.message ?? "", /at most 50 destinations/);
    assert.equal(EgressList.parse(many.slice(1)).length, 50);
    assert.equal(EgressList.parse(["10.9.0.1", " 10.9.0.1/32 ", "10.9.0.1  tcp"]).length, 2);
  });
});
