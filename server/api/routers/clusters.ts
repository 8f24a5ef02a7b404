import { z } from "zod";
import { Id, Label } from "../../../agents/protocol/ids.ts";
import { attestCluster } from "../../services/attest/attest.ts";
import { clusterActivity } from "../../services/clusters/activity.ts";
import { tenantChanges } from "../../services/clusters/changes.ts";
import { createCluster } from "../../services/clusters/create.ts";
import { deleteCluster } from "../../services/clusters/delete.ts";
import { FitCluster, fitCluster } from "../../services/clusters/fit.ts";
import { fitResize } from "../../services/clusters/fit-resize.ts";
import { getCluster } from "../../services/clusters/get.ts";
import { ListClusters, listClusters } from "../../services/clusters/list.ts";
import { serviceLog } from "../../services/clusters/log.ts";
import { clusterMetrics } from "../../services/clusters/metrics.ts";
import { ServiceLog, ServiceRef } from "../../services/clusters/node.ts";
import { resizeCluster } from "../../services/clusters/resize.ts";
import { restartService } from "../../services/clusters/restart-service.ts";
import { retryCluster } from "../../services/clusters/retry.ts";
import { ClusterRef, CreateCluster, DeleteCluster, ResizeCluster } from "../../services/clusters/schemas.ts";
import { startCluster } from "../../services/clusters/start.ts";
import { stopCluster } from "../../services/clusters/stop.ts";
import { handOverCluster } from "../../services/sharing/hand-over.ts";
import { listShares } from "../../services/sharing/list.ts";
import { FindShareTargets, HandOverCluster, ShareCluster, UnshareCluster } from "../../services/sharing/schemas.ts";
import { shareCluster } from "../../services/sharing/share.ts";
import { findShareTargets } from "../../services/sharing/targets.ts";
import { unshareCluster } from "../../services/sharing/unshare.ts";
import { router, tenantProcedure } from "../trpc.ts";

const member = tenantProcedure("member");
/** With what there is: neither makes nor destroys anything. */
const use = tenantProcedure("member").meta({ needs: "use" });

export const clustersRouter = router({
  list: member.input(ListClusters).query(({ ctx, input }) => listClusters(ctx.call, input)),
  get: member.input(ClusterRef).query(({ ctx, input }) => getCluster(ctx.call, input)),
  fit: member.input(FitCluster).query(({ ctx, input }) => fitCluster(ctx.call, input)),
  fitResize: member.input(ResizeCluster).query(({ ctx, input }) => fitResize(ctx.call, input)),
  create: member.input(CreateCluster).mutation(({ ctx, input }) => createCluster(ctx.call, input)),
  resize: member.input(ResizeCluster).mutation(({ ctx, input }) => resizeCluster(ctx.call, input)),
  stop: use.input(ClusterRef).mutation(({ ctx, input }) => stopCluster(ctx.call, input)),
  start: use.input(ClusterRef).mutation(({ ctx, input }) => startCluster(ctx.call, input)),
  retry: use.input(ClusterRef).mutation(({ ctx, input }) => retryCluster(ctx.call, input)),
  delete: member.input(DeleteCluster).mutation(({ ctx, input }) => deleteCluster(ctx.call, input)),
  restartService: use.input(ServiceRef).mutation(({ ctx, input }) => restartService(ctx.call, input)),
  log: member.input(ServiceLog).query(({ ctx, input }) => serviceLog(ctx.call, input)),
  metrics: member.input(ClusterRef).query(({ ctx, input }) => clusterMetrics(ctx.call, input)),
  attestation: member.input(ClusterRef).query(({ ctx, input }) => attestCluster(ctx.call, input)),
  activity: member.input(ClusterRef).query(({ ctx, input }) => clusterActivity(ctx.call, input)),
  shares: member.input(ClusterRef).query(({ ctx, input }) => listShares(ctx.call, input)),
  shareTargets: member.input(FindShareTargets).query(({ ctx, input }) => findShareTargets(ctx.call, input)),
  share: member.input(ShareCluster).mutation(({ ctx, input }) => shareCluster(ctx.call, input)),
  unshare: member
    .meta({ takesAway: true })
    .input(UnshareCluster)
    .mutation(({ ctx, input }) => unshareCluster(ctx.call, input)),
  handOver: member.input(HandOverCluster).mutation(({ ctx, input }) => handOverCluster(ctx.call, input)),
  changed: member
    .input(z.object({ tenant: Label, cluster: Id.optional() }))
    .subscription(({ ctx, input, signal }) =>
      tenantChanges(ctx.call, ctx.changes.subscribe(signal ?? new AbortController().signal), input.cluster),
    ),
});
