import assert from "node:assert/strict";
import { test } from "node:test";
import type { Plan } from "../../planner/changes.ts";
import { plan } from "../../planner/plan.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { cardsFor } from "../testing/heard.ts";
import { run } from "./run.ts";

type Planner = typeof plan;

/** Lives until one goes wrong in these words; gives what went wrong before and then. @param every only each so-manyth: cards are in every fourth */
async function search(planner: Planner, words: RegExp, seeds = 600, every = 1): Promise<{ caught: boolean; others: string[] }> {
  const others: string[] = [];
  for (let seed = every; seed <= seeds; seed += every) {
    const { violation } = await run({ seed, plan: planner, events: 300 });
    if (violation && words.test(violation)) return { caught: true, others };
    if (violation) others.push(violation);
  }
  return { caught: false, others };
}

const without = (op: string): Planner => {
  return (...input) => {
    const real = plan(...input);
    return { ...real, changes: real.changes.filter((change) => change.op !== op) } satisfies Plan;
  };
};

/** A card is freed without a node that goes, only to take another in its place. */
const withoutReplacing: Planner = (snapshot, now, newId) => {
  const real = plan(snapshot, now, newId);
  const leaves = new Set(real.changes.flatMap((change) => (change.op === "moveNode" || change.op === "dropNode" ? [change.id] : [])));
  const added = new Set(real.changes.flatMap((change) => (change.op === "addNode" ? [change.node.id] : [])));
  return {
    ...real,
    changes: real.changes.filter(
      (change) => !((change.op === "freeGpu" || change.op === "takeGpu") && !leaves.has(change.nodeId) && !added.has(change.nodeId)),
    ),
  };
};

const seeing =
  (change: (snapshot: Snapshot) => Snapshot): Planner =>
  (snapshot, now, newId) =>
    plan(change(snapshot), now, newId);

test("forty lives of an installation break nothing", async () => {
  assert.deepEqual(await search(plan, /./, 40), { caught: false, others: [] });
});

test("a seed repeats its history", async () => {
  const [a, b, other] = [await run({ seed: 7 }), await run({ seed: 7 }), await run({ seed: 8 })];
  assert.deepEqual(a.history, b.history);
  assert.notDeepEqual(a.history, other.history);
});

/** Every host has just shown that this is absent, and was told to delete it. */
const asIfGone = (rows: Snapshot, ids: readonly string[]): Snapshot => ({
  ...rows,
  hosts: rows.hosts.map((host) => ({
    ...host,
    wantedGeneration: 0,
    toldToDelete: new Set([...host.toldToDelete, ...ids]),
    absent: new Set([...host.absent, ...ids]),
    observed: host.observed && {
      ...host.observed,
      segments: [
        ...host.observed.segments.filter((row) => !ids.includes(row.id)),
        ...ids.map((id) => ({ id, state: "absent" as const, fault: null })),
      ],
    },
  })),
  nodes: rows.nodes.map((node) =>
    ids.includes(node.id) && node.observed ? { ...node, observed: { ...node.observed, state: "absent" as const } } : node,
  ),
});

const broken: readonly (readonly [string, Planner, RegExp, every?: number])[] = [
  ["forgets to free an address", without("freeAddress"), /still has its address/],
  ["forgets to free a card", without("freeGpu"), /still has cards/, 4],
  ["forgets to give a card", without("takeGpu"), /cards of [12]/, 4],
  [
    "gives cards that the host does not have",
    seeing((rows) => ({
      ...rows,
      hosts: rows.hosts.map((host, index) => ({
        ...host,
        observed: host.observed && {
          ...host.observed,
          facts: { ...host.observed.facts, nvidia: { toolkit: true, cards: cardsFor(index + 10, 4) } },
        },
      })),
    })),
    /has no card/,
    4,
  ],
  [
    "does not look whether a container from before still has a card",
    seeing((rows) => ({
      ...rows,
      hosts: rows.hosts.map((host) => ({ ...host, observed: host.observed && { ...host.observed, heldCards: [] } })),
    })),
    /still has|which is|have one card/,
    4,
  ],
  ["gives no card in the place of one that is gone", withoutReplacing, /gets no card of/, 4],
  ["forgets to let a cluster go", without("dropCluster"), /never deleted/],
  ["forgets to destroy a disk", without("condemnVolume"), /is kept, although/],
  [
    "believes an old picture that a node is absent",
    seeing((rows) => ({ ...rows, hosts: rows.hosts.map((host) => ({ ...host, wantedGeneration: 0 })) })),
    /leaked|forgotten|is left|address/,
  ],
  [
    "destroys what was to be kept",
    seeing((rows) => ({ ...rows, clusters: rows.clusters.map((row) => ({ ...row, keepData: false })) })),
    /without anybody's word/,
  ],
  [
    "gives an address that did not rest",
    seeing((rows) => ({ ...rows, installation: { ...rows.installation, addressRestSeconds: 0 } })),
    /did not rest/,
  ],
  ["forgets what a lost host still runs", without("addRemnant"), /leaked|two containers|comes after/],
  [
    "moves a node before its host has shown it absent",
    seeing((rows) =>
      asIfGone(
        rows,
        rows.nodes.filter((node) => node.evicting).map((node) => node.id),
      ),
    ),
    /leaked|two containers|comes after/,
  ],
  [
    "takes a copy that is still on its way for whole",
    seeing((rows) => ({
      ...rows,
      volumes: rows.volumes.map((row) =>
        row.state === "arriving" && row.observed?.copy
          ? { ...row, observed: { ...row.observed, copy: { ...row.observed.copy, state: "complete" as const } } }
          : row,
      ),
    })),
    /is in use and not there|is no copy of/,
  ],
  [
    "gives up by the clock a host that has no lease",
    seeing((rows) => ({
      ...rows,
      installation: { ...rows.installation, moveAfterSeconds: rows.installation.moveAfterSeconds ?? 60 },
      hosts: rows.hosts.map((host) => ({ ...host, observed: host.observed && { ...host.observed, leaseSeconds: 10 } })),
    })),
    /two containers/,
  ],
  [
    "moves the nodes of whoever is silent, without anybody's word",
    (rows, now, newId) => {
      const hosts = rows.hosts.map((host) => ({ ...host, fencedAt: now - (host.observedAt ?? now) > 15_000 ? now : host.fencedAt }));
      const real = plan({ ...rows, hosts }, now, newId);
      return { ...real, changes: real.changes.filter((change) => change.op !== "unfenceHost") };
    },
    /two containers/,
  ],
  [
    "believes a host clean that still runs what moved",
    seeing((rows) =>
      asIfGone(
        rows,
        rows.remnants.map((row) => row.nodeId),
      ),
    ),
    /leaked|two containers|comes after/,
  ],
  [
    "gives a host's address away before its network is down",
    seeing((rows) =>
      asIfGone(
        rows,
        rows.segments.map((row) => row.id),
      ),
    ),
    /which is not its own|two hosts/,
  ],
  [
    "promises memory that is not there",
    seeing((rows) => ({ ...rows, hosts: rows.hosts.map((host) => ({ ...host, reservedMemoryMb: -8_000 })) })),
    /MB of nodes/,
  ],
];

for (const [what, planner, words, every] of broken)
  test(`a planner that ${what} is caught`, async () => {
    const { caught, others } = await search(planner, words, 600, every);
    assert.ok(caught, `nothing of the kind among ${JSON.stringify(others.slice(0, 3))}`);
  });
