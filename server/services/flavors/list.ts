import type { TenantCtx } from "../context.ts";
import type { FlavorView } from "../views.ts";
import { usableFlavors } from "./usable.ts";

/** Flavors that a tenant may choose, in their order. */
export async function listFlavors({ db, tenant }: TenantCtx): Promise<FlavorView[]> {
  const rows = await db.flavor.findMany({ where: usableFlavors(tenant.id), orderBy: { position: "asc" } });
  return rows.map(({ slug, name, vcpus, memoryMb, dataGb, rootGb, gpus }) => ({ slug, name, vcpus, memoryMb, dataGb, rootGb, gpus }));
}
