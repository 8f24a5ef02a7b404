import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { HostView } from "../../../server/services/views.ts";
import { hostActions, hostCommand } from "./actions.ts";
import { addCommand, remaining, tagsOf } from "./command-line.ts";
import { capacity, searchHosts, sortHosts, sorts } from "./list.ts";
import { copyAmount, moveSentence, movesOf, splitMoves, staySentence } from "./move.ts";
import { changedSettings, settingsCommand } from "./settings.ts";
import { hostState } from "./states.ts";

const host = (name: string, more: Partial<HostView> = {}): HostView => ({
  id: name,
  name,
  state: "ready",
  reason: null,
  heardAt: "2026-11-21T12:00:00.000Z",
  cpus: 4,
  vcpus: { used: 2, total: 16 },
  memoryMb: { used: 4096, total: 8192 },
  diskMb: { free: 50_000, total: 100_000 },
  engine: "Docker 20.10",
  nodes: 2,
  mode: "active",
  progress: null,
  tags: [],
  tenant: null,
  address: "192.168.1.1",
  lostAt: null,
  ...more,
});

describe("a host's state", () => {
  it("tells trouble before what is wanted of it", () => {
    assert.deepEqual(hostState(host("a", { mode: "draining", state: "fault" })), { state: "failed", word: "Fault" });
    assert.equal(hostState(host("a", { mode: "draining" })).word, "Draining");
    assert.equal(hostState(host("a", { state: "silent", lostAt: "2026-11-21T12:00:00.000Z" })).word, "Lost");
  });
  it("is no trouble when a host in maintenance is silent", () => {
    assert.deepEqual(hostState(host("a", { mode: "maintenance", state: "silent" })), { state: "stopped", word: "Maintenance" });
  });
});

describe("the list of hosts", () => {
  const rack = [host("host-10", { tags: ["gpu"] }), host("host-2", { tenant: "analytics", state: "silent" }), host("host-1", { nodes: 9 })];
  const names = (hosts: HostView[]): string[] => hosts.map(({ name }) => name);
  it("counts in names", () => assert.deepEqual(names(sortHosts(rack, "name")), ["host-1", "host-2", "host-10"]));
  it("puts trouble and full ones on top", () => {
    assert.deepEqual(names(sortHosts(rack, "state")), ["host-2", "host-1", "host-10"]);
    assert.equal(names(sortHosts(rack, "nodes"))[0], "host-1");
  });
  it("finds by name, tag, tenant, address and the state's word, all words together", () => {
    assert.deepEqual(names(searchHosts(rack, "GPU")), ["host-10"]);
    assert.deepEqual(names(searchHosts(rack, "silent analytics")), ["host-2"]);
    assert.deepEqual(names(searchHosts(rack, "gpu analytics")), []);
    assert.equal(searchHosts(rack, "192.168.1.1 ").length, 3);
  });
  it("neither loses nor doubles a host, whatever the order", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(rack), fc.constantFrom(...sorts), (some, sort) => {
        assert.deepEqual(names(sortHosts(some, sort)).sort(), names(some).sort());
      }),
    );
  });
  it("sums only what is known", () => {
    const silent = host("new", { vcpus: { used: 3, total: 0 }, memoryMb: { used: 5, total: 0 }, diskMb: { free: 0, total: 0 } });
    assert.deepEqual(capacity([rack[0]!, silent]), { vcpus: [2, 16], memoryMb: [4096, 8192], diskMb: [50_000, 100_000] });
  });
});

describe("what can be done with a host", () => {
  const reason = (one: HostView, id: string): string | null | undefined => hostActions(one).find((action) => action.id === id)?.reason;
  it("says why not", () => {
    assert.match(reason(host("a"), "activate") ?? "", /already/);
    assert.match(reason(host("a"), "lost") ?? "", /heard/);
    assert.match(reason(host("a"), "remove") ?? "", /2 nodes.*Drain/);
    assert.equal(reason(host("a", { nodes: 0 }), "remove"), null);
    assert.equal(reason(host("a", { state: "silent" }), "lost"), null);
  });
  it("lets a host be given up again that came back and fell silent", () => {
    const lostAt = "2026-11-21T12:00:01.000Z";
    const silent = { state: "silent", lostAt } as const;
    assert.match(reason(host("a", silent), "lost") ?? "", /already/);
    assert.match(reason(host("a", { ...silent, heardAt: null }), "lost") ?? "", /already/);
    assert.equal(reason(host("a", { ...silent, heardAt: "2026-11-21T12:00:02.000Z" }), "lost"), null);
  });
  it("has a command for each that a shell reads back", () => {
    assert.equal(hostCommand("host-2", "activate"), "kindling host activate host-2");
    assert.equal(hostCommand("host-2", "drain"), "kindling host drain host-2");
    assert.equal(hostCommand("host-2", "drain", "keep"), "kindling host drain host-2 --data keep");
    assert.equal(hostCommand("host-2", "lost"), "kindling host declare-lost host-2 --confirm host-2");
    const input = { name: "host-3", address: "10.0.0.3", tags: ["gpu", "big"], tenant: "analytics" };
    assert.equal(addCommand(input), "kindling host add host-3 --address 10.0.0.3 --tags 'gpu,big' --for analytics");
  });
});

