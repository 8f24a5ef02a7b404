import { lost } from "../../planner/confirm.ts";
import { copyWords } from "../../planner/copies.ts";
import { stayingOn } from "../../planner/moves.ts";
import { copyOf, nodesOnHost } from "../../planner/rows.ts";
import { ledger } from "../../planner/scheduler/ledger.ts";
import { silence } from "../../planner/silence.ts";
import type { HostRow, Snapshot } from "../../planner/snapshot.ts";
import { tunnelAddress } from "../../planner/underlay.ts";
import { ago, count } from "../../planner/words.ts";
import type { HostView } from "../views.ts";

const modeWords = {
  active: null,
  cordoned: "takes no new nodes",
  draining: "is being drained",
  maintenance: "in maintenance: takes no new nodes, and its silence is expected",
  removing: "is being removed",
} as const;

function stateOf(host: HostRow, now: number): Pick<HostView, "state" | "reason"> {
  if (lost(host)) return { state: "silent", reason: `given up as lost ${ago(now - (host.fencedAt ?? now))} ago` };
  if (host.certificate === null && host.endpoint.startsWith("https:"))
    return { state: "silent", reason: "its certificate was revoked: enrol it again to use it" };
  const quiet = silence(host, now);
  if (quiet) return { state: "silent", reason: quiet };
  const seen = host.observed;
  if (seen?.fault) return { state: "fault", reason: seen.fault.message };
  if (!seen?.facts.engine) return { state: "fault", reason: "Docker is not running" };
  if (host.fencedAt !== null) return { state: "fault", reason: "it is back, and removes what runs elsewhere by now" };
  if (seen.fenced)
    return { state: "fault", reason: "it was out of reach for too long and keeps its nodes off the network until it is reconciled" };
  return { state: "ready", reason: modeWords[host.mode] };
}

/** "draining, 3 of 5 nodes moved; flights waits: …". */
export function progressOf(snapshot: Snapshot, host: HostRow, now: number): string | null {
  const left = nodesOnHost(snapshot, host.id).length;
  if (lost(host)) return left > 0 ? `${left} of its nodes wait for another host` : "its nodes moved elsewhere";
  if (host.mode !== "draining") return null;
  if (left === 0) return "drained: no node is left";
  const of = Math.max(host.drainNodes ?? left, left);
  const waits = stayingOn(snapshot, host, now).map(({ cluster, refusal }) => `${cluster.name} waits: ${refusal.message}`);
  const copies = nodesOnHost(snapshot, host.id).flatMap((node) => {
    const words = copyOf(snapshot, node.volumeId) ? copyWords(snapshot, node) : null;
    return words === null ? [] : words.replace(/^its \/data/, `/data of ${node.name}`);
  });
  return [`draining, ${of - left} of ${count(of, "node")} moved`, ...copies, ...waits].join("; ");
}

/**
 * Every host with what is given to nodes and what it has for them.
 * @param tenants slugs by id; without them a host's tenant is not told
 */
export function hostViews(snapshot: Snapshot, now: Date, tenants: ReadonlyMap<string, string> = new Map()): HostView[] {
  const at = now.getTime();
  return ledger(snapshot).map(({ host, memoryMb, vcpus }) => {
    const facts = host.observed?.facts;
    const memory = Math.max(0, (facts?.memoryMb ?? 0) - host.reservedMemoryMb);
    const cpus = Math.floor((facts?.cpus ?? 0) * snapshot.installation.cpuRatio);
    return {
      id: host.id,
      name: host.name,
      ...stateOf(host, at),
      heardAt: host.observedAt === null ? null : new Date(host.observedAt).toISOString(),
      cpus: facts?.cpus ?? 0,
      vcpus: { used: cpus - vcpus, total: cpus },
      memoryMb: { used: memory - memoryMb, total: memory },
      diskMb: { free: Math.floor(facts?.diskFreeMb ?? 0), total: Math.floor(facts?.diskTotalMb ?? 0) },
      engine: facts?.engine ? `Docker ${facts.engine.version}` : null,
      nodes: nodesOnHost(snapshot, host.id).length,
      mode: host.mode,
      progress: progressOf(snapshot, host, at),
      tags: [...host.tags],
      tenant: host.tenantId === null ? null : (tenants.get(host.tenantId) ?? null),
      address: tunnelAddress(host),
      lostAt: host.fencedAt === null ? null : new Date(host.fencedAt).toISOString(),
    };
  });
}
