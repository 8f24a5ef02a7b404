import { z } from "zod";
import { Id, Label } from "../../../agents/protocol/ids.ts";
import { tenantChanges } from "../../services/clusters/changes.ts";
import { createCluster } from "../../services/clusters/create.ts";
import { getCluster } from "../../services/clusters/get.ts";
import { ListClusters, listClusters } from "../../services/clusters/list.ts";
import { ClusterRef, CreateCluster } from "../../services/clusters/schemas.ts";
import { router, tenantProcedure } from "../trpc.ts";

const member = tenantProcedure("member");

export const clustersRouter = router({
  list: member.input(ListClusters).query(({ ctx, input }) => listClusters(ctx.call, input)),
  get: member.input(ClusterRef).query(({ ctx, input }) => getCluster(ctx.call, input)),
  create: member.input(CreateCluster).mutation(({ ctx, input }) => createCluster(ctx.call, input)),
  changed: member
    .input(z.object({ tenant: Label, cluster: Id.optional() }))
    .subscription(({ ctx, input, signal }) =>
      tenantChanges(ctx.call, ctx.changes.subscribe(signal ?? new AbortController().signal), input.cluster),
    ),
});
