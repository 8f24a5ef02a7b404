import assert from "node:assert/strict";
import { test } from "node:test";
import type { HostFacts } from "../../../agents/protocol/observed.ts";
import { cardsFor, heard } from "../../reconciler/testing/heard.ts";
import { cluster, flavor, rowsWith } from "../../reconciler/testing/rows.ts";
import { apply } from "../apply.ts";
import { plan } from "../plan.ts";
import type { ClusterRow, Snapshot } from "../snapshot.ts";

const now = Date.UTC(2026, 4, 1, 12);

function picture(hosts: readonly Partial<HostFacts>[], ...clusters: Partial<ClusterRow>[]): Snapshot {
  const rows = rowsWith(
    clusters.map((row, index) => cluster({ id: `ccluster${index}`, name: `c${index}`, attemptAt: now + index, ...row })),
    hosts.length,
  );
  return heard(rows, now, hosts);
}

let serial = 0;
const newId = (prefix: string): string => {
  serial += 1;
  return `${prefix}${serial}`;
};
const planned = (rows: Snapshot, at = now): Snapshot => apply(rows, plan(rows, at, newId).changes);
const refusal = (rows: Snapshot, index = 0): string | undefined => planned(rows).clusters[index]?.refusal?.message;
const hostsOf = (rows: Snapshot): string[] => planned(rows).nodes.map((node) => node.hostId);

test("one node that is too big is refused with what each host has", () => {
  assert.equal(refusal(picture([{ memoryMb: 10_240 }], { masterFlavorId: "flarge", workerCount: 0 })), undefined);
  const small = [{ memoryMb: 7_168 }, { memoryMb: 5_632 }];
  assert.equal(
    refusal(picture(small, { masterFlavorId: "flarge", workerCount: 0 })),
    "needs 8 GB on one host; host-1 has 6 GB free, host-2 has 4.5 GB free",
  );
});

test("nodes that fit one by one but not together are refused together", () => {
  assert.equal(refusal(picture([{ memoryMb: 10_240 }], { workerCount: 2 })), "needs 12 GB for its 3 nodes; host-1 has 9 GB free");
});

const withCards = (rows: Snapshot): Snapshot => ({
  ...rows,
  flavors: [...rows.flavors, flavor("card", 1, 4096, 4, 1), flavor("pair", 1, 4096, 5, 2)],
});
const having = (host: number, n: number, toolkit = true) => ({ nvidia: { toolkit, cards: cardsFor(host, n) } });

test("cards are of one host, whole, and a refusal says what each host has", () => {
  const hosts = [{}, having(1, 1), having(2, 2, false)];
  const ask = (more: Partial<ClusterRow>): string | undefined => refusal(withCards(picture(hosts, more)));
  assert.equal(ask({ masterFlavorId: "fcard", workerCount: 0 }), undefined);
  const have = "host-1 has none, host-2 has 1 free, host-3 cannot hand its GPUs to nodes";
  assert.equal(ask({ masterFlavorId: "fpair", workerCount: 0 }), `needs 2 GPUs on one host; ${have}`);
  assert.equal(ask({ workerFlavorId: "fcard", workerCount: 2 }), "needs 2 GPUs for its 3 nodes; host-2 has 1 free");
  const one = withCards(picture([having(0, 3)], { workerFlavorId: "fpair", workerCount: 2 }));
  assert.equal(refusal(one), "needs 4 GPUs for its 3 nodes; host-1 has 3 free");
});

