import type { z } from "zod";
import { UserError } from "../../errors.ts";
import { count, gb, list } from "../../planner/words.ts";
import { audit } from "../audit/write.ts";
import { byName } from "../by-name.ts";
import type { ActorCtx } from "../context.ts";
import { changeTenant } from "./change.ts";
import { closedWords } from "./closed.ts";
import type { DeleteTenant } from "./schemas.ts";

/**
 * Says that a tenant is to go with everything it has. Its clusters go as any deleted cluster does; when hosts have shown everything gone, the
 * reconciler lets its segments go and then the tenant itself.
 * @throws UserError not_found; when `confirm` does not repeat the short name; conflict where volumes are kept and nobody said that they may go
 */
export function deleteTenant(ctx: ActorCtx, input: z.output<typeof DeleteTenant>): Promise<{ tenant: string }> {
  return changeTenant(ctx, input.tenant, "tenant.delete", async (tenant, tx) => {
    if (tenant.state === "deleting") throw new UserError("conflict", closedWords(tenant) ?? "");
    if (input.confirm.trim() !== tenant.slug)
      throw new UserError("bad_request", `Deleting cannot be undone. Type the tenant's short name, ${tenant.slug}, to confirm.`, "confirm");
    const tenantId = tenant.id;
    await tx.$queryRaw`SELECT id FROM "Cluster" WHERE "tenantId" = ${tenantId} ORDER BY id FOR UPDATE`;
    const clusters = await tx.cluster.findMany({ where: { tenantId }, select: { id: true, name: true, desired: true, keepData: true } });
    const kept = await tx.volume.findMany({ where: { tenantId, state: "kept" }, select: { name: true, sizeMb: true } });
    const segments = await tx.segment.count({ where: { tenantId } });
    // A cluster that is on its way out may leave a volume behind that is kept only in a moment.
    const leaving = clusters.filter((cluster) => cluster.desired === "deleted" && cluster.keepData);
    if (kept.length + leaving.length > 0 && !input.keptVolumes) {
      const names = [...kept.sort(byName).map(({ name }) => name), ...leaving.map(({ name }) => `what ${name} leaves`)];
      const shown = [...names.slice(0, 5), ...(names.length > 5 ? [count(names.length - 5, "other")] : [])];
      throw new UserError(
        "conflict",
        `People of ${tenant.name} kept ${count(names.length, "volume")}: ${list(shown)}. Say that they go too, or let somebody copy them first.`,
        "keptVolumes",
      );
    }
    const going = clusters.filter((cluster) => cluster.desired !== "deleted");
    await tx.cluster.updateMany({ where: { tenantId }, data: { desired: "deleted", keepData: false, generation: { increment: 1 } } });
    for (const { id, name } of going)
      await audit(tx, ctx.actor, {
        action: "cluster.delete",
        resource: `cluster:${id}`,
        resourceName: name,
        tenantId,
        detail: { what: "with its tenant and all data" },
      });
    const size = kept.reduce((sum, { sizeMb }) => sum + sizeMb, 0);
    return {
      data: { state: "deleting", stateSince: ctx.now(), stateBy: ctx.actor.displayName, stateReason: null },
      detail: {
        what: `${count(going.length, "cluster")}, ${count(kept.length, "kept volume")} (${gb(size)}), ${count(segments, "segment")}`,
        before: { state: tenant.state, clusters: clusters.map(({ name }) => name), volumes: kept.map(({ name }) => name) },
        after: { state: "deleting" },
      },
    };
  });
}
