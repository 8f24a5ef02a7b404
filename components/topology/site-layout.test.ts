import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { TopologyView } from "../../server/services/hosts/schemas.ts";
import type { Box } from "./layout.ts";
import { ofTenant, railWords, siteLayout, step } from "./site-layout.ts";

/** A site whose nodes lie on hosts as said; each tenant has a segment and a cluster. */
function site(hosts: number, nodes: readonly { host: number; tenant: number }[], tenants = 3): TopologyView {
  return {
    at: "2026-11-21T12:00:00.000Z",
    tenants: Array.from({ length: tenants }, (_, i) => ({ slug: `t${i}`, name: `T${i}` })),
    hosts: Array.from({ length: hosts }, (_, i) => ({
      ...{ name: `host-${i + 1}`, state: "ready" as const, reason: null, mode: "active" as const, lost: false },
      address: `192.168.0.${i}`,
    })),
    segments: Array.from({ length: tenants }, (_, i) => ({
      name: `s${i}`,
      tenant: i,
      cidr: `10.0.${i}.0/24`,
      uplink: "vlan",
      number: 100 + i,
    })),
    clusters: Array.from({ length: tenants }, (_, i) => ({ id: `c${i}`, name: `c${i}`, tenant: i })),
    nodes: nodes.map(({ host, tenant }, i) => ({
      ...{ name: `kindling-${i + 1}`, host, segment: tenant, cluster: tenant, ip: `10.0.${tenant}.${i}`, master: i === 0 },
      state: "ready" as const,
    })),
    links: [],
  };
}

const inside = (a: Box, b: Box): boolean =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width + 0.01 && a.y + a.height <= b.y + b.height;
const apart = (a: Box, b: Box): boolean => a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

function check(view: TopologyView, width: number): void {
  const layout = siteLayout(view, width);
  const drawn = layout.hosts.flatMap((host) => host.nodes.map((node) => node.index));
  const placed = view.nodes.flatMap((node, i) => (node.host >= 0 ? [i] : []));
  assert.deepEqual(
    drawn.sort((a, b) => a - b),
    placed,
    "every placed node once",
  );
  assert.equal(layout.hosts.length, view.hosts.length, "every host, empty ones too");
  for (const [i, host] of layout.hosts.entries()) {
    assert.ok(inside(host, { x: 0, y: 0, width, height: layout.height }), "host in the picture");
    for (const other of layout.hosts.slice(i + 1)) assert.ok(apart(host, other), "hosts apart");
    for (const [j, node] of host.nodes.entries()) {
      assert.ok(inside(node, host), "node in its host");
      for (const other of host.nodes.slice(j + 1)) assert.ok(apart(node, other), "nodes apart");
    }
  }
  for (const { dot, segment } of layout.drops)
    assert.ok(
      layout.rails.some((rail) => rail.segment === segment && rail.y === dot.y && dot.x >= rail.x1 && dot.x <= rail.x2),
      "a drop ends on its own rail",
    );
  for (const rail of layout.rails)
    assert.ok(
      layout.hosts.every((host) => rail.y <= host.y || rail.y >= host.y + host.height),
      "no rail runs through a host",
    );
  if (!layout.dense) assert.equal(layout.drops.length, placed.length, "a drop from every node");
}

const anySite = fc
  .record({
    hosts: fc.integer({ min: 1, max: 30 }),
    nodes: fc.array(fc.record({ host: fc.integer({ min: -1, max: 29 }), tenant: fc.integer({ min: 0, max: 2 }) }), { maxLength: 150 }),
  })
  .map(({ hosts, nodes }) =>
    site(
      hosts,
      nodes.map(({ host, tenant }) => ({ host: host < hosts ? host : -1, tenant })),
    ),
  );

describe("the picture of a site", () => {
  it("has everything in its place, on a wide page and on a phone", () => {
    fc.assert(fc.property(anySite, fc.constantFrom(1180, 900, 326), check), { numRuns: 60 });
  });
  it("is the reference: four nodes on two hosts, one VLAN", () => {
    const view = site(
      2,
      [0, 0, 1, 1].map((host) => ({ host, tenant: 0 })),
      1,
    );
    const { hosts, rails, drops, dense } = siteLayout(view, 1180);
    assert.equal(dense, false);
    assert.deepEqual([hosts.length, rails.length, drops.length], [2, 1, 4]);
    assert.equal(hosts[0]?.y, hosts[1]?.y);
    assert.equal(railWords(view.segments[0]!), "VLAN 100 · s0 · 10.0.0.0/24");
  });
  it("holds 200 hosts with 20 nodes each", () => {
    const nodes = Array.from({ length: 4000 }, (_, i) => ({ host: i % 200, tenant: i % 8 }));
    const view = site(200, nodes, 8);
    check(view, 1180);
    const { dense, height, rails } = siteLayout(view, 1180);
    assert.equal(dense, true);
    // Forty rows of five: no more than a dozen screens, each with the tenants' rails under its own hosts.
    assert.ok(height < 14_000, `${height} px`);
    assert.equal(rails.length % 8, 0);
    check(view, 326);
  });
  it("becomes squares beyond 40 nodes on one host", () => {
    const full = (count: number) =>
      siteLayout(
        site(
          1,
          Array.from({ length: count }, () => ({ host: 0, tenant: 0 })),
        ),
        1180,
      ).dense;
    assert.deepEqual([full(40), full(41)], [false, true]);
  });
  it("gives nodes above each other lines of their own", () => {
    const { drops } = siteLayout(
      site(
        1,
        Array.from({ length: 12 }, () => ({ host: 0, tenant: 0 })),
      ),
      1180,
    );
    assert.equal(new Set(drops.map(({ dot }) => dot.x)).size, 12);
  });
});

describe("one tenant's part", () => {
  it("has only its nodes and segments, on the hosts that carry them", () => {
    const part = ofTenant(
      site(3, [
        { host: 0, tenant: 0 },
        { host: 2, tenant: 1 },
        { host: -1, tenant: 1 },
      ]),
      "t1",
    );
    assert.deepEqual(
      part.hosts.map(({ name }) => name),
      ["host-3"],
    );
    assert.deepEqual(
      part.segments.map(({ name }) => name),
      ["s1"],
    );
    assert.deepEqual(
      part.nodes.map(({ name, host, segment, cluster }) => [name, host, segment, cluster]),
      [
        ["kindling-2", 0, 0, 0],
        ["kindling-3", -1, 0, 0],
      ],
    );
  });
});

describe("keys", () => {
  const layout = siteLayout(
    site(3, [
      { host: 0, tenant: 0 },
      { host: 0, tenant: 0 },
      { host: 2, tenant: 0 },
    ]),
    1180,
  );
  it("go from node to node and from host to host, and stop at the ends", () => {
    assert.equal(step(layout, null, "ArrowRight"), 0);
    assert.equal(step(layout, 0, "ArrowRight"), 1);
    assert.equal(step(layout, 0, "ArrowLeft"), 0);
    assert.equal(step(layout, 0, "ArrowDown"), 2);
    assert.equal(step(layout, 2, "ArrowUp"), 0);
    assert.equal(step(layout, 2, "ArrowDown"), 2);
    assert.equal(step(layout, 0, "End"), 2);
    assert.equal(step(layout, 0, "a"), null);
    assert.equal(step({ hosts: [] }, null, "Home"), null);
  });
});
