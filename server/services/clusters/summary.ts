import type { Actor, TenantScope } from "../../auth/actor.ts";
import { accessOf, canCluster } from "../../auth/can.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import type { Flavor } from "./choose.ts";
import type { ClusterRow } from "./rows.ts";
import type { ClusterSummary } from "./schemas.ts";
import { stateOf } from "./state.ts";

interface Sized {
  workerCount: number;
  masterFlavor: Flavor;
  workerFlavor: Flavor;
}

/** "1 Medium + 3 Small", "4 Small", "1 Medium". */
export function sizeWords(row: Sized): string {
  const { masterFlavor, workerFlavor, workerCount } = row;
  if (workerCount === 0) return `1 ${masterFlavor.name}`;
  if (masterFlavor.id === workerFlavor.id) return `${workerCount + 1} ${masterFlavor.name}`;
  return `1 ${masterFlavor.name} + ${workerCount} ${workerFlavor.name}`;
}

/** What a cluster takes when it runs as people want it. */
export function takes(row: Sized) {
  const { masterFlavor: master, workerFlavor: worker, workerCount: n } = row;
  return {
    nodes: 1 + n,
    vcpus: master.vcpus + n * worker.vcpus,
    memoryMb: master.memoryMb + n * worker.memoryMb,
    dataGb: master.dataGb + n * worker.dataGb,
  };
}

export function toSummary(
  row: ClusterRow,
  { actor, tenant }: { actor: Actor; tenant: TenantScope },
  snapshot: Snapshot,
  now: Date,
): ClusterSummary {
  const { vcpus, memoryMb } = takes(row);
  return {
    id: row.id,
    name: row.name,
    type: row.distribution.type === "utility" ? "utility" : "spark",
    owner: { name: row.owner.displayName, you: row.owner.id === actor.userId },
    access: accessOf(actor, tenant, row),
    shares: canCluster(actor, tenant, "own", row) ? row.shares.length : 0,
    distribution: row.distribution.name,
    size: sizeWords(row),
    vcpus,
    memoryMb,
    workerCount: row.workerCount,
    state: stateOf(row, snapshot, now),
    createdAt: row.createdAt.toISOString(),
  };
}
