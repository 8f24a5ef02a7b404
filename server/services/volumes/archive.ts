import type { Readable } from "node:stream";
import { canCluster, scopeOf } from "../../auth/can.ts";
import { shareSelect } from "../../auth/shares.ts";
import { notFound, UserError } from "../../errors.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";

/**
 * The cluster whose notebooks somebody asks for, with its master: for whoever may open the notebook itself.
 * @throws UserError not_found for everybody else, and for a cluster without a disk yet; forbidden while the tenant's services are closed
 */
export async function notebooksOf(ctx: Pick<ActorCtx, "db" | "actor">, clusterId: string) {
  const cluster = await ctx.db.cluster.findUnique({
    where: { id: clusterId },
    include: {
      tenant: true,
      shares: { select: shareSelect },
      nodes: { where: { role: "master" }, include: { host: true }, orderBy: { removing: "asc" }, take: 1 },
    },
  });
  const scope = cluster && scopeOf(ctx.actor, cluster.tenant);
  const [master] = cluster?.nodes ?? [];
  if (!cluster || !scope || !canCluster(ctx.actor, scope, "notebook", cluster) || !master) throw notFound("cluster");
  if (scope.closed) throw new UserError("forbidden", scope.closed);
  return { cluster, master };
}

/** A tar stream of those notebooks. @throws UserError as `notebooksOf` */
export async function notebooks(ctx: ActorCtx, clusterId: string, signal: AbortSignal): Promise<{ name: string; stream: Readable }> {
  const { cluster, master } = await notebooksOf(ctx, clusterId);
  const stream = await ctx.hosts.archive(master.host, master.volumeId, signal);
  await audit(ctx.db, ctx.actor, {
    action: "cluster.notebooks",
    resource: `cluster:${cluster.id}`,
    resourceName: cluster.name,
    tenantId: cluster.tenantId,
  });
  return { name: `${cluster.name}-notebooks.tar`, stream };
}
