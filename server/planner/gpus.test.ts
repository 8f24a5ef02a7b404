import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cardsToGive } from "../../agents/protocol/gpu.ts";
import type { NodeObservation } from "../../agents/protocol/observed.ts";
import { cardsFor, heard } from "../reconciler/testing/heard.ts";
import { cluster, flavor, rowsWith } from "../reconciler/testing/rows.ts";
import { apply, ConflictError } from "./apply.ts";
import { nodeStates } from "./phase.ts";
import { plan } from "./plan.ts";
import { gpusOfNode } from "./rows.ts";
import type { ClusterRow, Snapshot } from "./snapshot.ts";

const start = Date.UTC(2026, 4, 1, 12);
const having = (host: number, n: number) => ({ nvidia: { toolkit: true, cards: cardsFor(host, n) } });
const flavors = [flavor("plain", 1, 2048, 0), flavor("card", 1, 2048, 1, 1), flavor("pair", 1, 2048, 2, 2)];

function site(cards: readonly number[], clusters: readonly ClusterRow[]): Snapshot {
  const rows = heard(
    rowsWith(clusters, cards.length),
    start,
    cards.map((n, host) => having(host, n)),
  );
  return { ...rows, flavors: [...rows.flavors, ...flavors] };
}

let serial = 0;
const newId = (prefix: string): string => {
  serial += 1;
  return `${prefix}${serial}`;
};
const planned = (rows: Snapshot, now: number): Snapshot => apply(rows, plan(rows, now, newId).changes);

const absent: Omit<NodeObservation, "id"> = {
  ...{ state: "absent", step: "done", ip: null, incarnation: null, startedAt: null, services: [], sparkMaster: null },
  ...{ oomKills: 0, lastOom: null, usage: null, fault: null },
};

/** Every host did what it was told: what was to go is gone. */
const obeyed = (rows: Snapshot, now: number): Snapshot => {
  const gone = rows.nodes.filter((node) => node.removing || node.evicting).map(({ id }) => id);
  const volumes = rows.volumes.filter((row) => row.state === "deleting").map(({ id }) => id);
  return {
    ...rows,
    hosts: rows.hosts.map((host) => ({
      ...host,
      observedAt: now,
      wantedGeneration: 0,
      toldToDelete: new Set([...gone, ...volumes]),
      absent: new Set([...gone, ...rows.remnants.map((row) => row.nodeId)]),
    })),
    nodes: rows.nodes.map((node) => (gone.includes(node.id) ? { ...node, observed: { id: node.id, ...absent } } : node)),
    volumes: rows.volumes.map((row) =>
      volumes.includes(row.id) ? { ...row, observed: { id: row.id, state: "absent", sizeMb: row.sizeMb, usedMb: null, fault: null } } : row,
    ),
  };
};

const wantedOf = (rows: Snapshot, { clusterId, role }: Snapshot["nodes"][number]): number => {
  const row = rows.clusters.find(({ id }) => id === clusterId);
  const id = role === "master" ? row?.masterFlavorId : row?.workerFlavorId;
  return rows.flavors.find((one) => one.id === id)?.gpus ?? 0;
};

/** No card twice, each of the host that its node is on, and as many as the flavor says. */
function check(rows: Snapshot): void {
  const keys = rows.gpus.map(({ hostId, card }) => `${hostId} ${card}`);
  assert.equal(new Set(keys).size, keys.length, "a card twice");
  for (const { hostId, card, nodeId } of rows.gpus) {
    const host = rows.hosts.find(({ id }) => id === hostId);
    assert.equal(rows.nodes.find(({ id }) => id === nodeId)?.hostId, hostId);
    assert.ok(cardsToGive(host?.observed?.facts).includes(card), `${card} is not a card of ${hostId}`);
  }
  for (const node of rows.nodes) assert.equal(gpusOfNode(rows, node.id).length, wantedOf(rows, node), node.name);
}

