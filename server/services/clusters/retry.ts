import type { z } from "zod";
import { loadSnapshot } from "../../snapshot/load.ts";
import type { TenantCtx } from "../context.ts";
import { changeCluster } from "./change.ts";
import { findCluster } from "./rows.ts";
import type { ClusterRef } from "./schemas.ts";
import { stateOf } from "./state.ts";

/** Begins a new attempt after a failure: containers are made anew, disks and addresses stay. */
export async function retryCluster(ctx: TenantCtx, input: z.output<typeof ClusterRef>): Promise<{ id: string }> {
  const now = ctx.now();
  const row = await findCluster(ctx.db, ctx, input.cluster);
  const { phase } = stateOf(row, await loadSnapshot(ctx.db), now);
  return changeCluster(
    ctx,
    input.cluster,
    "retry",
    async (_row, tx) => {
      // A higher incarnation replaces a node's container although nothing else about it changed.
      await tx.node.updateMany({ where: { clusterId: input.cluster, removing: false }, data: { incarnation: { increment: 1 } } });
      return { data: { attempt: { increment: 1 }, attemptAt: now } };
    },
    phase,
  );
}
