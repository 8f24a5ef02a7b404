import type { ClusterRow, FlavorRow, Refusal, Snapshot } from "./snapshot.ts";
import { placeWanted, want } from "./wanted.ts";

/** A cluster that somebody thinks of creating. */
export interface FitRequest {
  readonly tenantId: string;
  readonly distributionId: string;
  readonly masterFlavorId: string;
  readonly workerFlavorId: string;
  readonly workerCount: number;
  /** A kept volume that becomes the master's /data. */
  readonly dataVolumeId: string | null;
}

/** What the panel beside Create says; the tenant's own limits are added by whoever knows them. */
export interface Fit {
  readonly takes: { vcpus: number; memoryMb: number; dataGb: number; nodes: number };
  readonly fits: boolean;
  readonly placement: { host: string; nodes: string[] }[];
  readonly refusal: string | null;
  /** Slugs of the biggest flavors, not above the wanted ones, that would fit now. */
  readonly nearest: { masterFlavor: string; workerFlavor: string } | null;
}

/** Whether the cluster would fit now, by the very rules that will place it. */
export function fit(snapshot: Snapshot, request: FitRequest, now: number): Fit {
  // Nothing is going to be decided here, so what hosts last said is good enough.
  const rows = { ...snapshot, hosts: snapshot.hosts.map((host) => ({ ...host, wantedGeneration: 0 })) };
  const tried = attempt(rows, request, now);
  const helps = "message" in tried && ["memory", "cpu", "disk", "flavor"].includes(tried.lacking);
  return {
    takes: takes(rows, request),
    fits: !("message" in tried),
    placement: "message" in tried ? [] : tried.placement,
    refusal: "message" in tried ? tried.message : null,
    nearest: helps ? nearest(rows, request, now) : null,
  };
}

function takes(rows: Snapshot, request: FitRequest): Fit["takes"] {
  const master = rows.flavors.find((row) => row.id === request.masterFlavorId);
  const worker = rows.flavors.find((row) => row.id === request.workerFlavorId);
  const sum = (of: (flavor: FlavorRow) => number): number => (master ? of(master) : 0) + request.workerCount * (worker ? of(worker) : 0);
  return {
    vcpus: sum((flavor) => flavor.vcpus),
    memoryMb: sum((flavor) => flavor.memoryMb),
    // A kept volume takes nothing new.
    dataGb: sum((flavor) => flavor.dataGb) - (request.dataVolumeId && master ? master.dataGb : 0),
    nodes: request.workerCount + 1,
  };
}

function attempt(rows: Snapshot, request: FitRequest, now: number): Refusal | { placement: Fit["placement"] } {
  const cluster: ClusterRow = {
    ...request,
    id: "",
    name: "",
    desired: "running",
    keepData: false,
    generation: 1,
    attempt: 1,
    attemptAt: now,
    secrets: { sparkAuth: "", jupyterToken: "" },
    refusal: null,
    phase: "queued",
    phaseReason: null,
    phaseSince: now,
  };
  const wanted = want(rows, cluster);
  if ("message" in wanted) return wanted;
  const placed = placeWanted(rows, wanted, now);
  if ("refusal" in placed) return placed.refusal;
  const placement = rows.hosts.flatMap((host) => {
    const roles = wanted.missing.filter((_node, index) => placed.hosts.get(`new${index}`) === host.id).map((node) => node.role);
    const workers = roles.filter((role) => role === "worker").length;
    const nodes = [
      ...(roles.includes("master") ? ["master"] : []),
      ...(workers > 0 ? [workers === 1 ? "1 worker" : `${workers} workers`] : []),
    ];
    return nodes.length > 0 ? [{ host: host.name, nodes }] : [];
  });
  return { placement };
}

/** Of all smaller pairs of flavors the one that gives up least memory, then fewest processors. */
function nearest(rows: Snapshot, request: FitRequest, now: number): Fit["nearest"] {
  const smaller = (id: string): FlavorRow[] => {
    const wanted = rows.flavors.find((row) => row.id === id);
    return rows.flavors.filter((row) => !row.retired && wanted && row.memoryMb <= wanted.memoryMb && row.vcpus <= wanted.vcpus);
  };
  const pairs = smaller(request.masterFlavorId).flatMap((master) => smaller(request.workerFlavorId).map((worker) => ({ master, worker })));
  const size = ({ master, worker }: (typeof pairs)[number]): number => master.memoryMb + request.workerCount * worker.memoryMb;
  const cpus = ({ master, worker }: (typeof pairs)[number]): number => master.vcpus + request.workerCount * worker.vcpus;
  pairs.sort((a, b) => size(b) - size(a) || cpus(b) - cpus(a));
  const found = pairs.find(
    ({ master, worker }) => !("message" in attempt(rows, { ...request, masterFlavorId: master.id, workerFlavorId: worker.id }, now)),
  );
  return found ? { masterFlavor: found.master.slug, workerFlavor: found.worker.slug } : null;
}
