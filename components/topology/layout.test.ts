import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Box, stackedLayout, type TopologyNode, wideLayout } from "./layout.ts";

const anyNodes = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 120 })
  .map((hosts): TopologyNode[] =>
    hosts.map((host, i) => ({ id: `n${i}`, name: `kindling-${i}`, ip: `10.0.0.${i + 2}`, host: `host-${host}`, vcpus: 1, memoryMb: 1024 })),
  );
const inside = (a: Box, b: Box): boolean => a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
const apart = (a: Box, b: Box): boolean => a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

for (const [name, layout, width] of [
  ["wide", wideLayout, 1096],
  ["stacked", stackedLayout, 326],
] as const)
  test(`${name}: every node once, inside its host, apart from the others, on a rail, within the width`, () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const { hosts, rails, height } = layout(nodes, width);
        assert.deepEqual(hosts.flatMap((host) => host.nodes.map((placed) => placed.node.id)).sort(), nodes.map((node) => node.id).sort());
        for (const [i, host] of hosts.entries()) {
          assert.ok(inside(host, { x: 0, y: 0, width, height }), "host in the picture");
          for (const other of hosts.slice(i + 1)) assert.ok(apart(host, other), "hosts apart");
          for (const [j, placed] of host.nodes.entries()) {
            assert.ok(inside(placed, host), "node in its host");
            for (const other of host.nodes.slice(j + 1)) assert.ok(apart(placed, other), "nodes apart");
            const on = rails.some(
              (rail) => placed.dot.x >= rail.x1 && placed.dot.x <= rail.x2 && placed.dot.y >= rail.y1 && placed.dot.y <= rail.y2,
            );
            assert.ok(on, "drop ends on a rail");
          }
        }
      }),
    );
  });

test("the reference's picture: four nodes on two hosts, side by side, one rail", () => {
  const nodes = ["host-1", "host-1", "host-2", "host-2"].map((host, i) => ({
    id: `n${i}`,
    name: `kindling-${i + 1}`,
    ip: `10.35.219.${i + 2}`,
    host,
    vcpus: 2,
    memoryMb: 6144,
  }));
  const { hosts, rails } = wideLayout(nodes, 1096);
  assert.equal(rails.length, 1);
  assert.deepEqual(
    hosts.map((host) => [host.name, host.vcpus, host.memoryMb, host.y]),
    [
      ["host-1", 4, 12_288, 12],
      ["host-2", 4, 12_288, 12],
    ],
  );
});
