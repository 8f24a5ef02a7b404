import type { FakeHost } from "../../hosts/fake/host.ts";
import { lost } from "../../planner/confirm.ts";
import { leastMoveAfterSeconds } from "../../planner/moves.ts";
import { silentAfterMs } from "../../planner/silence.ts";
import type { ClusterRow, Snapshot } from "../../planner/snapshot.ts";
import type { MemoryStore } from "../store/memory.ts";
import type { Random } from "./random.ts";

/** What people did, as far as it gives leave to destroy data. */
export interface Words {
  /** Copies that were on their way: nobody's data yet. */
  readonly copies: Set<string>;
  /** Volumes that somebody asked to destroy. */
  readonly condemned: Set<string>;
  /** Tenants that somebody deleted, with every volume that they have or come to have. */
  readonly tenants: Set<string>;
}

export interface People {
  readonly hosts: readonly FakeHost[];
  readonly store: MemoryStore;
  readonly random: Random;
  readonly now: () => number;
  readonly newId: (prefix: string) => string;
  readonly words: Words;
  /** Tenants are deleted in this life; most keep theirs, because less happens with fewer. */
  readonly tenantsGo: boolean;
  /** Hosts are drained all the time in this life. */
  readonly drains: boolean;
}

type Act = (people: People) => string | null;

function edit(people: People, cluster: ClusterRow, change: Partial<ClusterRow>): void {
  people.store.edit((rows) => ({
    ...rows,
    clusters: rows.clusters.map((row) => (row.id === cluster.id ? { ...row, ...change, generation: row.generation + 1 } : row)),
  }));
}

function some(people: People, test: (row: ClusterRow) => boolean): ClusterRow | undefined {
  return people.random.pick(people.store.rows().clusters.filter(test));
}

function freeKept(rows: Snapshot, tenantId: string): string[] {
  const claimed = new Set(rows.clusters.map((row) => row.dataVolumeId));
  return rows.volumes.filter((row) => row.state === "kept" && row.tenantId === tenantId && !claimed.has(row.id)).map((row) => row.id);
}

const create: Act = (people) => {
  const { store, random, now, newId } = people;
  const rows = store.rows();
  if (rows.clusters.length >= 6) return null;
  const id = newId("c");
  const tenantId = random.pick(rows.tenants.filter((tenant) => tenant.state === "active"))?.id ?? "";
  const flavors = rows.flavors.filter((row) => row.slug !== "retired");
  const cluster: ClusterRow = {
    id,
    tenantId,
    name: id,
    distributionId: random.oneIn(4) ? "utility" : "spark-3-5-jupyter",
    masterFlavorId: random.pick(flavors)?.id ?? "",
    workerFlavorId: random.pick(flavors)?.id ?? "",
    workerCount: random.below(5),
    desired: "running",
    keepData: false,
    dataVolumeId: random.oneIn(2) ? (random.pick(freeKept(rows, tenantId)) ?? null) : null,
    segmentId: null,
    capabilitySet: "default",
    generation: 1,
    attempt: 1,
    attemptAt: now(),
    secrets: { sparkAuth: "s", jupyterToken: "j" },
    refusal: null,
    phase: "queued",
    phaseReason: null,
    phaseSince: now(),
  };
  store.edit((before) => ({ ...before, clusters: [...before.clusters, cluster] }));
  return `create ${id} with ${cluster.workerCount} workers${cluster.dataVolumeId ? ` on ${cluster.dataVolumeId}` : ""}`;
};

const resize: Act = (people) => {
  const cluster = some(people, (row) => row.desired !== "deleted");
  if (!cluster) return null;
  const workerCount = people.random.below(5);
  const workers = people.store
    .rows()
    .nodes.filter((node) => node.clusterId === cluster.id && node.role === "worker" && !node.removing)
    .sort((a, b) => a.number - b.number);
  for (const node of workers.slice(workerCount)) people.words.condemned.add(node.volumeId);
  // Whoever thinks better of it before anything was done loses nothing.
  for (const node of workers.slice(0, workerCount)) people.words.condemned.delete(node.volumeId);
  edit(people, cluster, { workerCount });
  return `resize ${cluster.id} from ${cluster.workerCount} to ${workerCount}`;
};

const stop: Act = (people) => {
  const cluster = some(people, (row) => row.desired === "running");
  if (!cluster) return null;
  edit(people, cluster, { desired: "stopped" });
  return `stop ${cluster.id}`;
};

const start: Act = (people) => {
  const cluster = some(people, (row) => row.desired === "stopped");
  if (!cluster) return null;
  edit(people, cluster, { desired: "running", attempt: cluster.attempt + 1, attemptAt: people.now() });
  return `start ${cluster.id}`;
};

const retry: Act = (people) => {
  const cluster = some(people, (row) => row.desired === "running");
  if (!cluster) return null;
  edit(people, cluster, { attempt: cluster.attempt + 1, attemptAt: people.now() });
  people.store.edit((rows) => ({
    ...rows,
    nodes: rows.nodes.map((node) => (node.clusterId === cluster.id ? { ...node, incarnation: node.incarnation + 1 } : node)),
  }));
  return `retry ${cluster.id}`;
};

