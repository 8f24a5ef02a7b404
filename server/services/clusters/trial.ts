import { admit } from "../../planner/admit.ts";
import type { ClusterRow, HostRow, Refusal, Snapshot } from "../../planner/snapshot.ts";
import type { Chosen } from "./choose.ts";

export type Trial = { placement: { hostId: string; role: "master" | "worker" }[] } | { refusal: Refusal };

const trialId = "ctrial";

/**
 * Asks the planner what it would do with a cluster that does not exist yet, in a picture that nobody else sees. The same function decides
 * later, so the panel beside Create and the truth cannot differ.
 */
export function tryPlacing(
  snapshot: Snapshot,
  tenantId: string,
  chosen: Chosen,
  dataVolumeId: string | null,
  now: number,
  segmentId: string | null = null,
): Trial {
  const cluster: ClusterRow = {
    id: trialId,
    tenantId,
    name: "trial",
    distributionId: chosen.distribution.id,
    masterFlavorId: chosen.master.id,
    workerFlavorId: chosen.worker.id,
    workerCount: chosen.workerCount,
    desired: "running",
    keepData: false,
    dataVolumeId,
    segmentId,
    capabilitySet: chosen.set.id,
    generation: 1,
    attempt: 1,
    attemptAt: now,
    secrets: { sparkAuth: "", jupyterToken: "" },
    refusal: null,
    phase: "queued",
    phaseReason: null,
    phaseSince: now,
  };
  return asked({ ...snapshot, clusters: [...snapshot.clusters, cluster] }, cluster, now);
}

/** The same question about a cluster that exists, with another number of workers; one that is stopped is asked about as if it started. */
export function tryResizing(snapshot: Snapshot, cluster: ClusterRow, workerCount: number, now: number): Trial {
  const wanted: ClusterRow = { ...cluster, workerCount, desired: "running", refusal: null };
  return asked({ ...snapshot, clusters: snapshot.clusters.map((one) => (one.id === wanted.id ? wanted : one)) }, wanted, now);
}

/**
 * Why hosts with nothing else on them could not carry a cluster with so many workers, if all of them took nodes; null where only disks or hosts of
 * just now are in the way, which may be others tomorrow.
 */
export function neverFits(snapshot: Snapshot, cluster: ClusterRow, workerCount: number, now: number): Refusal | null {
  const alone = { ...emptied(snapshot, now), clusters: [cluster] };
  const tried = tryResizing(alone, { ...cluster, dataVolumeId: null }, workerCount, now);
  return "refusal" in tried && ["memory", "cpu", "gpu"].includes(tried.refusal.lacking) ? tried.refusal : null;
}

function asked(snapshot: Snapshot, cluster: ClusterRow, now: number): Trial {
  let serial = 0;
  const newId = (prefix: string): string => `${prefix}trial${serial++}`;
  const changes = admit(snapshot, cluster, now, newId);
  const refused = changes.find((change) => change.op === "refuse");
  if (refused?.op === "refuse" && refused.refusal) return { refusal: refused.refusal };
  return {
    placement: changes.flatMap((change) => (change.op === "addNode" ? [{ hostId: change.node.hostId, role: change.node.role }] : [])),
  };
}

/** What an engine would say of itself that does not answer just now. */
const someEngine = { version: "", apiVersion: "", storageDriver: "", cgroup: "" };

/**
 * The same hosts with nothing running on them: what will never fit, whoever makes room. Disks stay, because they stay. A host that is silent, lost,
 * cordoned or drained just now, or whose Docker does not answer, may take nodes again with all that it last showed: for that, too, people wait.
 */
export function emptied(snapshot: Snapshot, now: number): Snapshot {
  const back = (host: HostRow): HostRow => {
    const { observed } = host;
    if (!observed || host.mode === "removing") return host;
    const facts = { ...observed.facts, engine: observed.facts.engine ?? someEngine };
    const { heldCards: _held, ...seen } = observed;
    return { ...host, mode: "active", fencedAt: null, observedAt: now, observed: { ...seen, facts, fenced: false, fault: null } };
  };
  return { ...snapshot, hosts: snapshot.hosts.map(back), nodes: [], clusters: [], steps: [], addresses: [], gpus: [] };
}
