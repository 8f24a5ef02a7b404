import { z } from "zod";
import { Id, Label } from "../../../agents/protocol/ids.ts";
import type { Metrics } from "../../../agents/protocol/verbs.ts";
import { notFound } from "../../errors.ts";
import { findCluster } from "../clusters/rows.ts";
import type { ActorCtx, TenantCtx } from "../context.ts";
import type { HostRef } from "./schemas.ts";

export const NodeOfCluster = z.object({ tenant: Label, cluster: Id, node: Id });

/** What a host used during the last hour, nodes and everything else, asked of it now. @throws UserError when it does not answer */
export async function hostMetrics(ctx: ActorCtx, { host: name }: z.output<typeof HostRef>): Promise<Metrics> {
  const host = await ctx.db.host.findUnique({ where: { name } });
  if (!host) throw notFound("host");
  return ctx.hosts.metrics(host, null);
}

/** The same of one node of a cluster of the tenant. */
export async function nodeMetrics(ctx: TenantCtx, input: z.output<typeof NodeOfCluster>): Promise<Metrics> {
  const cluster = await findCluster(ctx.db, ctx, input.cluster);
  const node = await ctx.db.node.findFirst({ where: { id: input.node, clusterId: cluster.id }, include: { host: true } });
  if (!node) throw notFound("node");
  return ctx.hosts.metrics(node.host, node.id);
}
