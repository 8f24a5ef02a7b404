import type { z } from "zod";
import { UserError } from "../../errors.ts";
import type { ActorCtx } from "../context.ts";
import { addSegment } from "../segments/create.ts";
import { CreateSegment } from "../segments/schemas.ts";
import { said } from "./change.ts";
import { difference } from "./difference.ts";
import { limitWords } from "./limit-words.ts";
import { unlimited } from "./quota.ts";
import type { CreateTenant } from "./schemas.ts";
import { settingColumns, settingWords } from "./settings.ts";

/** What goes without saying of a new one. */
const usual = {
  ...limitWords(unlimited),
  ...limitWords(unlimited, " a person"),
  egress: "open",
  distributions: "all",
  "capability sets": "Default",
  "usual set": "Default",
};

/**
 * A tenant with its limits and, unless nobody wants it yet, its first segment. Its people come by the groups of the directory.
 * @throws UserError for a taken short name, an unknown default, a used up address pool
 */
export function createTenant(ctx: ActorCtx, input: z.output<typeof CreateTenant>): Promise<{ tenant: string }> {
  return ctx.db.$transaction(async (tx) => {
    // Two who ask at once must not get the same short name.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(4713)`;
    const { slug, network } = input;
    const id = ctx.newId("t");
    const now = ctx.now();
    const taken = await tx.tenant.findUnique({ where: { slug } });
    if (taken) {
      const why = taken.state === "deleting" ? " is still being deleted. Wait until it is gone, or take" : ` is ${taken.name}. Take`;
      throw new UserError("conflict", `The tenant ${slug}${why} another short name.`, "slug");
    }
    await tx.tenant.create({
      data: { id, slug, name: input.name, createdAt: now, stateSince: now },
    });
    await tx.tenant.update({ where: { id }, data: await settingColumns(tx, id, input) });
    const { what } = difference(usual, await settingWords(tx, id)) ?? { what: "" };
    await said(tx, ctx, "tenant.create", { id, name: input.name }, { what: `${slug}, ${what}` });
    if (network) await addSegment(tx, ctx, CreateSegment.parse({ owner: slug, name: slug, uplink: network }));
    return { tenant: slug };
  });
}
