import type { z } from "zod";
import { UserError } from "../../errors.ts";
import { auditRefusal } from "../audit/refusal.ts";
import type { ActorCtx } from "../context.ts";
import { missingMappings, unmap } from "./mappings.ts";
import type { MappingView, RemovedMissing, RemoveMissing } from "./schemas.ts";

/**
 * Takes away mappings whose groups the directory of now does not have, one after the other. What cannot go, the last that makes site
 * administrators, keeps none of the others.
 * @throws UserError unavailable where the directory cannot be asked
 */
export async function removeMissing(ctx: ActorCtx, { ids }: z.output<typeof RemoveMissing>): Promise<RemovedMissing> {
  const { asked, mappings } = await missingMappings(ctx);
  if (!asked) throw new UserError("unavailable", "The directory cannot be asked for its groups just now. Nothing was removed.");
  const lacked = new Set(mappings.map(({ group }) => group));
  const shown = ids && new Set(ids);
  const meant = mappings.filter(({ id }) => shown?.has(id) ?? true);
  const removed: MappingView[] = [];
  const stay: RemovedMissing["stay"] = [];
  try {
    for (const one of meant) {
      try {
        await unmap(ctx, one.id, lacked);
        removed.push(one);
      } catch (cause) {
        if (!(cause instanceof UserError)) throw cause;
        // Somebody else took it away meanwhile.
        if (cause.code === "not_found") continue;
        if (cause.code !== "conflict") throw cause;
        await auditRefusal(ctx, { path: "directory.removeMapping", input: { id: one.id }, cause, tenant: null });
        stay.push({ ...one, why: cause.message });
      }
    }
  } finally {
    if (removed.length > 0) ctx.directory.changed();
  }
  return { removed, stay };
}
