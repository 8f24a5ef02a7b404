import type { z } from "zod";
import type { TenantCtx } from "../context.ts";
import { changeCluster } from "./change.ts";
import type { ClusterRef } from "./schemas.ts";

/** Says that a cluster is to rest: its disks and addresses stay. */
export function stopCluster(ctx: TenantCtx, input: z.output<typeof ClusterRef>): Promise<{ id: string }> {
  return changeCluster(ctx, input.cluster, "stop", () => ({ data: { desired: "stopped" } }));
}
