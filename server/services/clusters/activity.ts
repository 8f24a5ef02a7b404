import type { z } from "zod";
import { canCluster } from "../../auth/can.ts";
import { toAuditView } from "../audit/view.ts";
import type { TenantCtx } from "../context.ts";
import type { AuditView } from "../views.ts";
import { findCluster } from "./rows.ts";
import type { ClusterRef } from "./schemas.ts";

const most = 200;

/** What people did with a cluster, newest first. */
export async function clusterActivity(ctx: TenantCtx, input: z.output<typeof ClusterRef>): Promise<AuditView[]> {
  const cluster = await findCluster(ctx.db, ctx, input.cluster);
  const { id } = cluster;
  // With whom it is shared, and who was refused what, is for those who share it.
  const own = canCluster(ctx.actor, ctx.tenant, "own", cluster);
  const others = { outcome: "done", action: { notIn: ["cluster.share", "cluster.unshare", "cluster.hand-over"] } };
  const rows = await ctx.db.audit.findMany({
    where: { resource: `cluster:${id}`, tenantId: ctx.tenant.id, ...(own ? {} : others) },
    orderBy: { id: "desc" },
    take: most,
  });
  // From where is for administrators: they see it in the trail.
  return rows.map((row) => ({ ...toAuditView(row), ip: null }));
}
