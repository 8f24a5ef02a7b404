import type { z } from "zod";
import { canCluster } from "../../auth/can.ts";
import { notFound, UserError } from "../../errors.ts";
import { nodesOfCluster } from "../../planner/rows.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import type { TenantCtx } from "../context.ts";
import { exceeded, left, raisedAt } from "../tenants/quota.ts";
import { readQuota } from "../tenants/usage.ts";
import { notYours } from "./actions.ts";
import { placementWords } from "./fit.ts";
import { takesMore } from "./grow.ts";
import { rightsOf } from "./rights.ts";
import { findCluster, ownerOf } from "./rows.ts";
import type { ResizeCluster, ResizeFitView } from "./schemas.ts";
import { tryResizing } from "./trial.ts";

/**
 * What another number of workers would take, what the tenant has left, and whether and where they would fit now: at the next start, when the
 * cluster is stopped. Changes nothing.
 * @throws UserError not_found, or bad_request where the distribution has no workers or their flavor is too small
 */
export async function fitResize(ctx: TenantCtx, input: z.output<typeof ResizeCluster>): Promise<ResizeFitView> {
  const { db, tenant } = ctx;
  const now = ctx.now().getTime();
  const [row, limits, snapshot] = await Promise.all([
    findCluster(db, ctx, input.cluster),
    db.tenant.findUniqueOrThrow({ where: { id: tenant.id } }),
    loadSnapshot(db),
  ]);
  // What is left of the owner's limits is for those who may use it up.
  if (!canCluster(ctx.actor, tenant, "change", row)) throw new UserError("forbidden", notYours("resize", row));
  const owner = ownerOf(ctx, row);
  const quota = await readQuota(db, limits, owner, tenant.role);
  const cluster = snapshot.clusters.find((one) => one.id === row.id);
  const distribution = snapshot.distributions.find((one) => one.id === cluster?.distributionId);
  if (!cluster || !distribution) throw notFound("cluster");
  const trial = (workers: number) => tryResizing(snapshot, cluster, workers, now);
  const overLimit = (workers: number) => exceeded(quota, takesMore(row, workers));
  const { clusters: _, ...takes } = takesMore(row, input.workerCount);
  const tried = trial(input.workerCount);
  // Fewer workers never exceed a limit and need no room, even where the cluster waits for room as it is.
  const grows = input.workerCount > row.workerCount;
  const refusal = grows ? (overLimit(input.workerCount) ?? ("refusal" in tried ? tried.refusal.message : null)) : null;
  return {
    takes,
    left: left(quota.tenant),
    mine: left(quota.person),
    ...(owner.name === null ? {} : { whose: owner.name }),
    fits: refusal === null,
    placement: grows && "placement" in tried ? placementWords(snapshot, tried.placement) : [],
    segment: snapshot.segments.find((one) => one.id === cluster.segmentId)?.name ?? null,
    refusal,
    raise: grows ? raisedAt(quota, takesMore(row, input.workerCount)) : null,
    rights: rightsOf(snapshot, cluster, distribution, nodesOfCluster(snapshot, cluster.id)),
    nearest: null,
    workers: refusal === null ? null : most(row.workerCount, input.workerCount, (n) => overLimit(n) === null && "placement" in trial(n)),
  };
}

/** The largest number below `asked` that still fits and is more than there are now. */
function most(now: number, asked: number, fits: (workers: number) => boolean): ResizeFitView["workers"] {
  for (let workers = asked - 1; workers > now; workers -= 1) if (fits(workers)) return workers;
  return null;
}
