import type { z } from "zod";
import type { Flavor } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";
import type { ActorCtx } from "../context.ts";
import { difference } from "../tenants/difference.ts";
import { flavorWords, lockFlavor, said, setTenants } from "./change.ts";
import type { EditFlavor } from "./schemas.ts";

const sizes = ["vcpus", "memoryMb", "dataGb", "rootGb", "gpus"] as const;

/**
 * Changes a flavor for clusters to come. A new size is a new row with the same short name: clusters that have the old one keep it, with its numbers,
 * for as long as they live, and count with them.
 * @throws UserError not_found, or bad_request for a tenant that is not there
 */
export function editFlavor(ctx: ActorCtx, input: z.output<typeof EditFlavor>): Promise<{ flavor: string }> {
  return ctx.db.$transaction(async (tx) => {
    const row = await lockFlavor(tx, input.flavor);
    const before = await flavorWords(tx, row.id);
    const resized = sizes.some((key) => input[key] !== undefined && input[key] !== row[key]);
    const id = resized ? await replace(tx, ctx, row, input) : row.id;
    if (input.name !== undefined) await tx.flavor.update({ where: { id }, data: { name: input.name } });
    if (input.tenants !== undefined) await setTenants(tx, id, input.tenants);
    const changed = difference(before, await flavorWords(tx, id));
    if (changed) await said(tx, ctx, "flavor.edit", { id, name: row.name }, changed);
    return { flavor: row.slug };
  });
}

async function replace(tx: Tx, ctx: ActorCtx, row: Flavor, input: z.output<typeof EditFlavor>): Promise<string> {
  const { id: old, slug, ...rest } = row;
  await tx.flavor.update({
    where: { id: old },
    data: { slug: `${slug.slice(0, 30)}-${old.slice(-8)}`, retired: true, replacedAt: ctx.now() },
  });
  const id = ctx.newId("f");
  const { vcpus = row.vcpus, memoryMb = row.memoryMb, dataGb = row.dataGb, rootGb = row.rootGb, gpus = row.gpus } = input;
  await tx.flavor.create({ data: { ...rest, id, slug, vcpus, memoryMb, dataGb, rootGb, gpus } });
  await tx.flavorTenant.updateMany({ where: { flavorId: old }, data: { flavorId: id } });
  await tx.tenant.updateMany({ where: { defaultFlavorId: old }, data: { defaultFlavorId: id } });
  return id;
}
