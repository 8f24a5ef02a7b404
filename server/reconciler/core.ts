import { HostError } from "../../agents/protocol/errors.ts";
import type { HostObservation } from "../../agents/protocol/observed.ts";
import type { HostSpec } from "../../agents/protocol/spec.ts";
import type { HostTarget } from "../hosts/transport.ts";
import { apply, ConflictError } from "../planner/apply.ts";
import type { Plan } from "../planner/changes.ts";
import { plan } from "../planner/plan.ts";
import type { NewId, Snapshot } from "../planner/snapshot.ts";
import { hostSpec } from "../planner/spec/host-spec.ts";
import type { Site } from "../planner/spec/node-spec.ts";
import { applyObserved } from "./apply-observed.ts";
import { derive, digest, isEmpty } from "./digest.ts";
import { makeLock } from "./lock.ts";
import type { ObservedWrite, Store } from "./store/port.ts";

/** One line per operation: what, about what, how it ended. */
export type OpLog = (level: "info" | "debug" | "warn" | "error", op: string, fields: Record<string, unknown>) => void;

export interface CoreDeps {
  readonly store: Store;
  /** Sends a spec to its host; gives the generation that the host then holds. */
  readonly apply: (spec: HostSpec) => Promise<number>;
  readonly now: () => number;
  readonly newId: NewId;
  readonly site: Site;
  readonly log: OpLog;
  readonly plan?: typeof plan;
  /** Called as soon as a host has to be told something, before anything else is written. */
  readonly onPending?: (hostId: string) => void;
}

/** What a host has to be, and whether it said that it knows. */
interface Wanted {
  readonly content: string;
  readonly spec: HostSpec;
  /** Nodes and volumes that the spec deletes. */
  readonly deletions: ReadonlySet<string>;
  acknowledged: boolean;
  /** Rises whenever the host has to be told again: an answer to an earlier telling does not count. */
  asked: number;
}

export interface Core {
  /** Reads everything, plans, commits. Safe to repeat at any time. */
  reconcile(): Promise<void>;
  /** Takes a host's picture in, and plans what follows from it. A late or foreign one is dropped. */
  observe(picture: HostObservation, first: boolean): Promise<void>;
  /** Looks at the time only: hosts that fell silent. */
  tick(): Promise<void>;
  /** Hosts of the last reading. */
  hosts(): HostTarget[];
  /** Hosts that have not acknowledged what they have to be. */
  pending(): string[];
  /** Tells one host. @throws HostError when it has to be told again */
  push(hostId: string): Promise<void>;
}

const mostTries = 8;

/**
 * The reconciler without its clock, its database and its hosts. The picture it keeps between calls is only a copy that saves reading:
 * whatever it decides on an old copy is refused at the commit, and then everything is read again.
 */
