import type { z } from "zod";
import type { Tx } from "../../db.ts";
import { notFound, UserError } from "../../errors.ts";
import { count, list } from "../../planner/words.ts";
import { byName } from "../by-name.ts";
import type { ActorCtx } from "../context.ts";
import { said } from "./create.ts";
import type { DeleteSegment } from "./schemas.ts";

/** From here to the end of the transaction no plan gives anybody an address there. */
export async function lockSegment(tx: Tx, id: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM "Segment" WHERE id = ${id} FOR UPDATE`;
}

/**
 * Forgets a segment that nobody uses.
 * @throws UserError for clusters on it, hosts that still take it down, or a name that was not repeated
 */
export function deleteSegment(ctx: ActorCtx, input: z.output<typeof DeleteSegment>): Promise<{ id: string }> {
  return ctx.db.$transaction(async (tx) => {
    await lockSegment(tx, input.segment);
    const row = await tx.segment.findUnique({ where: { id: input.segment } });
    if (!row) throw notFound("segment");
    if (input.confirm.trim() !== row.name)
      throw new UserError("bad_request", `A deleted segment does not come back. Type its name, ${row.name}, to confirm.`, "confirm");
    const clusters = await tx.cluster.findMany({ where: { segmentId: row.id }, select: { name: true } });
    if (clusters.length > 0) {
      const names = clusters
        .sort(byName)
        .slice(0, 5)
        .map((cluster) => cluster.name);
      const more = clusters.length > names.length ? [count(clusters.length - names.length, "other")] : [];
      throw new UserError(
        "conflict",
        `The segment ${row.name} is used by ${list([...names, ...more])}. Delete ${clusters.length === 1 ? "it" : "them"} first.`,
      );
    }
    const held = await tx.address.findMany({ where: { segmentId: row.id, freedAt: null }, include: { host: true, node: true } });
    if (held.length > 0) {
      const hosts = [...new Set(held.map((address) => address.host?.name ?? address.node?.name ?? address.ip))];
      throw new UserError("conflict", `The segment ${row.name} is still being taken down on ${list(hosts)}. Wait until it is gone there.`);
    }
    await tx.address.deleteMany({ where: { segmentId: row.id, freedAt: { not: null } } });
    await tx.segment.delete({ where: { id: row.id } });
    await said(tx, ctx, "segment.delete", row, row.cidr);
    return { id: row.id };
  });
}
