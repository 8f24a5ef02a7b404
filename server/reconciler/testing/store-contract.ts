import assert from "node:assert/strict";
import { test } from "node:test";
import { ConflictError } from "../../planner/apply.ts";
import type { Change } from "../../planner/changes.ts";
import { plan } from "../../planner/plan.ts";
import type { ClusterRow, Snapshot } from "../../planner/snapshot.ts";
import type { ObservedWrite, Store } from "../store/port.ts";
import { cardsFor, heard } from "./heard.ts";

/** A store to be tested, with a hand that changes rows as people would. */
export interface StoreUnderTest {
  readonly store: Store;
  edit(cluster: string, change: Partial<Pick<ClusterRow, "desired" | "keepData" | "workerCount" | "generation">>): Promise<void>;
  close(): Promise<void>;
}

const now = Date.UTC(2026, 4, 1, 12);

function ids(): (prefix: string) => string {
  let n = 0;
  return (prefix) => {
    n += 1;
    return `${prefix}${String(n).padStart(6, "0")}`;
  };
}

const nothing: ObservedWrite = { at: now, host: null, nodes: [], volumes: [], images: null, clusters: [], steps: [], notify: [] };

/**
 * What every store has to keep. `make` gives rows of one tenant, one host and one cluster "ccluster" of one master and two workers that nobody placed yet.
 */
