import type { z } from "zod";
import type { TenantCtx } from "../context.ts";
import { checkLimits, lockTenant, usageOf } from "../tenants/usage.ts";
import { changeCluster } from "./change.ts";
import { takesMore } from "./grow.ts";
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
    const more = takesMore(row, to);
    const limits = await lockTenant(tx, ctx.tenant.id);
    checkLimits(limits, await usageOf(tx, ctx.tenant.id), more);
    return { data: { workerCount: to }, detail: { from, to, unit: "workers" } };
  });
}
