import { ledger } from "../../planner/scheduler/ledger.ts";
import { silence } from "../../planner/silence.ts";
import type { HostRow, Snapshot } from "../../planner/snapshot.ts";
import type { HostView } from "../views.ts";

function stateOf(host: HostRow, now: number): Pick<HostView, "state" | "reason"> {
  const quiet = silence(host, now);
  if (quiet) return { state: "silent", reason: quiet };
  const seen = host.observed;
  if (seen?.fault) return { state: "fault", reason: seen.fault.message };
  if (!seen?.facts.engine) return { state: "fault", reason: "Docker is not running" };
  return { state: "ready", reason: host.mode !== "active" ? "takes no new nodes" : null };
}

/** Every host with what is given to nodes and what it has for them. */
export function hostViews(snapshot: Snapshot, now: Date): HostView[] {
  return ledger(snapshot).map(({ host, memoryMb, vcpus }) => {
    const facts = host.observed?.facts;
    const memory = Math.max(0, (facts?.memoryMb ?? 0) - host.reservedMemoryMb);
    const cpus = Math.floor((facts?.cpus ?? 0) * snapshot.installation.cpuRatio);
    return {
      id: host.id,
      name: host.name,
      ...stateOf(host, now.getTime()),
      heardAt: host.observedAt === null ? null : new Date(host.observedAt).toISOString(),
      cpus: facts?.cpus ?? 0,
      vcpus: { used: cpus - vcpus, total: cpus },
      memoryMb: { used: memory - memoryMb, total: memory },
      diskMb: { free: Math.floor(facts?.diskFreeMb ?? 0), total: Math.floor(facts?.diskTotalMb ?? 0) },
      engine: facts?.engine ? `Docker ${facts.engine.version}` : null,
      nodes: snapshot.nodes.filter((node) => node.hostId === host.id).length,
    };
  });
}
