import type { Deps } from "../context.ts";
import type { SiteFlavorView } from "./schemas.ts";

/** Every flavor with who may use it and who does; retired ones last. */
export async function siteFlavors({ db }: Pick<Deps, "db">): Promise<SiteFlavorView[]> {
  const [rows, clusters] = await Promise.all([
    db.flavor.findMany({
      include: { tenants: { select: { tenant: { select: { slug: true } } } } },
      orderBy: [{ retired: "asc" }, { position: "asc" }],
    }),
    db.cluster.findMany({ select: { masterFlavorId: true, workerFlavorId: true } }),
  ]);
  const users = new Map<string, number>();
  for (const { masterFlavorId, workerFlavorId } of clusters)
    for (const id of new Set([masterFlavorId, workerFlavorId])) users.set(id, (users.get(id) ?? 0) + 1);
  // A size that was replaced stands where the flavor stands that replaced it.
  const older = (position: number): number =>
    rows.reduce((sum, row) => sum + (row.replacedAt && row.position === position ? (users.get(row.id) ?? 0) : 0), 0);
  return rows
    .filter((row) => !row.replacedAt)
    .map((row) => ({
      slug: row.slug,
      name: row.name,
      vcpus: row.vcpus,
      memoryMb: row.memoryMb,
      dataGb: row.dataGb,
      rootGb: row.rootGb,
      gpus: row.gpus,
      retired: row.retired,
      tenants: row.restricted ? row.tenants.map(({ tenant }) => tenant.slug).sort() : null,
      clusters: users.get(row.id) ?? 0,
      older: older(row.position),
    }));
}
