import type { z } from "zod";
import { Bundle } from "../../../agents/protocol/bundle.ts";
import { UserError } from "../../errors.ts";
import { gb } from "../../planner/words.ts";
import type { TenantCtx } from "../context.ts";
import { checkLimits, lockTenant, usageOf } from "../tenants/usage.ts";
import { changeCluster } from "./change.ts";
import type { ResizeCluster } from "./schemas.ts";

/**
 * Says how many workers a cluster is to have. A smaller number destroys the disks of the workers that go.
 * @throws UserError `limit`, or bad_request where the distribution has no workers or their flavor is too small
 */
export function resizeCluster(ctx: TenantCtx, input: z.output<typeof ResizeCluster>): Promise<{ id: string }> {
  return changeCluster(ctx, input.cluster, "resize", async (row, tx) => {
    const from = row.workerCount;
    const to = input.workerCount;
    if (from === to) return null;
    const { roles } = Bundle.parse(row.distribution.manifest);
    if (to > 0 && !roles.worker) throw new UserError("bad_request", `${row.distribution.name} has no workers.`, "workerCount");
    if (to > 0 && roles.worker && row.workerFlavor.memoryMb < roles.worker.minimumMemoryMb)
      throw new UserError(
        "bad_request",
        `A worker of ${row.distribution.name} needs at least ${gb(roles.worker.minimumMemoryMb)}; this cluster's worker flavor ${row.workerFlavor.name} has ${gb(row.workerFlavor.memoryMb)}. Create a cluster with a larger one.`,
        "workerCount",
      );
    const limits = await lockTenant(tx, ctx.tenant.id);
    const more = Math.max(0, to - from);
    const { vcpus, memoryMb, dataGb } = row.workerFlavor;
    const runs = row.desired === "running" ? more : 0;
    checkLimits(limits, await usageOf(tx, ctx.tenant.id), {
      clusters: 0,
      nodes: more,
      dataGb: more * dataGb,
      vcpus: runs * vcpus,
      memoryMb: runs * memoryMb,
    });
    return { data: { workerCount: to }, detail: { from, to, unit: "workers" } };
  });
}
