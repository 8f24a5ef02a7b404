import type { z } from "zod";
import type { ActorCtx } from "../context.ts";
import { difference } from "../tenants/difference.ts";
import { lockFlavor, said } from "./change.ts";
import type { RetireFlavor } from "./schemas.ts";

/** Offers a flavor no more, or again. Clusters that have it keep it, and may grow with it. @throws UserError not_found */
export function retireFlavor(ctx: ActorCtx, { flavor: slug, retired }: z.output<typeof RetireFlavor>): Promise<{ flavor: string }> {
  return ctx.db.$transaction(async (tx) => {
    const row = await lockFlavor(tx, slug);
    const word = (gone: boolean): string => (gone ? "no" : "yes");
    const changed = difference({ offered: word(row.retired) }, { offered: word(retired) });
    if (!changed) return { flavor: slug };
    await tx.flavor.update({ where: { id: row.id }, data: { retired } });
    await said(tx, ctx, retired ? "flavor.retire" : "flavor.offer", row, changed);
    return { flavor: slug };
  });
}