test("a host that has the cards and takes no node now is named with its reason, and waited for", () => {
  const rows = withCards(picture([{}, having(1, 2)], { masterFlavorId: "fpair", workerCount: 0 }));
  const turned = (change: Partial<Snapshot["hosts"][number]>, more: Snapshot = rows): Snapshot["clusters"][number]["refusal"] | undefined =>
    planned({ ...more, hosts: more.hosts.map((host, index) => (index === 1 ? { ...host, ...change } : host)) }).clusters[0]?.refusal;
  const need = "needs 2 GPUs on one host; host-2 has";
  for (const [change, why] of [
    [{ observedAt: now - 180_000 }, "but was not heard for 3 min"],
    [{ mode: "cordoned" }, "but takes no new nodes (its administrator set it so)"],
    [{ mode: "draining" }, "but is being drained"],
    [{ mode: "maintenance" }, "but is in maintenance"],
    [{ fencedAt: now }, "but is given up as lost"],
  ] as const)
    assert.deepEqual(turned(change), { message: `${need} 2 free ${why}, host-1 has none`, lacking: "host" });
  const taken = { ...rows, gpus: [{ hostId: "host1", card: cardsFor(1, 2)[0]!.id, nodeId: "nother" }] };
  assert.equal(
    turned({ mode: "cordoned" }, taken)?.message,
    `${need} 1 free and takes no new nodes (its administrator set it so), host-1 has none`,
  );
  // One that would not do in any case is said to have none; another tenant's is not spoken of.
  const less = withCards(picture([{}, having(1, 1)], { masterFlavorId: "fpair", workerCount: 0 }));
  assert.deepEqual(turned({ mode: "cordoned" }, less), {
    message: "needs 2 GPUs on one host; host-1 has none, host-2 has 1 free",
    lacking: "gpu",
  });
  assert.doesNotMatch(turned({ mode: "cordoned", tenantId: "tblue0" })?.message ?? "", /2 free/);
  assert.equal(turned({ mode: "removing" })?.lacking, "gpu", "nobody waits for one that goes");
  // On a large site those that have none are counted.
  const large = withCards(picture([{}, having(1, 1), {}, {}, {}], { masterFlavorId: "fpair", workerCount: 0 }));
  assert.equal(turned({}, large)?.message, "needs 2 GPUs on one host; host-2 has 1 free, the other 4 hosts have none");
  assert.equal(
    refusal(withCards(picture([{}, {}, {}, {}], { masterFlavorId: "fpair", workerCount: 0 }))),
    "needs 2 GPUs on one host; 4 hosts have none",
  );
  const many = withCards(picture([having(0, 1), having(1, 3)], { workerFlavorId: "fcard", workerCount: 3 }));
  assert.deepEqual(turned({ mode: "cordoned" }, many), {
    message: "needs 3 GPUs for its 4 nodes; host-1 has 1 free, host-2 has 3 free but takes no new nodes (its administrator set it so)",
    lacking: "host",
  });
});

test("a node keeps its cards while it is stopped, and nobody else gets them", () => {
  const rows = planned(
    withCards(picture([having(0, 2)], { masterFlavorId: "fcard", workerCount: 0 }, { masterFlavorId: "fpair", workerCount: 0 })),
  );
  assert.deepEqual(rows.gpus, [{ hostId: "host0", card: cardsFor(0, 2)[0]?.id, nodeId: rows.nodes[0]?.id }]);
  const stopped = planned({
    ...rows,
    clusters: rows.clusters.map((row, index) => (index === 0 ? { ...row, desired: "stopped" as const } : row)),
  });
  assert.equal(stopped.gpus.length, 1);
  assert.equal(stopped.clusters[1]?.refusal?.message, "needs 2 GPUs on one host; host-1 has 1 free");
});

test("what needs no card leaves the hosts with cards to those that do, where it can", () => {
  const hosts = [having(0, 3), {}];
  assert.deepEqual(hostsOf(withCards(picture(hosts, { workerCount: 0 }, { masterFlavorId: "fcard", workerCount: 0 }))), ["host1", "host0"]);
  assert.deepEqual(hostsOf(withCards(picture([having(0, 1)], { workerCount: 0 }))), ["host0"]);
  assert.deepEqual(
    planned(withCards(picture(hosts, { workerFlavorId: "fcard", workerCount: 2 }))).nodes.map((node) => [node.role, node.hostId]),
    [
      ["master", "host1"],
      ["worker", "host0"],
      ["worker", "host0"],
    ],
  );
});

test("processors count with the site's ratio", () => {
  assert.equal(refusal(picture([{ cpus: 1 }], { masterFlavorId: "flarge", workerCount: 0 })), undefined);
  assert.equal(
    refusal(picture([{ cpus: 1 }], { masterFlavorId: "flarge", workerCount: 1 })),
    "needs 5 vCPUs for its 2 nodes; host-1 has 4 free",
  );
});

test("disks are promised at their full size, and what is left over stays free", () => {
  assert.equal(refusal(picture([{ diskFreeMb: 12 * 1024 }], { workerCount: 0 })), undefined);
  assert.equal(refusal(picture([{ diskFreeMb: 11 * 1024 }], { workerCount: 0 })), "needs 10 GB of disk for /data; host-1 has 9 GB free");
});

test("a capability that the host cannot grant is refused by its name", () => {
  const rows = picture([{ capabilities: ["CHOWN", "KILL", "SETGID"] }], { workerCount: 0 });
  assert.equal(refusal(rows), "needs the capability SETUID; host-1 cannot grant it");
});

