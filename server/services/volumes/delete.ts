import { z } from "zod";
import { Id, Label } from "../../../agents/protocol/ids.ts";
import { notify } from "../../db.ts";
import { notFound, UserError } from "../../errors.ts";
import { audit } from "../audit/write.ts";
import type { TenantCtx } from "../context.ts";
import { ownVolumes } from "./own.ts";

export const DeleteVolume = z.object({
  tenant: Label,
  volume: Id,
  /** Must repeat the volume's name. */
  confirm: z.string().max(200),
});

/**
 * Destroys a kept volume: its owner may, and the tenant's administrators.
 * @throws UserError not_found for somebody else's; for one that is in use or promised to a cluster
 */
export async function deleteVolume(ctx: TenantCtx, input: z.output<typeof DeleteVolume>): Promise<{ id: string }> {
  await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM "Volume" WHERE id = ${input.volume} FOR UPDATE`;
    const row = await tx.volume.findFirst({
      where: { id: input.volume, ...ownVolumes(ctx) },
      include: { claimedBy: true, node: true },
    });
    if (!row) throw notFound("volume");
    if (row.state === "deleting") throw new UserError("conflict", `The volume ${row.name} is being deleted already.`);
    if (row.state !== "kept" || row.node)
      throw new UserError("conflict", `The volume ${row.name} is in use by ${row.node?.name ?? "a node"}. It goes with its cluster.`);
    if (row.claimedBy) throw new UserError("conflict", `The cluster ${row.claimedBy.name} is about to use the volume ${row.name}.`);
    if (input.confirm.trim() !== row.name)
      throw new UserError("bad_request", `Deleting cannot be undone. Type the volume's name, ${row.name}, to confirm.`, "confirm");
    await tx.volume.update({ where: { id: row.id }, data: { state: "deleting" } });
    await audit(tx, ctx.actor, {
      action: "volume.delete",
      resource: `volume:${row.id}`,
      resourceName: row.name,
      tenantId: ctx.tenant.id,
      ...(row.origin ? { detail: { what: row.origin } } : {}),
    });
    await notify(tx, "desired", "*");
  });
  return { id: input.volume };
}
