import type { z } from "zod";
import type { TenantCtx } from "../context.ts";
import { nothing } from "../tenants/quota.ts";
import { checkQuota, readQuota } from "../tenants/usage.ts";
import { changeCluster } from "./change.ts";
import { ownerOf } from "./rows.ts";
import type { ClusterRef } from "./schemas.ts";
import { takes } from "./summary.ts";

/** Says that a stopped cluster is to run again, with the same names, addresses and disks. @throws UserError `limit` */
export function startCluster(ctx: TenantCtx, input: z.output<typeof ClusterRef>): Promise<{ id: string }> {
  return changeCluster(ctx, input.cluster, "start", async (row, tx, tenant) => {
    const { vcpus, memoryMb } = takes(row);
    // A stopped cluster already counts as a cluster, with its nodes and disks and cards.
    checkQuota(await readQuota(tx, tenant, ownerOf(ctx, row), ctx.tenant.role, row.id), { ...nothing, vcpus, memoryMb });
    return { data: { desired: "running", attempt: { increment: 1 }, attemptAt: ctx.now() } };
  });
}
