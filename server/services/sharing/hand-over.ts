import type { z } from "zod";
import { notify } from "../../db.ts";
import { UserError } from "../../errors.ts";
import type { TenantCtx } from "../context.ts";
import { counts, nothing } from "../tenants/quota.ts";
import { checkQuota, countedSelect, readQuota } from "../tenants/usage.ts";
import { changeSharing } from "./change.ts";
import type { HandOverCluster } from "./schemas.ts";
import { personOf } from "./share.ts";

/**
 * Gives a cluster with its disks to another person of the tenant, against whose limits it counts from then on.
 * @throws UserError not_found, forbidden, `limit` where it passes the new owner's own limits, conflict for who has it already
 */
export function handOverCluster(ctx: TenantCtx, input: z.output<typeof HandOverCluster>): Promise<{ id: string }> {
  return changeSharing(ctx, input.cluster, "hand-over", async (row, tx, tenant) => {
    const next = await personOf(tx, tenant.id, input.to, "to");
    if (next.id === row.ownerId) throw new UserError("conflict", `${next.displayName} has it already.`, "to");
    const counted = await tx.cluster.findUniqueOrThrow({ where: { id: row.id }, select: countedSelect });
    const name = next.id === ctx.actor.userId ? null : next.displayName;
    // The tenant's sum stays; only whose it is changes.
    checkQuota(await readQuota(tx, tenant, { id: next.id, name }, ctx.tenant.role), nothing, counts(counted));
    await tx.clusterShare.deleteMany({ where: { clusterId: row.id, userId: { in: [next.id, row.ownerId] } } });
    if (input.keep !== "none")
      await tx.clusterShare.create({
        data: {
          id: ctx.newId("x"),
          clusterId: row.id,
          userId: row.ownerId,
          level: input.keep,
          createdAt: ctx.now(),
          createdBy: ctx.actor.displayName,
        },
      });
    // Its disks follow by a trigger, and so does what its hours are counted for.
    await tx.cluster.update({ where: { id: row.id }, data: { ownerId: next.id } });
    await notify(tx, "desired", row.id);
    return {
      what: `from ${row.owner.displayName} to ${next.displayName}${input.keep === "none" ? "" : `, who lets them ${input.keep} it`}`,
      before: row.owner.displayName,
      after: next.displayName,
    };
  });
}
