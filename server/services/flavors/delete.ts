import type { z } from "zod";
import { UserError } from "../../errors.ts";
import { count, gb, list } from "../../planner/words.ts";
import type { ActorCtx } from "../context.ts";
import { lockFlavor, said } from "./change.ts";
import type { DeleteFlavor } from "./schemas.ts";

/**
 * Forgets a flavor that no cluster has.
 * @throws UserError not_found; conflict for one that is used; when `confirm` does not repeat its short name
 */
export function deleteFlavor(ctx: ActorCtx, input: z.output<typeof DeleteFlavor>): Promise<{ flavor: string }> {
  return ctx.db.$transaction(async (tx) => {
    const row = await lockFlavor(tx, input.flavor);
    if (input.confirm.trim() !== row.slug)
      throw new UserError("bad_request", `A deleted flavor does not come back. Type its short name, ${row.slug}, to confirm.`, "confirm");
    // With the sizes that it had before.
    const same = { position: row.position };
    const users = await tx.cluster.findMany({
      where: { OR: [{ masterFlavor: same }, { workerFlavor: same }] },
      select: { name: true, tenant: { select: { slug: true } } },
      orderBy: [{ tenant: { slug: "asc" } }, { name: "asc" }],
    });
    if (users.length > 0) {
      const names = users.slice(0, 5).map(({ name, tenant }) => `${name} of ${tenant.slug}`);
      const more = users.length > names.length ? [count(users.length - names.length, "other")] : [];
      throw new UserError(
        "conflict",
        `The flavor ${row.name} is used by ${list([...names, ...more])}. Retire it instead: then nobody new gets it, and it can be deleted when they are gone.`,
      );
    }
    await tx.flavor.delete({ where: { id: row.id } });
    await said(tx, ctx, "flavor.delete", row, { what: `${row.slug}: ${row.vcpus} vCPU, ${gb(row.memoryMb)}` });
    return { flavor: row.slug };
  });
}