export function makeCore(deps: CoreDeps): Core {
  const { store, now, newId, site, log } = deps;
  const decide = deps.plan ?? plan;
  const lock = makeLock();
  const startedAt = now();
  const wanted = new Map<string, Wanted>();
  const lastSequence = new Map<string, number>();
  let copy: Snapshot | null = null;
  let hosts: HostTarget[] = [];

  const load = async (): Promise<Snapshot> => {
    const rows = await store.load();
    hosts = rows.hosts.map(({ id, endpoint, certificate }) => ({ id, endpoint, certificate }));
    return withWanted(rows);
  };
  const withWanted = (rows: Snapshot): Snapshot => ({
    ...rows,
    hosts: rows.hosts.map((host) => {
      const told = wanted.get(host.id);
      return { ...host, wantedGeneration: told?.spec.generation ?? null, toldToDelete: told?.deletions ?? new Set() };
    }),
  });

  /** Plans and commits until nothing is left to decide; reads again whenever somebody was faster. */
  const settle = async (start: Snapshot, reread: boolean): Promise<void> => {
    let snapshot = start;
    let unknown = reread;
    let reason = "";
    for (let attempt = 0; attempt < mostTries; attempt += 1) {
      const next = decide(snapshot, now(), newId);
      try {
        // What was observed is in no spec: without new rows there is nothing to compare.
        if (next.changes.length > 0 || unknown) snapshot = await commit(snapshot, next);
        copy = snapshot;
        return;
      } catch (error) {
        copy = null;
        if (!(error instanceof ConflictError)) throw error;
        reason = error.message;
        log("info", "plan.conflict", { reason, attempt });
        snapshot = await load();
        unknown = true;
      }
    }
    throw new Error(`The rows changed faster than they could be planned: ${reason}.`);
  };

  const commit = async (snapshot: Snapshot, next: Plan): Promise<Snapshot> => {
    const after = apply(snapshot, next.changes);
    const specs = after.hosts.map((host) => ({ id: host.id, spec: hostSpec(after, host.id, 0, site) }));
    const changed = specs
      .map((entry) => ({ ...entry, content: JSON.stringify(entry.spec) }))
      .filter((entry) => wanted.get(entry.id)?.content !== entry.content);
    if (next.changes.length === 0 && changed.length === 0) return after;
    const generation = await store.commit(snapshot, next, changed.length > 0);
    for (const { id, spec, content } of changed) {
      wanted.set(id, { content, spec: { ...spec, generation }, deletions: deletionsOf(spec), acknowledged: false, asked: 0 });
      deps.onPending?.(id);
    }
    log("info", "plan.commit", { generation, hosts: changed.map((entry) => entry.id), ...counts(next) });
    return withWanted({ ...after, installation: { ...after.installation, generation } });
  };

  /** Writes an observation and keeps the copy in step. */
  const write = async (snapshot: Snapshot, observed: ObservedWrite): Promise<Snapshot> => {
    if (isEmpty(observed)) return snapshot;
    copy = null;
    await store.observe(observed);
    copy = applyObserved(snapshot, observed);
    for (const { id, phase, reason } of observed.clusters) log("info", "cluster.phase", { cluster: id, phase, reason });
    return copy;
  };

  const deriveAll = async (): Promise<void> => {
    if (copy) await write(copy, derive(copy, now(), startedAt));
  };

  return {
    reconcile: () =>
      lock(async () => {
        copy = null;
        await settle(await load(), true);
        await deriveAll();
      }),
    observe: (picture, first) =>
      lock(async () => {
        const reread = copy === null;
        const snapshot = copy ?? (await load());
        if (!ours(snapshot, picture)) {
          log("error", "observe.foreign", { host: picture.host, installation: picture.installation });
          return;
        }
        if (!first && picture.sequence <= (lastSequence.get(picture.host) ?? -1)) {
          log("debug", "observe.late", { host: picture.host, sequence: picture.sequence });
          return;
        }
        lastSequence.set(picture.host, picture.sequence);
        if (picture.generation > snapshot.installation.generation)
          log("error", "observe.ahead", { host: picture.host, generation: picture.generation, ours: snapshot.installation.generation });
        const told = wanted.get(picture.host);
        // A restarted agent has no secrets any more, and may not even know what it had accepted.
        if (told && first) {
          told.acknowledged = false;
          told.asked += 1;
        }
        const observed = digest(snapshot, picture, now(), startedAt);
        await settle(observed ? await write(snapshot, observed) : snapshot, reread);
        await deriveAll();
      }),
    tick: () => lock(deriveAll),
    hosts: () => hosts,
    pending: () => [...wanted].filter(([, entry]) => !entry.acknowledged).map(([id]) => id),
    async push(hostId) {
      const entry = wanted.get(hostId);
      if (!entry || entry.acknowledged) return;
      const { asked } = entry;
      const held = await deps.apply(entry.spec);
      if (held > entry.spec.generation && wanted.get(hostId) === entry)
        throw new HostError({
          code: "host_ahead",
          message: "The host holds a newer state than the database; nothing is changed on it.",
          retryable: false,
        });
      if (entry.asked === asked) entry.acknowledged = true;
      log("info", "host.apply", { host: hostId, generation: entry.spec.generation });
    },
  };
}

function deletionsOf(spec: HostSpec): Set<string> {
  return new Set([...spec.nodes, ...spec.volumes].filter((row) => row.desired === "deleted").map((row) => row.id));
}

function ours(snapshot: Snapshot, picture: HostObservation): boolean {
  return picture.installation === snapshot.installation.id && snapshot.hosts.some((host) => host.id === picture.host);
}

function counts({ changes }: Plan): Record<string, number> {
  const result: Record<string, number> = {};
  for (const { op } of changes) result[op] = (result[op] ?? 0) + 1;
  return result;
}
