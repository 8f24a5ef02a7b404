import { HostError } from "../../agents/protocol/errors.ts";
import type { HostObservation } from "../../agents/protocol/observed.ts";
import type { HostSpec } from "../../agents/protocol/spec.ts";
import type { HostTarget } from "../hosts/transport.ts";
import { apply, ConflictError } from "../planner/apply.ts";
import type { Plan } from "../planner/changes.ts";
import { type Carriage, carriages } from "../planner/copies.ts";
import { plan } from "../planner/plan.ts";
import { hostOf, sameKeys } from "../planner/rows.ts";
import { silentAfterMs } from "../planner/silence.ts";
import type { NewId, Snapshot } from "../planner/snapshot.ts";
import { hostSpec } from "../planner/spec/host-spec.ts";
import type { Site } from "../planner/spec/node-spec.ts";
import { touchedHosts } from "../planner/spec/touched.ts";
import { applyObserved } from "./apply-observed.ts";
import { derive, digest, isEmpty, silences } from "./digest.ts";
import { makeLock } from "./lock.ts";
import type { HostEvent, ObservedWrite, Store } from "./store/port.ts";

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
  /** Whether nobody asked this for so long that hosts would count as silent, or the clock was set back. Without it neither ever happens. */
  readonly stoodStill?: () => boolean;
  /** Called as soon as a host has to be told something, before anything else is written. */
  readonly onPending?: (hostId: string) => void;
}

/** What a host has to be, and whether it said that it knows. */
interface Wanted {
  readonly content: string;
  readonly spec: HostSpec;
  /** Nodes, volumes and segments that the spec deletes. */
  readonly deletions: ReadonlySet<string>;
  acknowledged: boolean;
  /** When it was last told; a lease has to be renewed. */
  toldAt: number;
  /** Rises whenever the host has to be told again: an answer to an earlier telling does not count. */
  asked: number;
}

export interface Core {
  /** Reads everything, plans, commits. Safe to repeat at any time. */
  reconcile(): Promise<void>;
  /** Takes a host's picture in, and plans what follows from it. A late or foreign one is dropped. */
  observe(picture: HostObservation, first: boolean): Promise<void>;
  /** Notes that a host was heard, before there is time to look at what it said. */
  arrived(hostId: string): void;
  /** Looks at the time only: hosts that fell silent. */
  tick(): Promise<void>;
  /** Hosts of the last reading. */
  hosts(): HostTarget[];
  /** Hosts that have not acknowledged what they have to be. */
  pending(): string[];
  /** Disks that may be carried from one host to another now. */
  carriages(): Carriage[];
  /** Tells one host. @throws HostError when it has to be told again */
  push(hostId: string): Promise<void>;
}

const mostTries = 8;
const nothing: ReadonlySet<string> = new Set();

/**
 * The reconciler without its clock, its database and its hosts. The picture it keeps between calls is only a copy that saves reading:
 * whatever it decides on an old copy is refused at the commit, and then everything is read again.
 */