describe("draining", () => {
  const at = (name: string, tenant: string, cluster: string) => ({
    name,
    tenant: { slug: tenant, name: tenant },
    cluster: { id: cluster, name: cluster },
  });
  it("says whose nodes move", () => {
    const moving = movesOf([at("k-1", "research", "etl"), at("k-2", "analytics", "flights"), at("k-3", "analytics", "flights")]);
    assert.deepEqual(
      moving.map(({ tenant, nodes, clusters }) => [tenant, nodes, clusters[0]?.nodes]),
      [
        ["analytics", 2, ["k-2", "k-3"]],
        ["research", 1, ["k-1"]],
      ],
    );
    assert.equal(moveSentence(moving), "3 nodes of 2 tenants move to other hosts.");
    assert.equal(
      staySentence(3, true),
      "No other host can take its 3 nodes now: they stay as they are, and move by themselves once one can.",
    );
    assert.equal(staySentence(1, true), "No other host can take its 1 node now: it stays as it is, and moves by itself once one can.");
    assert.equal(staySentence(2, false), "2 nodes stay as they are, and move by themselves once another host can take them.");
    assert.match(moveSentence([]), /No node runs here/);
  });
  it("says how much goes along, and that it may be less", () => {
    assert.equal(copyAmount({ dataMb: 2048, exact: true }), "2 GB");
    assert.equal(copyAmount({ dataMb: 20_480, exact: false }), "at most 20 GB");
    assert.equal(copyAmount({ dataMb: 0, exact: true }), null);
  });
  it("tells those that stay from those that move, with the reason", () => {
    const nodes = [at("k-1", "research", "etl"), at("k-2", "analytics", "flights"), at("k-3", "analytics", "flights")];
    const { moving, staying } = splitMoves(nodes, [{ nodes: ["k-2", "k-3"], reason: "there is no other host" }]);
    assert.deepEqual(moving, movesOf(nodes.slice(0, 1)));
    assert.deepEqual(staying, [{ nodes: ["k-2", "k-3"], where: "flights of analytics", reason: "there is no other host" }]);
  });
});

describe("an invitation", () => {
  it("takes tags as people type them", () => assert.deepEqual(tagsOf(" gpu, big gpu,"), ["gpu", "big"]));
  it("counts down and ends", () => {
    const end = "2026-11-21T12:15:00.000Z";
    assert.equal(remaining(end, Date.parse("2026-11-21T12:00:00.500Z")), "14:59");
    assert.equal(remaining(end, Date.parse("2026-11-21T12:14:55.000Z")), "0:05");
    assert.equal(remaining(end, Date.parse(end)), null);
  });
});

describe("a host's settings", () => {
  const now = { tags: "gpu, big", tenant: "analytics", address: "10.0.0.2", vlanParent: "", reservedMemoryMb: "1024" };
  it("sends only what differs, and null for what is emptied", () => {
    assert.deepEqual(changedSettings(now, { ...now, tags: "big gpu" }).input, {});
    assert.deepEqual(changedSettings(now, { ...now, tenant: "", vlanParent: "eth1 " }).input, { tenant: null, vlanParent: "eth1" });
    assert.deepEqual(changedSettings(now, { ...now, reservedMemoryMb: "2048" }).input, { reservedMemoryMb: 2048 });
  });
  it("explains memory that is no number", () => {
    assert.match(changedSettings(now, { ...now, reservedMemoryMb: "much" }).problem?.message ?? "", /whole number/);
  });
  it("has a command", () => {
    assert.equal(settingsCommand("h", { tags: [], address: null }), "kindling host set h --tags none --address none");
  });
});
