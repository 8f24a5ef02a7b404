import type { z } from "zod";
import { toAuditView } from "../audit/view.ts";
import type { TenantCtx } from "../context.ts";
import type { AuditView } from "../views.ts";
import { findCluster } from "./rows.ts";
import type { ClusterRef } from "./schemas.ts";

const most = 200;

/** What people did with a cluster, newest first. */
export async function clusterActivity(ctx: TenantCtx, input: z.output<typeof ClusterRef>): Promise<AuditView[]> {
  const { id } = await findCluster(ctx.db, ctx, input.cluster);
  const rows = await ctx.db.audit.findMany({
    where: { resource: `cluster:${id}`, tenantId: ctx.tenant.id },
    orderBy: { id: "desc" },
    take: most,
  });
  // From where is for administrators: they see it in the trail.
  return rows.map((row) => ({ ...toAuditView(row), ip: null }));
}
