import type { Flavor } from "../../db/generated/client.ts";
import { notify, type Tx } from "../../db.ts";
import { notFound, UserError } from "../../errors.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";
import type { difference } from "../tenants/difference.ts";
import { exactMb } from "../tenants/limit-words.ts";

/** The flavor that has the slug, locked. @throws UserError not_found */
export async function lockFlavor(tx: Tx, slug: string): Promise<Flavor> {
  await tx.$queryRaw`SELECT id FROM "Flavor" WHERE slug = ${slug} FOR UPDATE`;
  const row = await tx.flavor.findUnique({ where: { slug } });
  if (!row || row.replacedAt) throw notFound("flavor");
  return row;
}

/** The audit row, and a word to pages. */
export async function said(
  tx: Tx,
  ctx: ActorCtx,
  action: string,
  flavor: Pick<Flavor, "id" | "name">,
  detail: NonNullable<ReturnType<typeof difference>> | { what: string },
): Promise<void> {
  await audit(tx, ctx.actor, { action, resource: `flavor:${flavor.id}`, resourceName: flavor.name, detail });
  await notify(tx, "desired", flavor.id);
  await notify(tx, "observed", "*");
}

/** Keeps a flavor for some tenants, or gives it to everybody (null). @throws UserError for a tenant that is not there */
export async function setTenants(tx: Tx, flavorId: string, slugs: readonly string[] | null): Promise<void> {
  const rows = await tx.tenant.findMany({ where: { slug: { in: [...(slugs ?? [])] } }, select: { id: true, slug: true } });
  const missing = slugs?.find((slug) => !rows.some((row) => row.slug === slug));
  if (missing) throw new UserError("bad_request", `There is no tenant ${missing}.`, "tenants");
  await tx.flavorTenant.deleteMany({ where: { flavorId } });
  await tx.flavorTenant.createMany({ data: rows.map(({ id }) => ({ flavorId, tenantId: id })) });
  await tx.flavor.update({ where: { id: flavorId }, data: { restricted: slugs !== null } });
}

/** What it is, in words for the audit trail. */
export async function flavorWords(tx: Tx, id: string): Promise<Record<string, unknown>> {
  const row = await tx.flavor.findUniqueOrThrow({
    where: { id },
    include: { tenants: { include: { tenant: { select: { slug: true } } } } },
  });
  return {
    name: row.name,
    vCPUs: row.vcpus,
    memory: exactMb(row.memoryMb),
    "/data GB": row.dataGb,
    "root GB": row.rootGb,
    // What has none says nothing of them.
    ...(row.gpus > 0 ? { GPUs: row.gpus } : {}),
    tenants: row.restricted ? row.tenants.map(({ tenant }) => tenant.slug).sort() : "everybody",
  };
}
