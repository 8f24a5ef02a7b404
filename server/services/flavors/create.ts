import type { z } from "zod";
import { UserError } from "../../errors.ts";
import type { ActorCtx } from "../context.ts";
import { difference } from "../tenants/difference.ts";
import { flavorWords, said, setTenants } from "./change.ts";
import type { CreateFlavor } from "./schemas.ts";

/** A new size of nodes, last in the list. @throws UserError for a taken short name or a tenant that is not there */
export function createFlavor(ctx: ActorCtx, input: z.output<typeof CreateFlavor>): Promise<{ flavor: string }> {
  return ctx.db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(4714)`;
    const { tenants, ...data } = input;
    const taken = await tx.flavor.findUnique({ where: { slug: input.slug } });
    if (taken) {
      const hint = taken.retired ? "It is retired: offer it again, or take" : "Take";
      throw new UserError("conflict", `There is a flavor ${input.slug} already: ${taken.name}. ${hint} another short name.`, "slug");
    }
    const id = ctx.newId("f");
    const last = await tx.flavor.aggregate({ _max: { position: true } });
    await tx.flavor.create({ data: { id, ...data, position: (last._max.position ?? -1) + 1 } });
    await setTenants(tx, id, tenants);
    const { what } = difference({}, await flavorWords(tx, id)) ?? { what: "" };
    await said(tx, ctx, "flavor.create", { id, name: input.name }, { what: `${input.slug}; ${what.replaceAll("none → ", "")}` });
    return { flavor: input.slug };
  });
}