const wish = fc.record({ master: fc.constantFrom(...flavors), worker: fc.constantFrom(...flavors), workers: fc.nat(3) });
const doing = fc.oneof(
  fc.record({ do: fc.constantFrom("stop" as const, "start" as const, "delete" as const, "shrink" as const), which: fc.nat(4) }),
  fc.record({ do: fc.constantFrom("drain" as const, "lose" as const, "back" as const), which: fc.nat(2) }),
);

test("no card ever belongs to two nodes, or to one of another host, whatever people do and hosts suffer", () => {
  let [moved, given] = [0, 0];
  fc.assert(
    fc.property(
      fc.array(fc.nat(4), { minLength: 1, maxLength: 3 }),
      fc.array(wish, { minLength: 1, maxLength: 5 }),
      fc.array(doing, { maxLength: 12 }),
      (cards, wishes, doings) => {
        const clusters = wishes.map(({ master, worker, workers }, index) =>
          cluster({
            ...{ id: `ccluster${index}`, name: `c${index}`, attemptAt: start + index },
            ...{ masterFlavorId: master.id, workerFlavorId: worker.id, workerCount: workers },
          }),
        );
        let now = start;
        let rows = planned(site(cards, clusters), now);
        check(rows);
        for (const { do: what, which } of doings) {
          now += 5_000;
          const edit = (change: (row: ClusterRow) => Partial<ClusterRow>): void => {
            rows = {
              ...rows,
              clusters: rows.clusters.map((row) =>
                row.id === `ccluster${which}` && row.desired !== "deleted" ? { ...row, ...change(row) } : row,
              ),
            };
          };
          const turn = (change: Partial<Snapshot["hosts"][number]>): void => {
            rows = { ...rows, hosts: rows.hosts.map((row, index) => (index === which ? { ...row, ...change } : row)) };
          };
          if (what === "stop") edit(() => ({ desired: "stopped" }));
          if (what === "start") edit((row) => (row.desired === "running" ? {} : { desired: "running", attempt: row.attempt + 1 }));
          if (what === "delete") edit(() => ({ desired: "deleted" }));
          if (what === "shrink") edit(({ workerCount }) => ({ workerCount: Math.max(0, workerCount - 1) }));
          if (what === "drain") turn({ mode: "draining", drainData: "keep" });
          if (what === "lose") turn({ fencedAt: now, observedAt: now - 1 });
          if (what === "back") turn({ mode: "active", drainData: null });
          const before = new Map(rows.nodes.map((node) => [node.id, node.hostId]));
          // Nothing is gone before its host has shown it.
          rows = planned(rows, now);
          check(rows);
          if (what !== "lose") rows = obeyed(rows, now);
          for (let round = 0; round < 3; round += 1) {
            rows = planned(rows, now);
            check(rows);
          }
          given += rows.gpus.length;
          moved += rows.gpus.filter(({ nodeId, hostId }) => before.has(nodeId) && before.get(nodeId) !== hostId).length;
        }
      },
    ),
    { numRuns: 150, seed: 7 },
  );
  assert.ok(given > 500 && moved > 10, `${given} cards were given, ${moved} nodes with cards moved`);
});

test("a card is free again when its host has shown the node gone, not before; on a lost host when that is given up", () => {
  const rows = planned(site([2, 2], [cluster({ masterFlavorId: "fpair", workerCount: 0 })]), start);
  const doomed = planned({ ...rows, clusters: rows.clusters.map((row) => ({ ...row, desired: "deleted" as const })) }, start);
  assert.equal(doomed.gpus.length, 2);
  assert.deepEqual(planned(obeyed(doomed, start), start).gpus, []);

  const [node] = rows.nodes;
  const other = node?.hostId === "host0" ? "host1" : "host0";
  const lose = (change: object): Snapshot => ({
    ...rows,
    hosts: rows.hosts.map((host) => (host.id === node?.hostId ? { ...host, ...change } : host)),
  });
  assert.deepEqual(planned(lose({ observedAt: start - 60_000 }), start).gpus, rows.gpus);
  const moved = planned(lose({ fencedAt: start, observedAt: start - 1 }), start);
  assert.deepEqual(
    moved.gpus.map(({ hostId, nodeId }) => [hostId, nodeId]),
    [
      [other, node?.id],
      [other, node?.id],
    ],
  );
  assert.equal(moved.remnants.length, 1);
});

