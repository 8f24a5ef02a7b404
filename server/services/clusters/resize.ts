import type { z } from "zod";
import { UserError } from "../../errors.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import type { TenantCtx } from "../context.ts";
import { checkQuota, readQuota } from "../tenants/usage.ts";
import { changeCluster } from "./change.ts";
import { takesMore } from "./grow.ts";
import { ownerOf } from "./rows.ts";
import type { ResizeCluster } from "./schemas.ts";
import { neverFits } from "./trial.ts";

/**
 * Says how many workers a cluster is to have. A smaller number destroys the disks of the workers that go.
 * @throws UserError `limit`, also where it could never fit, or bad_request where the distribution has no workers or their flavor is too small
 */
export function resizeCluster(ctx: TenantCtx, input: z.output<typeof ResizeCluster>): Promise<{ id: string }> {
  return changeCluster(ctx, input.cluster, "resize", async (row, tx, tenant) => {
    const from = row.workerCount;
    const to = input.workerCount;
    if (from === to) return null;
    const more = takesMore(row, to);
    checkQuota(await readQuota(tx, tenant, ownerOf(ctx, row), ctx.tenant.role), more);
    if (to > from) {
      const snapshot = await loadSnapshot(tx);
      const cluster = snapshot.clusters.find((one) => one.id === row.id);
      const refusal = cluster && neverFits(snapshot, cluster, to, ctx.now().getTime());
      if (refusal) throw new UserError("limit", `This cannot fit here: ${refusal.message}. Choose fewer workers.`, "workerCount");
    }
    return { data: { workerCount: to }, detail: { from, to, unit: "workers" } };
  });
}
