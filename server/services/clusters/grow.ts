import { Bundle } from "../../../agents/protocol/bundle.ts";
import { UserError } from "../../errors.ts";
import { gb } from "../../planner/words.ts";
import type { Take } from "../tenants/quota.ts";
import type { ClusterRow } from "./rows.ts";

/**
 * What another number of workers takes of the tenant's limits; nothing when it is smaller. Only a cluster that is to run counts with
 * processors and memory.
 * @throws UserError bad_request where the distribution has no workers or their flavor is too small
 */
export function takesMore(row: ClusterRow, to: number): Take {
  const { roles } = Bundle.parse(row.distribution.manifest);
  if (to > 0 && !roles.worker) throw new UserError("bad_request", `${row.distribution.name} has no workers.`, "workerCount");
  if (to > 0 && roles.worker && row.workerFlavor.memoryMb < roles.worker.minimumMemoryMb)
    throw new UserError(
      "bad_request",
      `A worker of ${row.distribution.name} needs at least ${gb(roles.worker.minimumMemoryMb)}; this cluster's worker flavor ${row.workerFlavor.name} has ${gb(row.workerFlavor.memoryMb)}. Create a cluster with a larger one.`,
      "workerCount",
    );
  const more = Math.max(0, to - row.workerCount);
  const { vcpus, memoryMb, dataGb, gpus } = row.workerFlavor;
  const runs = row.desired === "running" ? more : 0;
  return { clusters: 0, nodes: more, dataGb: more * dataGb, gpus: more * gpus, vcpus: runs * vcpus, memoryMb: runs * memoryMb };
}
