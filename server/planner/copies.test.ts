import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { knowsCopies } from "../../agents/protocol/copy.ts";
import type { VolumeObservation } from "../../agents/protocol/observed.ts";
import { heard } from "../reconciler/testing/heard.ts";
import { cluster, rowsWith } from "../reconciler/testing/rows.ts";
import { apply } from "./apply.ts";
import { carriages, copyWords, dropCopies } from "./copies.ts";
import { stayingOn } from "./moves.ts";
import { plan } from "./plan.ts";
import type { Snapshot } from "./snapshot.ts";

const now = Date.UTC(2026, 4, 1, 12);
const able = { understands: [knowsCopies] };

function ids(): (prefix: string) => string {
  let n = 0;
  return (prefix) => {
    n += 1;
    return `${prefix}${String(n).padStart(4, "0")}`;
  };
}
const newId = ids();
const step = (rows: Snapshot): Snapshot => apply(rows, plan(rows, now, newId).changes);

/** A cluster of `workers` workers on the first of two hosts, which is drained with /data; its nodes are told to leave, and gone from there. */
function leaving(workers = 1, facts: { understands?: string[] } = able): Snapshot {
  const rows = heard(rowsWith([cluster({ workerCount: workers })], 2), now, [able, facts]);
  const placed = step({ ...rows, hosts: rows.hosts.slice(0, 1) });
  const [first] = placed.hosts;
  assert.ok(first);
  const told = { wantedGeneration: 1, toldToDelete: new Set(placed.nodes.map((node) => node.id)) };
  const draining = {
    ...placed,
    hosts: [{ ...first, ...told, mode: "draining" as const, drainData: "copy" as const }, ...rows.hosts.slice(1)],
  };
  const evicted = step(draining);
  const gone = { state: "absent", step: "done", ip: null, incarnation: null, startedAt: null, sparkMaster: null } as const;
  const rest = { services: [], oomKills: 0, lastOom: null, usage: null, fault: null };
  return { ...evicted, nodes: evicted.nodes.map((node) => ({ ...node, observed: { id: node.id, ...gone, ...rest } })) };
}

/** As the hosts tell of a volume. */
function told(rows: Snapshot, test: (row: Snapshot["volumes"][number]) => boolean, copy: VolumeObservation["copy"]): Snapshot {
  const seen = (id: string): VolumeObservation => ({
    id,
    state: "present",
    sizeMb: 10_240,
    usedMb: null,
    fault: null,
    ...(copy ? { copy } : {}),
  });
  return { ...rows, volumes: rows.volumes.map((row) => (test(row) ? { ...row, observed: seen(row.id) } : row)) };
}

const ready = { state: "ready", doneMb: 0, ofMb: null } as const;
const waiting = { state: "waiting", doneMb: 0, ofMb: null } as const;
const complete = { state: "complete", doneMb: 10, ofMb: 10 } as const;
const copies = (rows: Snapshot) => rows.volumes.filter((row) => row.state === "arriving");

describe("a drain with /data", () => {
  it("copies two at once, and moves each node when all of its own is there", () => {
    const rows = step(leaving(3));
    assert.equal(copies(rows).length, 2);
    assert.ok(copies(rows).every((row) => row.hostId === "host1"));
    assert.deepEqual(carriages(rows), []);
    const both = told(
      told(rows, (row) => row.state === "attached", ready),
      (row) => row.state === "arriving",
      waiting,
    );
    assert.deepEqual(
      carriages(both).map(({ from, to }) => `${from} ${to}`),
      ["host0 host1", "host0 host1"],
    );
    assert.deepEqual(plan(both, now, newId).changes, [], "and waits for them");
    const [one] = copies(both);
    const moved = step(told(both, (row) => row.id === one?.id, complete));
    assert.deepEqual(
      moved.nodes.map((node) => node.hostId),
      ["host1", "host0", "host0", "host0"],
    );
    assert.deepEqual([moved.nodes[0]?.volumeId, moved.volumes.find((row) => row.id === one?.copyOf)?.state], [one?.id, "kept"]);
    assert.equal(copies(moved).length, 2, "the next one begins");
  });

  it("keeps those together whose segment has no way to other hosts", () => {
    const alone = leaving();
    const rows = step({ ...alone, segments: alone.segments.map((row) => ({ ...row, uplink: "none" as const, vlanId: null, vni: null })) });
    const [one, two] = copies(rows);
    assert.ok(one && two);
    const half = told(rows, (row) => row.id === one.id, complete);
    assert.deepEqual(plan(half, now, newId).changes, []);
    const moved = step(told(half, (row) => row.id === two.id, complete));
    assert.ok(moved.nodes.every((node) => node.hostId === "host1"));
  });

  it("gives a copy up that nobody waits for, in the commit in which its node stays", () => {
    const rows = step(leaving());
    const stays = step({ ...rows, hosts: rows.hosts.map((host) => ({ ...host, mode: "active" as const, drainData: null })) });
    assert.deepEqual(
      [copies(stays), stays.nodes.map((node) => [node.hostId, node.evicting])],
      [
        [],
        [
          ["host0", false],
          ["host0", false],
        ],
      ],
    );
    assert.equal(stays.volumes.filter((row) => row.state === "deleting" && row.hostId === "host1").length, 2);
    assert.deepEqual(dropCopies(rows), []);
    const without = { ...rows, hosts: rows.hosts.map((host, at) => (at === 1 ? { ...host, mode: "draining" as const } : host)) };
    assert.equal(dropCopies(without).length, 2);
  });

  it("takes what came whole from a host that is then given up, and nothing of what did not", () => {
    const rows = step(leaving());
    const [one, two] = copies(rows);
    assert.ok(one && two);
    const lost = { ...rows, hosts: rows.hosts.map((host, at) => (at === 0 ? { ...host, observedAt: now - 60_000, fencedAt: now } : host)) };
    const moved = step(told(lost, (row) => row.id === one.id, complete));
    assert.ok(moved.nodes.every((node) => node.hostId === "host1"));
    assert.equal(moved.nodes[0]?.volumeId, one.id);
    assert.equal(moved.volumes.find((row) => row.id === two.id)?.state, "deleting");
  });

  it("asks for cards on the host where the copy is as for a new node's", () => {
    const rows = step(leaving(0));
    assert.equal(copies(rows).length, 1);
    const gpus = rows.nodes.map((node) => ({ hostId: node.hostId, card: "GPU-5c6f8f1c-0d1e-4a2b-9c3d-112233445566", nodeId: node.id }));
    const said = step({ ...rows, gpus }).clusters[0]?.refusal?.message;
    assert.match(said ?? "", /waits for another host: needs 1 GPU on one host; host-2 has none$/);
  });

  it("says how far it is, and why a node stays", () => {
    const rows = step(leaving());
    const node = rows.nodes[0];
    const words = (copy: VolumeObservation["copy"]) =>
      node &&
      copyWords(
        told(rows, (row) => row.copyOf === node.volumeId, copy),
        node,
      );
    assert.equal(words(waiting), "its /data is being copied from host-1 to host-2");
    const receiving = { state: "receiving" as const, doneMb: 3175, ofMb: 8192 };
    assert.equal(words(receiving), "its /data is being copied from host-1 to host-2: 3.1 GB of 8 GB");
    const older = leaving(1, {});
    assert.ok(older.nodes.every((row) => !row.evicting));
    const [said] = older.hosts.slice(0, 1).flatMap((host) => stayingOn(older, host, now));
    assert.match(said?.refusal.message ?? "", /the agent of host-2 is older than copies \(install it again\)/);
  });
});