test("the rows refuse a card that is in use, one of another host, and a node that goes with its cards", () => {
  const rows = planned(site([2, 2], [cluster({ masterFlavorId: "fcard", workerFlavorId: "fplain", workerCount: 1 })]), start);
  const [taken] = rows.gpus;
  const worker = rows.nodes.find((node) => node.role === "worker");
  assert.ok(taken && worker);
  const refused = (...changes: Parameters<typeof apply>[1]) => assert.throws(() => apply(rows, changes), ConflictError);
  refused({ op: "takeGpu", ...taken, nodeId: worker.id });
  const elsewhere = worker.hostId === "host0" ? "host1" : "host0";
  refused({ op: "takeGpu", hostId: elsewhere, card: cardsFor(5, 1)[0]?.id ?? "", nodeId: worker.id });
  refused({ op: "freeGpu", ...taken, nodeId: worker.id });
  refused(
    { op: "removeNode", id: taken.nodeId },
    { op: "freeAddress", ip: rows.addresses.find((row) => row.nodeId === taken.nodeId)?.ip ?? "", nodeId: taken.nodeId, at: start },
    { op: "dropNode", id: taken.nodeId },
  );
});

/** A host with these cards of its own, heard just now, that has carried out all it was told. */
const showing = (rows: Snapshot, cards: readonly number[], now: number, more: object = {}): Snapshot => ({
  ...rows,
  hosts: rows.hosts.map((host) => {
    const all = cardsFor(0, 9);
    const nvidia = { toolkit: true, cards: cards.map((n) => all[n]!), ...more };
    return {
      ...host,
      observedAt: now,
      wantedGeneration: 1,
      observed: host.observed && { ...host.observed, facts: { ...host.observed.facts, nvidia } },
    };
  }),
});
const card = (n: number): string => cardsFor(0, 9)[n]!.id;
const seen = (rows: Snapshot, state: NodeObservation["state"]): Snapshot => ({
  ...rows,
  nodes: rows.nodes.map((node) => ({ ...node, observed: { id: node.id, ...absent, state } })),
});
const wanting = (rows: Snapshot, desired: ClusterRow["desired"]): Snapshot => ({
  ...rows,
  clusters: rows.clusters.map((row) => ({ ...row, desired, attempt: desired === "running" ? row.attempt + 1 : row.attempt })),
});
const cardsOf = (rows: Snapshot): string[] => rows.gpus.map((row) => row.card);
const alone = cluster({ masterFlavorId: "fcard", workerCount: 0 });

test("a card that its host shows no more is replaced by a free one once the node does not run", () => {
  const rows = planned(site([2], [alone]), start);
  assert.deepEqual(cardsOf(rows), [card(0)]);
  const replaced = (state: NodeObservation["state"], now = start): Snapshot => showing(seen(rows, state), [1, 2], now);
  assert.deepEqual(cardsOf(planned(replaced("running"), start)), [card(0)], "not under a node that runs");
  for (const state of ["stopped", "exited", "absent", "creating", "pending"] as const)
    assert.deepEqual(cardsOf(planned(replaced(state), start)), [card(1)], state);
  assert.deepEqual(cardsOf(planned(wanting(replaced("stopped"), "stopped"), start)), [card(1)]);
  // Facts that are old, of a host that has not heard everything, or whose driver may yet show the card, are no reason.
  assert.deepEqual(cardsOf(planned(replaced("exited", start - 60_000), start)), [card(0)]);
  assert.deepEqual(cardsOf(planned(showing(seen(rows, "exited"), [1], start, { asleep: 1 }), start)), [card(0)]);
  const behind = replaced("exited");
  const told = { ...behind, hosts: behind.hosts.map((host) => ({ ...host, wantedGeneration: 9 })) };
  assert.deepEqual(cardsOf(planned(told, start)), [card(0)]);
  // Nothing to take: it keeps the name of its own, which may come back.
  assert.deepEqual(cardsOf(planned(showing(seen(rows, "exited"), [], start), start)), [card(0)]);
});

