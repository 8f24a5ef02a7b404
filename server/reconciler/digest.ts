import { isDeepStrictEqual } from "node:util";
import type { HostObservation, NodeObservation, VolumeObservation } from "../../agents/protocol/observed.ts";
import { driftSides, driftWords } from "../planner/drift.ts";
import { clusterPhase } from "../planner/phase.ts";
import { clusterOf, hostOf, nodesOnHost, volumesOnHost } from "../planner/rows.ts";
import { silence, silentAfterMs } from "../planner/silence.ts";
import type { HostSeen, NodeRow, Snapshot } from "../planner/snapshot.ts";
import { timeline } from "../planner/steps.ts";
import { applyObserved } from "./apply-observed.ts";
import type { Drift, HostEvent, ObservedWrite } from "./store/port.ts";

/** Figures that move all the time (CPU, memory, disk) are written this often at most. */
export const noiseMs = 4_500;

const nothing = { host: null, nodes: [], volumes: [], images: null, clusters: [], steps: [], notify: [] } as const;

/**
 * What one picture of a host changes: rows that differ, then each cluster's phase and timeline. Null when nothing is worth writing.
 * The only place that decides observed columns. Pure.
 */
export function digest(snapshot: Snapshot, picture: HostObservation, now: number, listeningSince = 0): ObservedWrite | null {
  const facts = factsOf(snapshot, picture, now);
  if (!facts) return null;
  const before = hostOf(snapshot, picture.host);
  const { nodes: _nodes, ...seen } = picture;
  // A host that is as it was concerns only the clusters whose nodes are not.
  const same =
    before?.observed && now - (before.observedAt ?? 0) <= silentAfterMs && isDeepStrictEqual(matters(before.observed), matters(seen));
  const own = nodesOnHost(snapshot, picture.host);
  const news = new Set([...facts.nodes, ...facts.volumes].map((row) => row.id));
  const touched = new Set((same ? own.filter((node) => news.has(node.id) || news.has(node.volumeId)) : own).map((node) => node.clusterId));
  const derived = derive(applyObserved(snapshot, facts), now, listeningSince, touched);
  return { ...facts, clusters: derived.clusters, steps: derived.steps, notify: [...new Set([...facts.notify, ...derived.notify])] };
}

/**
 * Phases and timelines that differ from the rows. Depends on the moment too: a silent host, a slow service.
 * @param listeningSince a host is not called silent for the time in which nobody listened
 */
export function derive(rows: Snapshot, now: number, listeningSince = 0, only?: ReadonlySet<string>): ObservedWrite {
  const snapshot = {
    ...rows,
    hosts: rows.hosts.map((host) => ({ ...host, observedAt: host.observedAt === null ? null : Math.max(host.observedAt, listeningSince) })),
  };
  const clusters: ObservedWrite["clusters"][number][] = [];
  const steps: ObservedWrite["steps"][number][] = [];
  const notify = new Set<string>();
  const looked = only ? [...only].flatMap((id) => clusterOf(snapshot, id) ?? []) : snapshot.clusters;
  for (const cluster of looked) {
    const changed = timeline(snapshot, cluster, now);
    steps.push(...changed);
    const after = changed.length > 0 ? applyObserved(snapshot, { ...nothing, at: now, steps: changed }) : snapshot;
    const { phase, reason } = clusterPhase(after, cluster, now);
    if (changed.length > 0) notify.add(cluster.id);
    if (phase === cluster.phase && reason === cluster.phaseReason) continue;
    notify.add(cluster.id);
    clusters.push({ id: cluster.id, phase, reason, since: phase === cluster.phase ? cluster.phaseSince : now });
  }
  return { ...nothing, at: now, clusters, steps, notify: [...notify] };
}

/** Whether there is anything in it. */
export function isEmpty(write: ObservedWrite): boolean {
  return (
    !write.host &&
    write.nodes.length + write.volumes.length + write.clusters.length + write.steps.length + (write.events?.length ?? 0) === 0 &&
    !write.images
  );
}

function factsOf(snapshot: Snapshot, picture: HostObservation, now: number): ObservedWrite | null {
  const host = snapshot.hosts.find((row) => row.id === picture.host);
  if (!host) return null;
  const { nodes: _nodes, ...seen } = picture;
  // An agent that has not looked at its engine yet would call everything absent: its nodes stay as they were last seen.
  const looked = picture.facts.engine !== null;
  // What was written before the clock was set back lies in the future: a host would not count as silent before that has come.
  const due = host.observedAt === null || now < host.observedAt || now - host.observedAt >= noiseMs;
  const notify = new Set<string>();
  const rows = new Map(nodesOnHost(snapshot, host.id).map((row) => [row.id, row]));
  let quiet = true;
  const drifts: Drift[] = [];
  const nodes = (looked ? picture.nodes : []).flatMap((seenNode) => {
    const row = rows.get(seenNode.id);
    if (!row) return [];
    const observed = withAudit(row, seenNode);
    const drift = driftOf(row, observed, host.name);
    if (drift) {
      drifts.push(drift);
      notify.add("*");
    }
    const real = !row.observed || !isDeepStrictEqual(quietNode(row.observed), quietNode(observed));
    if (real) quiet = false;
    if (real || (due && usageMoved(row.observed, observed))) notify.add(row.clusterId);
    return real || (due && !isDeepStrictEqual(row.observed, observed)) ? [{ id: observed.id, observed }] : [];
  });
  const owned = new Map(volumesOnHost(snapshot, host.id).map((row) => [row.id, row.observed]));
  const volumes = (looked ? picture.volumes : []).flatMap((observed) => {
    const before = owned.get(observed.id);
    if (before === undefined) return [];
    const real = before === null || !isDeepStrictEqual(quietVolume(before), quietVolume(observed));
    if (real) quiet = false;
    return real || (due && !isDeepStrictEqual(before, observed)) ? [{ id: observed.id, observed }] : [];
  });
  const changed = !host.observed || !isDeepStrictEqual(quietHost(host.observed), quietHost(seen));
  if (!changed && !due && nodes.length + volumes.length === 0) return null;
  if (!host.observed || !isDeepStrictEqual(pageOf(host.observed), pageOf(seen))) notify.add("*");
  const images = host.observed && isDeepStrictEqual(host.observed.images, seen.images) ? null : seen.images;
  return {
    ...nothing,
    at: now,
    host: { id: host.id, observed: seen },
    nodes,
    volumes,
    images,
    quiet: quiet && !changed,
    events: eventsOf(host.observed, seen),
    drifts,
    notify: [...notify],
  };
}

