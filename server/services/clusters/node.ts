import { z } from "zod";
import { Bundle } from "../../../agents/protocol/bundle.ts";
import { Id, Label } from "../../../agents/protocol/ids.ts";
import { LogPlace } from "../../../agents/protocol/verbs.ts";
import { type ClusterAction, canCluster } from "../../auth/can.ts";
import { notFound, UserError } from "../../errors.ts";
import type { TenantCtx } from "../context.ts";
import { findCluster } from "./rows.ts";

export const ServiceRef = z.object({ tenant: Label, cluster: Id, node: Id, service: Label });
export const ServiceLog = ServiceRef.extend({
  bytes: z.number().int().min(1).max(6_291_456).default(65_536),
  /** As an earlier answer said it. */
  after: LogPlace.optional(),
});

/** A service of a node of a cluster of the tenant, with its host. @throws UserError not_found or forbidden */
export async function findService(ctx: TenantCtx, input: z.output<typeof ServiceRef>, action: ClusterAction) {
  const cluster = await findCluster(ctx.db, ctx, input.cluster);
  const node = await ctx.db.node.findFirst({ where: { id: input.node, clusterId: cluster.id }, include: { host: true } });
  if (!node) throw notFound("node");
  const bundle = Bundle.parse(cluster.distribution.manifest);
  const services = bundle.roles[node.role === "master" ? "master" : "worker"]?.services ?? [];
  if (!services.includes(input.service)) throw notFound("service");
  if (!canCluster(ctx.actor, ctx.tenant, action, cluster))
    throw new UserError("forbidden", `${cluster.owner.displayName} lets you see this cluster, not do this. Ask for more.`);
  return { cluster, node, title: bundle.services[input.service]?.title ?? input.service };
}