export function makeCore(deps: CoreDeps): Core {
  const { store, now, newId, site, log } = deps;
  const decide = deps.plan ?? plan;
  const lock = makeLock();
  let startedAt = now();
  const wanted = new Map<string, Wanted>();
  const lastSequence = new Map<string, number>();
  const absent = new Map<string, ReadonlySet<string>>();
  // When a picture came, and when the rows knew of one.
  const heardAt = new Map<string, number>();
  const knownAt = new Map<string, number>();
  /**
   * While the reconciler stood still, or when the clock was set, nobody listened: no host is silent for that time, and none is given up for it.
   * Asked before anything is decided. Gives whether it was so.
   */
  const missed = (): boolean => {
    if (!deps.stoodStill?.()) return false;
    startedAt = now();
    heardAt.clear();
    // Nor is anybody told anything before a picture comes.
    knownAt.clear();
    log("warn", "clock.gap", {});
    return true;
  };
  const heard = (hostId: string): number => Math.max(startedAt, heardAt.get(hostId) ?? 0);
  /** What was said last of each host: silent or back. */
  const said = new Map<string, HostEvent["kind"]>();
  let copy: Snapshot | null = null;
  /** The picture whose specs are those in `wanted`. */
  let specBasis: Snapshot | null = null;
  let hosts: HostTarget[] = [];

  const canBeTold = (hostId: string): boolean => now() - (knownAt.get(hostId) ?? Number.NEGATIVE_INFINITY) <= silentAfterMs;

  const load = async (): Promise<Snapshot> => {
    const rows = await store.load();
    hosts = rows.hosts.map(({ id, endpoint, certificate }) => ({ id, endpoint, certificate }));
    return withWanted(rows);
  };
  const withWanted = (rows: Snapshot): Snapshot => ({
    ...rows,
    hosts: sameKeys(
      rows.hosts,
      rows.hosts.map((host) => {
        const told = wanted.get(host.id);
        const wantedGeneration = told?.spec.generation ?? null;
        const toldToDelete = told?.deletions ?? nothing;
        const missing = absent.get(host.id) ?? nothing;
        // The same row as long as nothing of it changed: what was derived from it stays good.
        if (
          host.wantedGeneration === wantedGeneration &&
          host.toldToDelete === toldToDelete &&
          host.absent === missing &&
          host.listenedSince === heard(host.id)
        )
          return host;
        return { ...host, wantedGeneration, toldToDelete, absent: missing, listenedSince: heard(host.id) };
      }),
    ),
  });

  /** Plans and commits until nothing is left to decide; reads again whenever somebody was faster. */
  const settle = async (start: Snapshot, reread: boolean): Promise<Plan> => {
    let snapshot = start;
    let unknown = reread;
    let reason = "";
    for (let attempt = 0; attempt < mostTries; attempt += 1) {
      if (missed()) snapshot = withWanted(snapshot);
      const next = decide(snapshot, now(), newId);
      try {
        // What was observed is in no spec: without new rows there is nothing to compare.
        if (next.changes.length > 0 || unknown) snapshot = await commit(snapshot, next);
        copy = snapshot;
        return next;
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
    // Only hosts that something changed for are compared in full.
    const touched = specBasis && touchedHosts(specBasis, after);
    const looked = after.hosts.filter((host) => !touched || touched.has(host.id) || !wanted.has(host.id));
    const changed = looked
      .map((host) => ({ id: host.id, spec: hostSpec(after, host.id, 0, site) }))
      .map((entry) => ({ ...entry, content: JSON.stringify(entry.spec) }))
      .filter((entry) => wanted.get(entry.id)?.content !== entry.content);
    if (next.changes.length === 0 && changed.length === 0) {
      specBasis = after;
      return after;
    }
    const generation = await store.commit(snapshot, next, changed.length > 0);
    for (const { id, spec, content } of changed) {
      wanted.set(id, { content, spec: { ...spec, generation }, deletions: deletionsOf(spec), acknowledged: false, toldAt: 0, asked: 0 });
      deps.onPending?.(id);
    }
    specBasis = after;
    for (const id of wanted.keys()) if (!hostOf(after, id)) wanted.delete(id);
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
    if (!copy) return;
    const derived = derive(copy, now(), startedAt);
    const before = new Map(said);
    const events = silences(copy, now(), startedAt, said);
    try {
      await write(copy, events.length > 0 ? { ...derived, events, notify: [...derived.notify, "*"] } : derived);
    } catch (error) {
      for (const { hostId } of events) said.set(hostId, before.get(hostId) ?? "rebooted");
      throw error;
    }
  };

  /** After a plan only what it was about can be in another state. */
  const deriveSome = async (made: Plan, also: ReadonlySet<string> = nothing): Promise<void> => {
    if (!copy || made.changes.length + also.size === 0) return;
    const only = concerned(made);
    await write(copy, derive(copy, now(), startedAt, only && new Set([...only, ...also])));
  };
  /** Clusters that are not as they were when this was asked last. What only the time changes is the tick's matter. */
  const generations = new Map<string, number>();
  const changedByPeople = (): Set<string> => {
    const ids = new Set<string>();
    for (const { id, generation } of copy?.clusters ?? []) {
      if (generations.get(id) !== generation) ids.add(id);
      generations.set(id, generation);
    }
    return ids;
  };

  return {
    reconcile: () =>
      lock(async () => {
        copy = null;
        const plans = await settle(await load(), true);
        await deriveSome(plans, changedByPeople());
      }),
    observe: (picture, first) =>
      lock(async () => {
        missed();
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
        heardAt.set(picture.host, now());
        if (picture.generation > snapshot.installation.generation)
          log("error", "observe.ahead", { host: picture.host, generation: picture.generation, ours: snapshot.installation.generation });
        const told = wanted.get(picture.host);
        // A restarted agent has no secrets any more, and may not even know what it had accepted.
        if (told && first) {
          told.acknowledged = false;
          told.asked += 1;
        }
        const observed = digest(snapshot, picture, now(), startedAt);
        // Before an agent has looked at its engine it would call everything absent.
        const missing = absent.get(picture.host);
        if (picture.facts.engine) absent.set(picture.host, absentIn(picture, missing));
        const after = observed ? await write(snapshot, observed) : snapshot;
        // Only now: one that could not be written comes again.
        lastSequence.set(picture.host, picture.sequence);
        // One that was never heard before is not back.
        if (hostOf(snapshot, picture.host)?.observedAt === null) said.set(picture.host, "back");
        knownAt.set(picture.host, now());
        copy = withWanted(after);
        const back = now() - (hostOf(snapshot, picture.host)?.observedAt ?? 0) > silentAfterMs;
        const same = (!observed || observed.quiet) && missing === absent.get(picture.host);
        // Most pictures tell nothing new: nobody would decide differently.
        if (same && !back && !first && !reread) return;
        const plans = await settle(copy, reread);
        await deriveSome(plans);
      }),
    arrived: (hostId) => void heardAt.set(hostId, now()),
    tick: () =>
      lock(async () => {
        missed();
        for (const entry of wanted.values()) {
          const { leaseSeconds } = entry.spec;
          // A clock that was set back says nothing about when the host heard last.
          const since = now() - entry.toldAt;
          if (leaseSeconds === null || (since >= 0 && since < leaseSeconds * 250)) continue;
          entry.acknowledged = false;
          entry.asked += 1;
        }
        await deriveAll();
      }),
    hosts: () => hosts,
    pending: () => [...wanted].filter(([id, entry]) => !entry.acknowledged && canBeTold(id)).map(([id]) => id),
    // After a conflict nothing is known until the next reading.
    carriages: () => (copy ? carriages(copy) : []),
    async push(hostId) {
      const entry = wanted.get(hostId);
      if (!entry || entry.acknowledged) return;
      // A host is told nothing while the rows do not know it heard: it may be given up any moment, and what only it hears would make it start
      // what lives elsewhere by then, or keep its lease for longer than it is waited for. Its next picture asks for this again.
      if (!canBeTold(hostId)) return;
      const { asked } = entry;
      const held = await deps.apply(entry.spec);
      if (held > entry.spec.generation && wanted.get(hostId) === entry)
        throw new HostError({
          code: "host_ahead",
          message: "The host holds a newer state than the database; nothing is changed on it.",
          retryable: false,
        });
      entry.toldAt = now();
      if (entry.asked === asked) entry.acknowledged = true;
      log("info", "host.apply", { host: hostId, generation: entry.spec.generation });
    },
  };
}

function deletionsOf(spec: HostSpec): Set<string> {
  return new Set([...spec.nodes, ...spec.volumes, ...spec.segments].filter((row) => row.desired === "deleted").map((row) => row.id));
}

/** Nodes that the picture calls absent; the same set as before where nothing changed. */
function absentIn(picture: HostObservation, before: ReadonlySet<string> | undefined): ReadonlySet<string> {
  const found = picture.nodes.filter((node) => node.state === "absent").map((node) => node.id);
  return before && before.size === found.length && found.every((id) => before.has(id)) ? before : new Set(found);
}

function ours(snapshot: Snapshot, picture: HostObservation): boolean {
  return picture.installation === snapshot.installation.id && snapshot.hosts.some((host) => host.id === picture.host);
}

/** Clusters that a plan is about; undefined where it is about hosts, and so about everybody there. */
function concerned({ changes, basis }: Plan): Set<string> | undefined {
  const ids = new Set(basis.map((entry) => entry.clusterId));
  for (const change of changes) {
    if (["fenceHost", "unfenceHost", "evictNode", "stayNode", "moveNode", "dropNode", "copyVolume", "condemnCopy"].includes(change.op))
      return undefined;
    if ("clusterId" in change) ids.add(change.clusterId);
  }
  return ids;
}

function counts({ changes }: Plan): Record<string, number> {
  const result: Record<string, number> = {};
  for (const { op } of changes) result[op] = (result[op] ?? 0) + 1;
  return result;
}