/** An agent that began anew has compared nothing yet: what it last said of the same start of the container holds until it has. */
function withAudit({ observed: before }: NodeRow, seen: NodeObservation): NodeObservation {
  const same = before?.audit && !seen.audit && seen.state === "running" && before.startedAt === seen.startedAt;
  return same ? { ...seen, audit: before.audit } : seen;
}

/** A container that is not as it was approved any more, or is again: said once, for each thing that differs. */
function driftOf({ id, name, observed }: NodeRow, seen: NodeObservation, host: string): Drift | null {
  const [before, now] = [driftWords(observed), driftWords(seen)];
  if (!seen.audit || before === now) return null;
  if (now === null) return { nodeId: id, action: "container.restored", detail: { what: `${name} on ${host} is as approved again` } };
  const sides = driftSides(seen.audit.differences);
  return { nodeId: id, action: "container.altered", detail: { what: `${name} on ${host}: ${now}`, ...sides } };
}

/** What two pictures of a host tell together: that it started anew, that Docker went, came or is another one. */
function eventsOf(before: HostSeen | null, after: HostSeen): HostEvent[] {
  if (!before) return [];
  const hostId = after.host;
  const events: HostEvent[] = [];
  if (before.facts.bootId !== after.facts.bootId && before.facts.bootId !== "" && after.facts.bootId !== "")
    events.push({ hostId, kind: "rebooted", message: "The machine started anew." });
  const gone = (seen: HostSeen): boolean => seen.fault?.code.startsWith("engine") ?? false;
  if (!gone(before) && gone(after))
    events.push({ hostId, kind: "engine", message: `Docker does not answer: ${after.fault?.message ?? ""}` });
  if (gone(before) && !gone(after)) events.push({ hostId, kind: "engine", message: "Docker answers again." });
  const [old, now] = [before.facts.engine?.version, after.facts.engine?.version];
  if (old && now && old !== now) events.push({ hostId, kind: "engine", message: `Docker ${old} became Docker ${now}.` });
  return events;
}

/**
 * Hosts that fell silent or are back, as far as this process has not said so yet; every other one it says at first, and the rows know whether
 * that is news.
 * @param said what was said of each last; kept up to date
 */
export function silences(snapshot: Snapshot, now: number, listeningSince: number, said: Map<string, HostEvent["kind"]>): HostEvent[] {
  return snapshot.hosts.flatMap((host): HostEvent[] => {
    if (host.observedAt === null) return [];
    const quiet = silence({ name: host.name, observedAt: Math.max(host.observedAt, listeningSince) }, now);
    const heard = now - host.observedAt <= silentAfterMs;
    // Nobody listened for long enough to know.
    if (!quiet && !heard) return [];
    const kind = quiet ? "silent" : "back";
    if (said.get(host.id) === kind) return [];
    said.set(host.id, kind);
    return [{ hostId: host.id, kind, message: quiet ? "It is not heard any more; what its nodes do is unknown." : "It is heard again." }];
  });
}

/** What of a host itself decides how its nodes are. */
function matters(seen: HostSeen): unknown {
  const { fault, fenced, images, segments, facts } = seen;
  return { fault, fenced, images, segments, engine: facts.engine, nvidia: facts.nvidia, heldCards: seen.heldCards };
}

function quietNode(seen: NodeObservation): unknown {
  // When it was compared last moves all the time, too.
  return { ...seen, usage: null, audit: seen.audit?.differences ?? null };
}

function quietVolume(seen: VolumeObservation): unknown {
  return { ...seen, usedMb: null, copy: seen.copy?.state };
}

function quietHost(seen: HostSeen): unknown {
  return { ...seen, at: null, sequence: 0, facts: { ...seen.facts, diskFreeMb: 0 }, volumes: [] };
}

/** What of a host people see on pages of clusters and catalogue. */
function pageOf(seen: HostSeen): unknown {
  return { fault: seen.fault, images: seen.images, engine: seen.facts.engine, orphans: seen.orphans.length };
}

/** Whether a figure changed so much that a page should show it. */
function usageMoved(before: NodeObservation | null, after: NodeObservation): boolean {
  const [a, b] = [before?.usage, after.usage];
  if (!a || !b) return Boolean(a) !== Boolean(b);
  return Math.abs(a.cpuCores - b.cpuCores) >= 0.1 || Math.abs(a.memoryMb - b.memoryMb) >= 32 || Math.abs(a.dataUsedMb - b.dataUsedMb) >= 16;
}
