import type { HostObservation } from "../../../agents/protocol/observed.ts";
import { settleHost } from "../../hosts/fake/converge.ts";
import { accept, type FakeHost, makeFakeHost } from "../../hosts/fake/host.ts";
import { picture } from "../../hosts/fake/picture.ts";
import { nodesOfCluster } from "../../planner/rows.ts";
import type { ClusterRow, Snapshot } from "../../planner/snapshot.ts";
import { makeCore } from "../core.ts";
import { memoryStore } from "../store/memory.ts";
import { largeSite, perTenant } from "../testing/large.ts";
import { cluster } from "../testing/rows.ts";
import { checkAlways, checkConverged } from "./invariants.ts";

/** What one size of site costs. Milliseconds are the platform's own: planner and reconciler, without hosts and database. */
export interface Scale {
  readonly hosts: number;
  readonly clusters: number;
  readonly nodes: number;
  /** Changes that were measured; fewer on a large site. */
  readonly turns: number;
  /** Median and 95th of so many for creating one more cluster until it is ready, and for deleting it until nothing is left. */
  readonly createMs: readonly [number, number];
  readonly deleteMs: readonly [number, number];
  /** The plan of a site that needs nothing. */
  readonly restMs: number;
  /** Taking in a picture that tells nothing new. */
  readonly heartbeatMs: number;
  /** Hosts that a change had to be told to, on average. */
  readonly told: number;
  readonly seconds: number;
}

const start = Date.UTC(2026, 0, 1);
const workers = 2;
/** Fills a site of this size, then measures changes on it. @throws Violation when something is wrong afterwards */
export async function scale(hostCount: number, clusterCount: number, say: (line: string) => void): Promise<Scale> {
  const began = performance.now();
  let clock = start;
  let ids = 0;
  let elsewhere = 0;
  const now = (): number => clock;
  const store = memoryStore(largeSite(hostCount, clusterCount + 1));
  const busy = new Set<FakeHost>();
  const byId = new Map<string, FakeHost>();
  const peers = (id: string): FakeHost[] =>
    [...new Set(nodesOfCluster(store.rows(), id).map((node) => node.hostId))].flatMap((hostId) => byId.get(hostId) ?? []);
  const facts = { memoryMb: 262_144, cpus: 32, diskFreeMb: 4_000_000, diskTotalMb: 4_000_000 };
  const hosts = store.rows().hosts.map(({ id }) => makeFakeHost({ id, installation: "isite", now, facts, peers }));
  for (const host of hosts) byId.set(host.id, host);
  let told = 0;
  const core = makeCore({
    store,
    now,
    newId: (prefix) => `${prefix}${String(++ids).padStart(7, "0")}`,
    site: { origin: (endpoint, id) => `http://${endpoint}-${id}.localhost` },
    log: () => undefined,
    apply: async (spec) => {
      const from = performance.now();
      const host = byId.get(spec.host);
      if (!host) throw new Error(`no host ${spec.host}`);
      const generation = accept(host, spec);
      busy.add(host);
      told += 1;
      elsewhere += performance.now() - from;
      return generation;
    },
  });
  const show = async (host: FakeHost, first = false): Promise<void> => {
    const from = performance.now();
    const seen: HostObservation = picture(host);
    elsewhere += performance.now() - from;
    await core.observe(seen, first);
  };
  /** One change of people's, until everything it needs is done. Gives the platform's own milliseconds. */
  const change = async (edit: (rows: Snapshot) => Snapshot): Promise<number> => {
    clock += 100;
    store.edit(edit);
    const from = performance.now();
    elsewhere = 0;
    busy.clear();
    await core.reconcile();
    for (let round = 0; round < 6; round += 1) {
      for (const id of core.pending()) await core.push(id);
      const at = performance.now();
      for (const host of busy) settleHost(host);
      elsewhere += performance.now() - at;
      for (const host of busy) await show(host);
      if (core.pending().length === 0) break;
    }
    return performance.now() - from - elsewhere;
  };
  const add = (row: ClusterRow) => (rows: Snapshot) => ({ ...rows, clusters: [...rows.clusters, row] });
  const newCluster = (index: number): ClusterRow =>
    cluster({ id: `c${index}`, name: `c${index}`, tenantId: `t${Math.floor(index / perTenant)}`, workerCount: workers, attemptAt: clock });

  await core.reconcile();
  for (const host of hosts) await show(host, true);
  for (const id of core.pending()) await core.push(id);
  for (const host of hosts) settleHost(host);
  for (const host of hosts) await show(host);
  // A tenant's clusters come together; single ones are what is measured afterwards.
  for (let index = 0; index < clusterCount; index += perTenant) {
    const batch = Array.from({ length: Math.min(perTenant, clusterCount - index) }, (_, offset) => newCluster(index + offset));
    await change((rows) => ({ ...rows, clusters: [...rows.clusters, ...batch] }));
    if (index % 500 === 0) for (const host of hosts) await show(host);
    if (index > 0 && index % 1000 === 0) say(`${index} clusters placed`);
  }
  const measured = { create: [] as number[], delete: [] as number[] };
  told = 0;
  const turns = hostCount > 300 ? 40 : 100;
  say(`${clusterCount} clusters placed; ${turns} more come and go`);
  for (let turn = 0; turn < turns; turn += 1) {
    const row = newCluster(clusterCount);
    measured.create.push(await change(add(row)));
    measured.delete.push(
      await change((rows) => ({
        ...rows,
        clusters: rows.clusters.map((one) =>
          one.id === row.id ? { ...one, desired: "deleted" as const, generation: one.generation + 1 } : one,
        ),
      })),
    );
    // Until what was freed may be had again, with every host speaking: none is taken for silent.
    for (let pause = 0; pause < 7; pause += 1) {
      clock += 10_000;
      for (const host of hosts) await show(host);
    }
  }
  say("at rest");
  const rest = await timed(20, () => core.reconcile());
  const heartbeat = await timed(200, () => show(hosts[0] as FakeHost));
  say("what must always hold, and hold at rest");
  const rows = store.rows();
  checkAlways(
    rows,
    rows,
    hosts,
    { tenants: new Set(), copies: new Set(), condemned: new Set(hosts.flatMap((host) => host.disk.destroyed)) },
    clock,
  );
  checkConverged(rows, hosts, { copies: new Set(), condemned: new Set(), tenants: new Set() });
  return {
    hosts: hostCount,
    clusters: clusterCount,
    nodes: rows.nodes.length,
    turns,
    createMs: spread(measured.create),
    deleteMs: spread(measured.delete),
    restMs: rest,
    heartbeatMs: heartbeat,
    told: told / (2 * turns),
    seconds: (performance.now() - began) / 1000,
  };
}

async function timed(times: number, work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  for (let turn = 0; turn < times; turn += 1) await work();
  return (performance.now() - from) / times;
}

function spread(values: readonly number[]): [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted[Math.floor(sorted.length * 0.95)] ?? 0];
}
