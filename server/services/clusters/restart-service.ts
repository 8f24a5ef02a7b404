import type { z } from "zod";
import { audit } from "../audit/write.ts";
import type { TenantCtx } from "../context.ts";
import { findService, type ServiceRef } from "./node.ts";

/** Restarts one program inside a node. Nothing desired changes: it is asked of the host, and written down once the host has done it. */
export async function restartService(ctx: TenantCtx, input: z.output<typeof ServiceRef>): Promise<{ id: string }> {
  const { cluster, node, title } = await findService(ctx, input, "change");
  await ctx.hosts.restartService(node.host, { node: node.id, service: input.service });
  await audit(ctx.db, ctx.actor, {
    action: "cluster.restart-service",
    resource: `cluster:${cluster.id}`,
    resourceName: cluster.name,
    tenantId: ctx.tenant.id,
    detail: { what: `${title} on ${node.name}` },
  });
  return { id: cluster.id };
}
