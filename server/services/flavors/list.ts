import type { Deps } from "../context.ts";
import type { FlavorView } from "../views.ts";

/** Flavors that may be chosen, smallest first. */
export async function listFlavors({ db }: Deps): Promise<FlavorView[]> {
  const rows = await db.flavor.findMany({ where: { retired: false }, orderBy: { position: "asc" } });
  return rows.map(({ slug, name, vcpus, memoryMb, dataGb, rootGb }) => ({ slug, name, vcpus, memoryMb, dataGb, rootGb }));
}