const remove: Act = (people) => {
  const cluster = some(people, (row) => row.desired !== "deleted");
  if (!cluster) return null;
  const keepData = people.random.oneIn(2);
  for (const node of people.store.rows().nodes)
    if (node.clusterId === cluster.id && (!keepData || node.role !== "master")) people.words.condemned.add(node.volumeId);
  edit(people, cluster, { desired: "deleted", keepData });
  return `delete ${cluster.id}${keepData ? ", keeping its data" : ""}`;
};

const destroy: Act = (people) => {
  const rows = people.store.rows();
  const id = people.random.pick(rows.tenants.flatMap((tenant) => freeKept(rows, tenant.id)));
  if (!id) return null;
  people.words.condemned.add(id);
  people.store.edit((before) => ({
    ...before,
    volumes: before.volumes.map((row) => (row.id === id ? { ...row, state: "deleting" as const } : row)),
  }));
  return `destroy the kept volume ${id}`;
};

/** A tenant goes with everything it has, as long as there is another one left. */
const removeTenant: Act = ({ store, random, words }) => {
  const active = store.rows().tenants.filter((row) => row.state === "active");
  const tenant = active.length > 1 && random.oneIn(6) ? random.pick(active) : undefined;
  if (!tenant) return null;
  words.tenants.add(tenant.id);
  store.edit((rows) => ({
    ...rows,
    tenants: rows.tenants.map((row) => (row.id === tenant.id ? { ...row, state: "deleting" as const } : row)),
    clusters: rows.clusters.map((row) =>
      row.tenantId === tenant.id ? { ...row, desired: "deleted" as const, keepData: false, generation: row.generation + 1 } : row,
    ),
  }));
  return `delete the tenant ${tenant.id}`;
};

const setMode: Act = ({ store, random }) => {
  const host = random.pick(store.rows().hosts);
  const mode = random.pick(["active", "active", "draining", "draining", "cordoned", "maintenance"] as const);
  if (!host || !mode || host.mode === mode) return null;
  const drainData = mode === "draining" ? (random.oneIn(3) ? "keep" : "copy") : null;
  store.edit((rows) => ({
    ...rows,
    hosts: rows.hosts.map((row) => (row.id === host.id ? { ...row, mode, drainData } : row)),
  }));
  return `${host.id} is to be ${mode}${drainData === "copy" ? ", and /data goes along" : ""}`;
};

/** An administrator's word: given only where it is true, because the machine has no power. */
const declareLost: Act = ({ store, random, now, hosts }) => {
  const off = new Set(hosts.filter((host) => host.power === "off").map((host) => host.id));
  const host = random.pick(
    store.rows().hosts.filter((row) => off.has(row.id) && !lost(row) && now() - (row.observedAt ?? 0) > silentAfterMs),
  );
  if (!host) return null;
  store.edit((rows) => ({ ...rows, hosts: rows.hosts.map((row) => (row.id === host.id ? { ...row, fencedAt: now() } : row)) }));
  return `${host.id} is declared lost`;
};

/** The wait is set, changed or taken back, as the page of settings does it. */
const setWait: Act = ({ store, random }) => {
  // Seldom: whatever hosts had shown is forgotten with it, and then none is given up by the clock for a while.
  if (!random.oneIn(12)) return null;
  const moveAfterSeconds = random.oneIn(3) ? null : leastMoveAfterSeconds + random.below(240);
  store.edit((rows) => ({
    ...rows,
    installation: { ...rows.installation, moveAfterSeconds },
    hosts: rows.hosts.map((row) => ({ ...row, observed: row.observed && { ...row.observed, leaseSeconds: null } })),
  }));
  return `the wait is ${moveAfterSeconds ?? "never"}`;
};

const ofClusters: readonly Act[] = [create, create, create, create, resize, stop, start, start, retry, remove, remove, destroy];
const acts: readonly Act[] = [...ofClusters, setMode, setMode, declareLost, declareLost, setWait];

/** A host that has something is emptied, or one that is being emptied is let be, finished or not. */
const drain: Act = ({ store, random }) => {
  const rows = store.rows();
  const under = random.pick(rows.hosts.filter((row) => row.mode !== "active"));
  const full = random.pick(rows.hosts.filter((row) => row.mode === "active" && rows.nodes.some((node) => node.hostId === row.id)));
  const host = under && (!full || random.oneIn(2)) ? under : full;
  if (!host) return null;
  const mode = host === under ? ("active" as const) : ("draining" as const);
  const drainData = mode === "active" ? null : random.oneIn(5) ? ("keep" as const) : ("copy" as const);
  store.edit((before) => ({ ...before, hosts: before.hosts.map((row) => (row.id === host.id ? { ...row, mode, drainData } : row)) }));
  return `${host.id} is to be ${mode}${drainData === "copy" ? ", and /data goes along" : ""}`;
};

/** Hosts are emptied and filled again, while clusters come and go. */
const ofDrains: readonly Act[] = [create, create, create, stop, start, retry, remove, drain, drain, drain, declareLost, setMode];

/** One random person does one random thing. Gives what it was, or null when there was nothing of that kind to do. */
export function act(people: People, calm: boolean): string | null {
  const usual = people.drains ? ofDrains : calm ? ofClusters : acts;
  return people.random.pick(people.tenantsGo ? [...usual, removeTenant] : usual)?.(people) ?? null;
}
