import { hostMetrics, NodeOfCluster, nodeMetrics } from "../../services/hosts/metrics.ts";
import { HostRef } from "../../services/hosts/schemas.ts";
import { router, siteProcedure, tenantProcedure } from "../trpc.ts";

/** The last hour, in steps of five seconds, asked of the host itself. */
export const metricsRouter = router({
  host: siteProcedure.input(HostRef).query(({ ctx, input }) => hostMetrics(ctx.call, input)),
  node: tenantProcedure("member")
    .input(NodeOfCluster)
    .query(({ ctx, input }) => nodeMetrics(ctx.call, input)),
});
