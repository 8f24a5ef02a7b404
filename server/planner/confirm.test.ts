import assert from "node:assert/strict";
import { test } from "node:test";
import { heard } from "../reconciler/testing/heard.ts";
import { cluster, rowsWith } from "../reconciler/testing/rows.ts";
import { apply } from "./apply.ts";
import { plan } from "./plan.ts";
import type { HostRow, Snapshot } from "./snapshot.ts";

const now = Date.UTC(2026, 4, 1, 12);
let made = 0;
const newId = (prefix: string): string => `${prefix}${String(++made).padStart(6, "0")}`;
const planned = (rows: Snapshot): Snapshot => apply(rows, plan(rows, now, newId).changes);
const hosts = (rows: Snapshot, change: (host: HostRow) => Partial<HostRow>): Snapshot => ({
  ...rows,
  hosts: rows.hosts.map((host) => ({ ...host, ...change(host) })),
});

/** Every host holds the present state, and was told to delete these. */
const told = (rows: Snapshot, ...ids: string[]): Snapshot => hosts(rows, () => ({ wantedGeneration: 1, toldToDelete: new Set(ids) }));

test("a condemned disk is gone only once its host was told to destroy it", () => {
  const volume = {
    id: "vkept0",
    tenantId: "tred00",
    hostId: "host0",
    name: "kindling-1",
    sizeMb: 500,
    driver: "loop",
    copyOf: null,
    state: "deleting" as const,
  };
  const observed = { id: "vkept0", state: "absent" as const, sizeMb: 500, usedMb: null, fault: null };
  const rows = heard({ ...rowsWith([]), volumes: [{ ...volume, observed }] }, now);
  assert.equal(planned(told(rows)).volumes.length, 1);
  assert.equal(planned(rows).volumes.length, 1, "nothing is known of what it was told");
  assert.equal(planned(told(rows, "vkept0")).volumes.length, 0);
});

test("a drained host's cluster leaves in one piece, with its names and addresses, once it is gone there", () => {
  const placed = planned(heard(rowsWith([cluster({ workerCount: 1 })], 2), now));
  const from = placed.nodes[0]?.hostId ?? "";
  const draining = planned(hosts(placed, (host) => (host.id === from ? { mode: "draining", drainData: "keep" } : {})));
  assert.deepEqual(
    draining.nodes.map((node) => [node.evicting, node.hostId]),
    [
      [true, from],
      [true, from],
    ],
  );
  const shown = (state: "running" | "absent"): Snapshot => ({
    ...told(draining, ...draining.nodes.map((node) => node.id), ...draining.segments.map((row) => row.id)),
    nodes: draining.nodes.map((node) => ({
      ...node,
      observed: {
        ...{ id: node.id, state, step: "done" as const, ip: null, incarnation: 1, startedAt: null, services: [] },
        ...{ sparkMaster: null, oomKills: 0, lastOom: null, usage: null, fault: null },
      },
    })),
  });
  assert.deepEqual(
    planned(shown("running")).nodes.map((node) => node.hostId),
    [from, from],
  );
  const moved = planned(shown("absent"));
  assert.ok(moved.nodes.every((node) => node.hostId !== from && node.incarnation === 2 && !node.evicting));
  assert.deepEqual(
    moved.nodes.map((node) => moved.addresses.find((row) => row.nodeId === node.id)?.ip),
    ["10.35.192.2", "10.35.192.3"],
  );
  assert.deepEqual(moved.volumes.map((volume) => [volume.name, volume.state, volume.hostId === from]).sort(), [
    ["kindling-1", "attached", false],
    ["kindling-1", "kept", true],
    ["kindling-2", "attached", false],
    ["kindling-2", "kept", true],
  ]);
});

test("what fits nowhere else stays on the host that is to be drained; one that is not drained any more keeps what it has", () => {
  const placed = planned(heard(rowsWith([cluster({ workerCount: 1 })], 1), now));
  const draining = hosts(placed, () => ({ mode: "draining", drainData: "keep" }));
  assert.deepEqual(
    planned(draining).nodes.map((node) => node.evicting),
    [false, false],
  );
  const leaving = { ...placed, nodes: placed.nodes.map((node) => ({ ...node, evicting: true })) };
  assert.deepEqual(
    planned(leaving).nodes.map((node) => node.evicting),
    [false, false],
  );
});

