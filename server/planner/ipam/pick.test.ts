import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AddressRow } from "../snapshot.ts";
import { isGateway, isUsable, pick, pickGateway, sizeOf } from "./pick.ts";
import { overlaps, rangeOf, reservedRange, toIp, toNumber } from "./subnet.ts";

const row = (ip: string, change: Partial<AddressRow> = {}): AddressRow => ({
  ip,
  segmentId: "s",
  nodeId: "n",
  hostId: null,
  freedAt: null,
  ...change,
});
const segments = fc
  .record({
    bits: fc.integer({ min: 16, max: 28 }),
    net: fc.integer({ min: 0, max: 255 }),
    holes: fc.array(fc.tuple(fc.nat(), fc.nat(40)), { maxLength: 4 }),
  })
  .map(({ bits, net, holes }) => {
    const { first, last } = rangeOf(`10.${net}.0.0/${bits}`);
    const at = (n: number): number => first + (n % (last - first + 1));
    return {
      cidr: `10.${net}.0.0/${bits}`,
      reserved: holes.map(([from, more]) => `${toIp(at(from))}-${toIp(Math.min(last, at(from) + more))}`),
    };
  });

test("numbers and addresses are the same thing", () => {
  fc.assert(
    fc.property(fc.ipV4(), (ip) => {
      assert.equal(toIp(toNumber(ip)), ip);
    }),
  );
});

test("a segment of any size gives away every address exactly once, and says when it has none", () => {
  fc.assert(
    fc.property(segments, (segment) => {
      const size = sizeOf(segment);
      const all = pick(segment, [], size, 0, 60);
      assert.ok("ips" in all);
      assert.equal(new Set(all.ips).size, size);
      assert.ok(all.ips.every((ip) => isUsable(segment, ip)));
      assert.deepEqual(pick(segment, [], size + 1, 0, 60), { short: 1, nextFreeAt: null });
    }),
    { numRuns: 40 },
  );
});

test("nodes and hosts come from both ends and never meet in one address", () => {
  fc.assert(
    fc.property(segments, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), (segment, nodes, hosts) => {
      const rows: AddressRow[] = [];
      for (let turn = 0; turn < Math.max(nodes, hosts); turn += 1) {
        const node = turn < nodes ? pick(segment, [...rows], 1, 0, 60) : null;
        if (node && "ips" in node) rows.push(row(node.ips[0] ?? ""));
        const gateway = turn < hosts ? pickGateway(segment, [...rows], 0, 60, new Set()) : null;
        if (gateway) {
          assert.ok(isGateway(segment, gateway));
          rows.push(row(gateway, { nodeId: null, hostId: `h${turn}` }));
        }
      }
      assert.equal(new Set(rows.map(({ ip }) => ip)).size, rows.length);
      const { first, last } = rangeOf(segment.cidr);
      assert.ok(
        rows.every(({ ip }) => toNumber(ip) > first && toNumber(ip) < last),
        "neither the network's nor the broadcast address",
      );
    }),
  );
});

test("a host takes the highest address, another one the next, and what is promised to a node is not its", () => {
  const segment = { cidr: "10.1.2.0/28", reserved: ["10.1.2.13"] };
  assert.equal(pickGateway(segment, [], 0, 60, new Set()), "10.1.2.14");
  assert.equal(pickGateway(segment, [row("10.1.2.14", { nodeId: null, hostId: "h" })], 0, 60, new Set()), "10.1.2.12");
  const full = Array.from({ length: 13 }, (_, index) => row(`10.1.2.${index + 2}`));
  assert.equal(pickGateway(segment, full, 0, 60, new Set()), null);
  const resting = [...full.slice(1), row("10.1.2.2", { nodeId: null, freedAt: 1_000 })];
  assert.equal(pickGateway(segment, resting, 30_000, 60, new Set()), null);
  assert.equal(pickGateway(segment, resting, 61_000, 60, new Set()), "10.1.2.2");
  assert.equal(pickGateway(segment, resting, 61_000, 60, new Set(["10.1.2.2"])), null);
});

test("hosts that come and go take none of the nodes' addresses as long as there are some for hosts alone", () => {
  fc.assert(
    fc.property(segments, fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 30 }), (segment, turns) => {
      const { last } = rangeOf(segment.cidr);
      const open = { ...segment, reserved: segment.reserved.filter((text) => (reservedRange(text)?.last ?? 0) < last - 8) };
      const rows = new Map<string, AddressRow>();
      const held: (string | null)[] = [null, null, null];
      for (const [now, turn] of turns.entries()) {
        const ip = held[turn] ?? null;
        held[turn] = ip === null ? pickGateway(open, [...rows.values()], now * 1000, 60, new Set()) : null;
        const given = held[turn] ?? ip ?? "";
        assert.ok(!isUsable(open, given), `${given} of ${open.cidr}`);
        if (ip === null) assert.equal(rows.get(given)?.hostId ?? null, null, "nobody has it");
        rows.set(given, row(given, { nodeId: null, ...(ip === null ? { hostId: `h${turn}` } : { freedAt: now * 1000 }) }));
      }
    }),
  );
});

test("a segment of /24 has .2 to .249 for nodes, one of /28 .2 to .11", () => {
  assert.equal(sizeOf({ cidr: "10.1.2.0/24", reserved: [] }), 248);
  assert.equal(sizeOf({ cidr: "10.1.2.16/28", reserved: ["10.1.2.18-10.1.2.19", "10.1.2.19"] }), 8);
  assert.ok(sizeOf({ cidr: "10.1.0.0/16", reserved: [] }) > 64_000);
});

test("what is reserved is one address or a range, and nothing else", () => {
  assert.deepEqual(reservedRange("10.0.0.1"), { first: toNumber("10.0.0.1"), last: toNumber("10.0.0.1") });
  assert.deepEqual(reservedRange("10.0.0.1 - 10.0.0.3"), { first: toNumber("10.0.0.1"), last: toNumber("10.0.0.3") });
  for (const wrong of ["", "10.0.0", "10.0.0.256", "10.0.0.3-10.0.0.1", "a-b", "10.0.0.1-10.0.0.2-10.0.0.3"])
    assert.equal(reservedRange(wrong), null);
  assert.ok(overlaps(rangeOf("10.0.0.0/16"), rangeOf("10.0.3.0/24")));
  assert.ok(!overlaps(rangeOf("10.0.0.0/24"), rangeOf("10.0.1.0/24")));
});