export function storeContract(name: string, make: () => Promise<StoreUnderTest>): void {
  const check = (what: string, body: (under: StoreUnderTest) => Promise<void>): void =>
    void test(`${name}: ${what}`, async () => {
      const under = await make();
      try {
        await body(under);
      } finally {
        await under.close();
      }
    });
  const placed = async ({ store }: StoreUnderTest): Promise<Snapshot> => {
    const rows = heard(await store.load(), now);
    await store.commit(rows, plan(rows, now, ids()), true);
    return store.load();
  };

  check("a plan is written as a whole", async (under) => {
    const before = await under.store.load();
    const rows = await placed(under);
    assert.deepEqual(
      rows.nodes.map((node) => [node.name, node.role, node.createdAt]),
      [
        ["kindling-1", "master", now],
        ["kindling-2", "worker", now],
        ["kindling-3", "worker", now],
      ],
    );
    assert.deepEqual(rows.addresses.map((row) => [row.ip, row.hostId ?? "a node's"]).sort(), [
      ["10.35.192.2", "a node's"],
      ["10.35.192.254", rows.hosts[0]?.id],
      ["10.35.192.3", "a node's"],
      ["10.35.192.4", "a node's"],
    ]);
    assert.equal(rows.clusters[0]?.segmentId, "sred00");
    assert.equal(rows.volumes.length, 3);
    assert.equal(rows.installation.nextNode, 4);
    assert.equal(rows.installation.generation, before.installation.generation + 1);
    assert.deepEqual(
      rows.steps.map(({ step, done, endedAt }) => ({ step, done, endedAt })),
      [{ step: "placed", done: 3, endedAt: now }],
    );
    assert.deepEqual(plan(heard(rows, now), now, ids()).changes, []);
  });

  check("a node keeps what it was started with, until its cluster starts anew", async (under) => {
    const rows = await placed(under);
    const four = ["CHOWN", "KILL", "SETGID", "SETUID"];
    assert.deepEqual(
      rows.nodes.map((node) => [node.capabilitySet, node.capabilities]),
      rows.nodes.map(() => ["default", four]),
    );
    const id = rows.nodes[0]?.id ?? "";
    const grant = { op: "grant" as const, id, capabilitySet: "tools" as const, capabilities: [...four, "SYS_CHROOT"] };
    await under.store.commit(rows, { changes: [grant], basis: [] }, true);
    const [first, second] = (await under.store.load()).nodes;
    assert.deepEqual([first?.capabilitySet, first?.capabilities], ["tools", [...four, "SYS_CHROOT"]]);
    assert.deepEqual([second?.capabilitySet, second?.capabilities], ["default", four]);
  });

  check("a plan on old rows is refused and leaves nothing", async (under) => {
    const old = heard(await under.store.load(), now);
    await placed(under);
    const before = await under.store.load();
    await assert.rejects(under.store.commit(old, plan(old, now, ids()), true), ConflictError);
    assert.deepEqual(await under.store.load(), before);
  });

  check("a plan for a cluster that people changed meanwhile is refused", async (under) => {
    const old = heard(await under.store.load(), now);
    await under.edit("ccluster", { desired: "deleted", generation: 2 });
    await assert.rejects(under.store.commit(old, plan(old, now, ids()), true), ConflictError);
    assert.equal((await under.store.load()).nodes.length, 0);
  });

  check("an address in use cannot be taken", async (under) => {
    const rows = await placed(under);
    const owner = rows.addresses[0];
    const other = rows.nodes.find((node) => node.id !== owner?.nodeId);
    const gateway = rows.addresses.find((row) => row.hostId !== null);
    const take = { op: "takeAddress" as const, ip: owner?.ip ?? "", segmentId: owner?.segmentId ?? "", nodeId: other?.id ?? "" };
    await assert.rejects(under.store.commit(rows, { changes: [take], basis: [] }, false), ConflictError);
    const second = { op: "takeGateway" as const, ip: "10.35.192.253", segmentId: gateway?.segmentId ?? "", hostId: gateway?.hostId ?? "" };
    await assert.rejects(under.store.commit(rows, { changes: [second], basis: [] }, false), ConflictError);
    const overlap = { ...second, ip: owner?.ip ?? "" };
    await assert.rejects(under.store.commit(rows, { changes: [overlap], basis: [] }, false), ConflictError);
    assert.deepEqual((await under.store.load()).addresses, rows.addresses);
  });

  check("a card has one node, which is on its host, and which does not go or move with it", async (under) => {
    const rows = await placed(under);
    const [first, second] = rows.nodes;
    assert.ok(first && second);
    const [one, two] = cardsFor(0, 2).map(({ id }) => id);
    const take = (card: string | undefined, nodeId: string) => ({ op: "takeGpu" as const, hostId: first.hostId, card: card ?? "", nodeId });
    const commit = (...changes: Change[]) => under.store.commit(rows, { changes, basis: [] }, false);
    await commit(take(one, first.id), take(two, first.id));
    const taken = (await under.store.load()).gpus;
    assert.deepEqual(
      taken.map(({ card, nodeId }) => [card, nodeId]),
      [
        [one, first.id],
        [two, first.id],
      ],
    );
    const address = rows.addresses.find((row) => row.nodeId === first.id)?.ip ?? "";
    const wrong: Change[][] = [
      [take(one, second.id)],
      [take("GPU-9", "nnobody")],
      [{ op: "takeGpu", hostId: "hother0", card: "GPU-9", nodeId: second.id }],
      [{ ...take(one, second.id), op: "freeGpu" }],
      [
        { op: "freeAddress", ip: address, nodeId: first.id, at: now },
        { op: "removeNode", id: first.id },
        { op: "dropNode", id: first.id },
      ],
    ];
    for (const changes of wrong) await assert.rejects(commit(...changes), ConflictError, JSON.stringify(changes));
    assert.deepEqual((await under.store.load()).gpus, taken);
    // What one lets go of another takes in the same breath.
    await commit({ ...take(one, first.id), op: "freeGpu" }, take(one, second.id));
    assert.deepEqual((await under.store.load()).gpus.find(({ card }) => card === one)?.nodeId, second.id);
  });

  check("a node of a lost host moves with its name and address, and what the host may still run is written down", async (under) => {
    const rows = await placed(under);
    const [node] = rows.nodes;
    const address = rows.addresses.find((row) => row.nodeId === node?.id);
    const [host] = rows.hosts;
    assert.ok(node && address && host);
    const { id: nodeId, clusterId, hostId, name, role, imageTag, volumeId, incarnation } = node;
    const remnant = {
      ...{ nodeId, clusterId, hostId, name, role, imageTag, volumeId, incarnation },
      ...{ tenantId: "tred00", segmentId: address.segmentId, ip: address.ip },
    };
    const fence = { op: "fenceHost" as const, id: hostId, at: now };
    // One host is all there is: it moves to itself, which no plan would do.
    const move = { op: "moveNode" as const, id: nodeId, from: hostId, hostId, volumeId: "vnew000", incarnation: 2 };
    const changes = [
      fence,
      { op: "addRemnant" as const, remnant },
      { op: "addVolume" as const, id: "vnew000", tenantId: "tred00", hostId, name, sizeMb: 100 },
      move,
      { op: "keepVolume" as const, id: volumeId, origin: "of a lost host", at: now },
    ];
    await under.store.commit(rows, { changes, basis: [] }, true);
    const after = await under.store.load();
    const moved = after.nodes.find((row) => row.id === nodeId);
    assert.deepEqual([moved?.name, moved?.volumeId, moved?.incarnation, moved?.evicting], [name, "vnew000", 2, false]);
    assert.deepEqual(after.addresses, rows.addresses);
    assert.deepEqual([after.remnants, after.hosts[0]?.fencedAt], [[remnant], now]);
    assert.equal(after.volumes.find((row) => row.id === volumeId)?.state, "kept");
    for (const wrong of [{ ...move, from: "hother0", volumeId: "vnew000" }, fence, { op: "unfenceHost" as const, id: hostId }])
      await assert.rejects(under.store.commit(after, { changes: [wrong], basis: [] }, false), ConflictError, wrong.op);
    // It comes back for one picture, and is given up a second time.
    const observed = heard(after, now).hosts.find((row) => row.id === hostId)?.observed;
    assert.ok(observed);
    await under.store.observe({ ...nothing, at: now + 5, host: { id: hostId, observed } });
    await under.store.commit(after, { changes: [{ ...fence, at: now + 60_000 }], basis: [] }, false);
    assert.equal((await under.store.load()).hosts[0]?.fencedAt, now + 60_000);
    const cleared = [
      { op: "dropRemnant" as const, nodeId, hostId },
      { op: "unfenceHost" as const, id: hostId },
    ];
    await under.store.commit(after, { changes: cleared, basis: [] }, false);
    const back = await under.store.load();
    assert.deepEqual([back.remnants, back.hosts[0]?.fencedAt], [[], null]);
  });

  check("a node leaves its host or stays, once each", async (under) => {
    const rows = await placed(under);
    const id = rows.nodes[0]?.id ?? "";
    await under.store.commit(rows, { changes: [{ op: "evictNode", id }], basis: [] }, false);
    const leaving = await under.store.load();
    assert.deepEqual(
      leaving.nodes.map((node) => node.evicting),
      [true, false, false],
    );
    await assert.rejects(under.store.commit(leaving, { changes: [{ op: "evictNode", id }], basis: [] }, false), ConflictError);
    await under.store.commit(leaving, { changes: [{ op: "stayNode", id }], basis: [] }, false);
    assert.ok((await under.store.load()).nodes.every((node) => !node.evicting));
  });

  check("a copy is nobody's until all of it is there, and a volume has one at a time", async (under) => {
    const rows = await placed(under);
    const [node, other] = rows.nodes;
    assert.ok(node && other);
    const commit = (...changes: Change[]) => under.store.commit(rows, { changes, basis: [] }, false);
    const { volumeId, hostId, name } = node;
    const copy = (id: string, copyOf: string) =>
      ({ op: "copyVolume", ...{ id, copyOf, tenantId: "tred00", hostId, name, sizeMb: 100 } }) satisfies Change;
    const move = { op: "moveNode" as const, id: node.id, from: hostId, hostId, volumeId: "vcopy00", incarnation: 2 };
    const keep = { op: "keepVolume" as const, id: volumeId, origin: "copied", at: now };
    await commit(copy("vcopy00", volumeId));
    const volume = async (id: string) => (await under.store.load()).volumes.find((row) => row.id === id);
    assert.deepEqual([(await volume("vcopy00"))?.state, (await volume("vcopy00"))?.copyOf], ["arriving", volumeId]);
    const wrong: Change[][] = [
      [copy("vcopy01", volumeId)],
      [copy("vcopy01", "vnobody")],
      [{ op: "arriveVolume", id: "vcopy00", copyOf: other.volumeId }],
      [{ op: "keepVolume", id: "vcopy00", origin: "x", at: now }],
      [{ op: "condemnCopy", id: volumeId }],
    ];
    for (const changes of wrong) await assert.rejects(commit(...changes), ConflictError, JSON.stringify(changes));
    await commit({ op: "condemnCopy", id: "vcopy00" }, copy("vcopy02", volumeId));
    assert.deepEqual([(await volume("vcopy00"))?.state, (await volume("vcopy00"))?.copyOf], ["deleting", null]);
    await commit({ op: "arriveVolume", id: "vcopy02", copyOf: volumeId }, { ...move, volumeId: "vcopy02" }, keep);
    assert.deepEqual([(await volume("vcopy02"))?.state, (await volume(volumeId))?.state], ["attached", "kept"]);
    assert.equal((await under.store.load()).nodes.find((row) => row.id === node.id)?.volumeId, "vcopy02");
  });

  check("a deletion frees the address, destroys or keeps the disk, and ends with the cluster", async (under) => {
    await placed(under);
    await under.edit("ccluster", { desired: "deleted", keepData: true, generation: 2 });
    const marked = heard(await under.store.load(), now);
    const generation = await under.store.commit(marked, plan(marked, now, ids()), true);
    let rows = await under.store.load();
    assert.deepEqual(
      rows.nodes.map((node) => node.removing),
      [true, true, true],
    );
    const gone = {
      state: "absent" as const,
      step: "done" as const,
      ip: null,
      incarnation: null,
      startedAt: null,
      services: [],
      sparkMaster: null,
      oomKills: 0,
      lastOom: null,
      usage: null,
      fault: null,
    };
    await under.store.observe({
      ...nothing,
      nodes: rows.nodes.map((node) => ({ id: node.id, observed: { id: node.id, ...gone } })),
      volumes: rows.volumes
        .filter((row) => row.state === "deleting")
        .map(({ id, sizeMb }) => ({ id, observed: { id, state: "absent", sizeMb, usedMb: null, fault: null } })),
    });
    rows = heard(await under.store.load(), now);
    const told = {
      ...rows,
      hosts: rows.hosts.map((host) => ({
        ...host,
        wantedGeneration: generation,
        toldToDelete: new Set([...rows.nodes, ...rows.volumes].map((row) => row.id)),
        observed: host.observed && { ...host.observed, generation },
      })),
    };
    await under.store.commit(told, plan(told, now, ids()), true);
    rows = await under.store.load();
    assert.deepEqual([rows.clusters, rows.nodes, rows.steps], [[], [], []]);
    assert.deepEqual(
      rows.volumes.map((row) => [row.name, row.state]),
      [["kindling-1", "kept"]],
    );
    assert.ok(rows.addresses.every((row) => row.nodeId === null && (row.freedAt === now || row.hostId !== null)));
  });

  check("what was observed is read back, and rows that are gone are passed over", async (under) => {
    const rows = await placed(under);
    const node = rows.nodes[0];
    const observed = {
      id: node?.id ?? "",
      state: "running" as const,
      step: "done" as const,
      ip: "10.35.192.2",
      incarnation: 1,
      startedAt: new Date(now).toISOString(),
      services: [],
      sparkMaster: null,
      oomKills: 0,
      lastOom: null,
      usage: null,
      fault: null,
    };
    const host = heard(rows, now).hosts[0];
    const step = {
      clusterId: "ccluster",
      attempt: 1,
      step: "network" as const,
      startedAt: now,
      endedAt: null,
      done: 1,
      of: 3,
      failed: false,
      message: "m",
    };
    await under.store.observe({
      ...nothing,
      host: host?.observed ? { id: host.id, observed: host.observed } : null,
      nodes: [
        { id: node?.id ?? "", observed },
        { id: "nnobody", observed },
      ],
      images: [{ bundle: "utility", tag: "t", state: "present", progress: null, startedAt: null, endedAt: null, sizeMb: 5, fault: null }],
      clusters: [{ id: "ccluster", phase: "starting", reason: "containers 1 of 3", since: now }],
      steps: [step, { ...step, clusterId: "cnobody" }],
      notify: ["ccluster"],
    });
    const after = await under.store.load();
    assert.deepEqual(after.nodes[0]?.observed, observed);
    assert.equal(after.nodes[0]?.observedAt, now);
    assert.equal(after.hosts[0]?.observedAt, now);
    const cluster = after.clusters[0];
    assert.deepEqual([cluster?.phase, cluster?.phaseReason, cluster?.phaseSince], ["starting", "containers 1 of 3", now]);
    assert.deepEqual(
      after.steps.filter((row) => row.step === "network"),
      [step],
    );
    await under.store.observe({ ...nothing, steps: [{ ...step, done: 3, endedAt: now + 5, message: null }] });
    await under.store.observe({ ...nothing, steps: [{ ...step, done: 1 }] });
    const [network] = (await under.store.load()).steps.filter((row) => row.step === "network");
    assert.deepEqual([network?.done, network?.endedAt], [3, now + 5], "a step that ended stays ended");
  });
}