test("a host that is silent, cordoned or without Docker takes nothing, and says so", () => {
  const rows = picture([{}], { workerCount: 0 });
  const hosts = (change: object): Snapshot => ({ ...rows, hosts: rows.hosts.map((host) => ({ ...host, ...change })) });
  assert.equal(refusal(hosts({ observedAt: now - 40_000 })), "no host can take nodes now; host-1 silent 40 s");
  assert.equal(refusal(hosts({ observed: null, observedAt: null })), "no host can take nodes now; host-1 has not been heard of yet");
  assert.match(refusal(hosts({ mode: "cordoned" })) ?? "", /^no host can take nodes now; host-1 takes no new nodes/);
  assert.equal(refusal(heard(rows, now, [{ engine: null }])), "no host can take nodes now; Docker is not running on host-1");
});

test("a flavor below the bundle's minimum is refused in its words", () => {
  const rows = picture([{}], { workerCount: 0 });
  const tiny = {
    ...rows,
    flavors: rows.flavors.map((flavor) => (flavor.id === "fsmall" ? { ...flavor, name: "Mini", memoryMb: 1024 } : flavor)),
  };
  assert.equal(refusal(tiny), "a master of Spark 3.5 with Jupyter needs at least 2 GB; Mini has 1 GB");
});

test("a cluster stays together where it can, and spreads where it must", () => {
  assert.equal(new Set(hostsOf(picture([{ memoryMb: 14_000 }, { memoryMb: 14_000 }], { workerCount: 2 }))).size, 1);
  assert.equal(new Set(hostsOf(picture([{ memoryMb: 9_500 }, { memoryMb: 9_500 }], { workerCount: 2 }))).size, 2);
});

test("who waited longest chooses first, and a smaller one may pass it", () => {
  const rows = planned(picture([{ memoryMb: 10_240 }], { workerCount: 4 }, { workerCount: 0 }));
  assert.deepEqual(
    rows.nodes.map((node) => node.clusterId),
    ["ccluster1"],
  );
  assert.equal(rows.clusters[0]?.refusal?.message, "needs 20 GB for its 5 nodes; host-1 has 5 GB free");
});

test("a kept volume decides the host, and becomes the master's disk", () => {
  const rows = picture([{ memoryMb: 60_000 }, { memoryMb: 20_000 }], { workerCount: 0, dataVolumeId: "vkept" });
  const kept = {
    id: "vkept",
    tenantId: "tred00",
    hostId: "host1",
    name: "kindling-77",
    sizeMb: 500,
    driver: "loop",
    copyOf: null,
    state: "kept" as const,
    observed: null,
  };
  const after = planned({ ...rows, volumes: [kept] });
  assert.deepEqual(
    after.nodes.map((node) => [node.hostId, node.volumeId, node.dataMb]),
    [["host1", "vkept", 500]],
  );
  assert.equal(after.volumes[0]?.state, "attached");
  assert.equal(planned({ ...rows, volumes: [] }).clusters[0]?.refusal?.message, "the kept volume it was to start with is in use or gone");
});

test("addresses: lowest first, a freed one rests, then the one that rested longest comes", () => {
  const rows = picture([{}], { workerCount: 0 });
  const taken = (n: number, freedAt: number | null) => ({
    ip: `10.35.192.${n}`,
    segmentId: "sred00",
    nodeId: freedAt === null ? `nother${n}` : null,
    hostId: null,
    freedAt,
  });
  const ipOf = (addresses: Snapshot["addresses"], at = now) =>
    planned({ ...rows, addresses }, at).addresses.find((row) => row.nodeId?.startsWith("n") && !row.nodeId.startsWith("nother"))?.ip;
  assert.equal(ipOf([]), "10.35.192.2");
  assert.equal(ipOf([taken(2, null), taken(3, now)]), "10.35.192.4");
  const all = Array.from({ length: 248 }, (_, index) => taken(index + 2, null));
  const but = (...rested: ReturnType<typeof taken>[]) => [...all.filter((row) => !rested.some((entry) => entry.ip === row.ip)), ...rested];
  assert.equal(ipOf(but(taken(9, now - 70_000), taken(30, now - 90_000))), "10.35.192.30");
  assert.equal(ipOf(but(taken(9, now - 20_000))), undefined);
  assert.equal(
    refusal({ ...rows, addresses: but(taken(9, now - 20_000)) }),
    "all addresses of the tenant's segment are in use or resting; the next one is free in 40 s",
  );
});