test("where there is no other card, Start waits and says which host lacks how many, and what to do", () => {
  const rows = wanting(planned(site([1], [alone]), start), "stopped");
  const lacking = planned(wanting(showing(seen(rows, "stopped"), [], start), "running"), start);
  assert.equal(
    lacking.clusters[0]?.refusal?.message,
    "needs 1 GPU on host-1 in place of what that does not show any more; host-1 has none. Put the card back or start its driver, delete a cluster that has GPUs there, or let a site administrator drain host-1, so that its nodes get others elsewhere",
  );
  assert.equal(planned(showing(lacking, [0], start), start).clusters[0]?.refusal, null, "it came back");
  const other = planned(showing(lacking, [3], start), start);
  assert.deepEqual([other.clusters[0]?.refusal, cardsOf(other)], [null, [card(3)]]);
});

test("a node that runs without its card says so, and one that waits for another one, too", () => {
  const rows = planned(site([2], [alone]), start);
  const [own] = rows.clusters;
  const said = (seenRows: Snapshot) => {
    const [node] = nodeStates(seenRows, own!, start);
    return `${node?.state.phase}: ${node?.state.reason}`;
  };
  assert.doesNotMatch(said(showing(seen(rows, "running"), [0, 1], start)), /GPU/);
  assert.equal(
    said(showing(seen(rows, "running"), [1], start)),
    "degraded: host-1 does not show its GPU GPU-00000001 any more: programs cannot compute there; stopped and started, it gets another one, if host-1 has free ones",
  );
  assert.match(
    said(showing(seen(rows, "exited"), [], start)),
    /^degraded: host-1 does not show its GPU GPU-00000001 any more and has no other free: /,
  );
  assert.match(said(showing(seen(rows, "exited"), [1], start)), /any more; it gets another one$/);
  assert.match(said(showing(seen(rows, "exited"), [1], start, { asleep: 1 })), /run nvidia-persistenced on it$/);
});

test("a card that a container from before still has is nobody's to get, and the refusal says when", () => {
  const held = (rows: Snapshot, ...cards: string[]): Snapshot => ({
    ...rows,
    hosts: rows.hosts.map((host) => ({ ...host, observed: host.observed && { ...host.observed, heldCards: cards } })),
  });
  const fresh = site([2], [alone]);
  assert.deepEqual(cardsOf(planned(held(fresh, card(0)), start)), [card(1)]);
  const none = planned(held(fresh, card(0), card(1)), start);
  assert.equal(
    none.clusters[0]?.refusal?.message,
    "needs 1 GPU on one host; host-1 has 0 free (2 more when the containers from before that use them have gone)",
  );
  assert.deepEqual(cardsOf(planned(held(none), start)), [card(0)]);
  // Its own container is no other.
  const rows = planned(fresh, start);
  assert.deepEqual(planned(held(rows, ...cardsOf(rows)), start).gpus, rows.gpus);
});

test("a host that names one card twice has it once, and keeps nobody else from being placed", () => {
  const rows = site(
    [1, 0],
    [cluster({ id: "cpair0", masterFlavorId: "fpair", workerCount: 0 }), cluster({ id: "cother0", name: "other", workerCount: 0 })],
  );
  const twice = {
    ...rows,
    hosts: rows.hosts.map((host) => {
      const { observed } = host;
      const nvidia = observed?.facts.nvidia;
      if (!nvidia) return host;
      const cards = [...nvidia.cards, ...nvidia.cards];
      return { ...host, observed: { ...observed, facts: { ...observed.facts, nvidia: { ...nvidia, cards } } } };
    }),
  };
  const after = planned(twice, start);
  assert.equal(after.gpus.length, 0);
  assert.match(after.clusters[0]?.refusal?.message ?? "", /^needs 2 GPUs on one host; host-1 has 1 free/);
  assert.deepEqual(
    after.nodes.map((node) => node.clusterId),
    ["cother0"],
  );
});