test("a segment without an uplink keeps all its nodes on one host, and says so", () => {
  const rows = heard(
    rowsWith([cluster({ workerCount: 0 }), cluster({ id: "cother0", name: "o", workerCount: 0, attemptAt: now })], 2),
    now,
    [{ memoryMb: 6_000 }, { memoryMb: 6_000 }],
  );
  const alone = { ...rows, segments: rows.segments.map((segment) => ({ ...segment, uplink: "none" as const, vlanId: null })) };
  assert.equal(new Set(planned(rows).nodes.map((node) => node.hostId)).size, 2);
  const after = planned(alone);
  assert.equal(after.nodes.length, 1);
  assert.equal(after.clusters[1]?.refusal?.message, "needs 4 GB on one host; host-1 has 0.8 GB free".replace("0.8 GB", "880 MB"));
});

test("tags and an ability that are missing are said of each host, and nothing of one that is kept for another tenant", () => {
  const rows = heard(rowsWith([cluster({ workerCount: 0 })], 3), now, [
    {},
    {},
    { abilities: { vlan: false, vxlan: true, lvm: false, rootQuota: false, plainBridges: false } },
  ]);
  const tagged = { ...rows, tenants: rows.tenants.map((tenant) => ({ ...tenant, hostTags: ["ssd"] })) };
  const theirs = { tenantId: "tblue0", tags: ["blue-secret"] };
  const said = (change: Partial<Snapshot["hosts"][number]>, more: Snapshot = tagged): string => {
    const given = { host0: { ...theirs, ...change }, host1: { tags: ["merger"] }, host2: { tags: ["ssd"] } };
    return planned(hosts(more, ({ id }) => given[id as keyof typeof given])).clusters[0]?.refusal?.message ?? "";
  };
  assert.match(said({}), /host-2 does not have ssd, host-3 cannot make VLANs and has no link eth0\.100/);
  const fault = { code: "x", message: "a secret of theirs", retryable: true };
  const broken = tagged.hosts[0]?.observed && { ...tagged.hosts[0].observed, fault };
  // Neither that there is one, nor how it fares, nor how other hosts are called apart.
  for (const change of [{}, { mode: "draining" }, { observedAt: now - 180_000 }, { fencedAt: now }, { observed: broken }] as const)
    assert.doesNotMatch(said(change), /host-1|another tenant|secret|merger/);
  const alone = hosts(rows, () => theirs);
  assert.equal(planned(alone).clusters[0]?.refusal?.message, "needs a host that the tenant may use; there is none");
});

test("a host that cannot make VLANs takes more nodes of a segment whose given link has become a port of its bridge", () => {
  const given = { abilities: { vlan: false, vxlan: true, lvm: false, rootQuota: false, plainBridges: false } };
  const rows = heard(rowsWith([cluster({ workerCount: 0 })]), now, [given]);
  const vlan = { ...rows, segments: rows.segments.map((segment) => ({ ...segment, uplink: "vlan" as const, vlanId: 100 })) };
  assert.match(planned(vlan).clusters[0]?.refusal?.message ?? "", /host-1 cannot make VLANs and has no link eth0\.100/);
  const segments = vlan.segments.map(({ id }) => ({ id, state: "present" as const, fault: null }));
  const carrying = hosts(vlan, ({ observed }) => ({ observed: observed && { ...observed, segments } }));
  assert.equal(planned(carrying).clusters[0]?.refusal, null);
  assert.equal(planned(carrying).nodes.length, 1);
  // Its bridge is there, but the link is not joined to it.
  const broken = segments.map((segment) => ({ ...segment, fault: { code: "uplink_missing", message: "no link", retryable: true } }));
  const cut = hosts(vlan, ({ observed }) => ({ observed: observed && { ...observed, segments: broken } }));
  assert.match(planned(cut).clusters[0]?.refusal?.message ?? "", /cannot make VLANs/);
});
