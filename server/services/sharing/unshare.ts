import type { z } from "zod";
import { firstName } from "../../auth/directory/names.ts";
import { notFound } from "../../errors.ts";
import type { TenantCtx } from "../context.ts";
import { changeSharing } from "./change.ts";
import type { UnshareCluster } from "./schemas.ts";
import { roleName } from "./words.ts";

/**
 * Takes a share away. What its people have open of the cluster's services ends within seconds, unless another share or role lets them.
 * @throws UserError not_found or forbidden
 */
export function unshareCluster(ctx: TenantCtx, input: z.output<typeof UnshareCluster>): Promise<{ id: string }> {
  return changeSharing(ctx, input.cluster, "unshare", async (row, tx) => {
    const share = await tx.clusterShare.findFirst({ where: { id: input.share, clusterId: row.id }, include: { user: true } });
    if (!share) throw notFound("share");
    await tx.clusterShare.delete({ where: { id: share.id } });
    const name = share.user?.displayName ?? (share.group === null ? roleName(share.role ?? "", ctx.tenant.name) : firstName(share.group));
    return { what: `no longer with ${name}`, before: share.level, after: "nothing" };
  });
}
