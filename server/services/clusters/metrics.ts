import type { z } from "zod";
import type { Metrics } from "../../../agents/protocol/verbs.ts";
import type { TenantCtx } from "../context.ts";
import { sumMetrics } from "./metrics-sum.ts";
import { findCluster } from "./rows.ts";
import type { ClusterRef } from "./schemas.ts";

export interface ClusterMetrics extends Metrics {
  /** How many nodes the figures are of, and how many there are: fewer while some hosts do not answer. */
  nodes: { answered: number; all: number };
}

/**
 * What a cluster's nodes used during the last hour, together, asked of their hosts now. Hosts that do not answer are left out and counted.
 * @throws UserError not_found; the host's own sentence when none answers
 */
export async function clusterMetrics(ctx: TenantCtx, input: z.output<typeof ClusterRef>): Promise<ClusterMetrics> {
  const cluster = await findCluster(ctx.db, ctx, input.cluster);
  const nodes = await ctx.db.node.findMany({ where: { clusterId: cluster.id }, include: { host: true } });
  const answers = await Promise.allSettled(nodes.map((node) => ctx.hosts.metrics(node.host, node.id)));
  const heard = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const refused = answers.find((answer) => answer.status === "rejected");
  if (heard.length === 0 && refused) throw refused.reason;
  return { ...sumMetrics(heard), nodes: { answered: heard.length, all: nodes.length } };
}
