import type { z } from "zod";
import { notFound } from "../../errors.ts";
import { columnChanges } from "../audit/changes.ts";
import type { ActorCtx } from "../context.ts";
import { reservedWithin, said } from "./create.ts";
import type { EditSegment } from "./schemas.ts";

/**
 * Name servers, MTU and reserved addresses of a segment; what is left out stays. An address that is in use stays in use when it is reserved
 * now, and is not given out again.
 * @throws UserError not_found; bad_request for what is reserved outside of its subnet
 */
export function editSegment(ctx: ActorCtx, input: z.output<typeof EditSegment>): Promise<{ id: string }> {
  return ctx.db.$transaction(async (tx) => {
    const row = await tx.segment.findUnique({ where: { id: input.segment } });
    if (!row) throw notFound("segment");
    const { mtu, dns, reserved } = input;
    reservedWithin(row.cidr, reserved ?? []);
    const data = { ...(mtu === undefined ? {} : { mtu }), ...(dns ? { dns } : {}), ...(reserved ? { reserved } : {}) };
    await tx.segment.update({ where: { id: row.id }, data });
    const words = [
      ...(mtu === undefined ? [] : [`MTU ${mtu}`]),
      ...(dns ? [`name servers ${dns.join(", ") || "as the host's"}`] : []),
      ...(reserved ? [`reserved ${reserved.join(", ") || "nothing"}`] : []),
    ];
    await said(tx, ctx, "segment.edit", row, words.join("; ") || "nothing", columnChanges(row, data));
    return { id: row.id };
  });
}
