import { VolumeObservation } from "../../../agents/protocol/observed.ts";
import type { Tx } from "../../db.ts";
import type { TenantCtx } from "../context.ts";
import type { VolumeView } from "../views.ts";

/** A tenant's disks, or everybody's (null): kept ones first, by name. */
export async function volumeRows(db: Tx, tenantId: string | null): Promise<(VolumeView & { tenant: string })[]> {
  const rows = await db.volume.findMany({
    where: tenantId === null ? {} : { tenantId },
    include: {
      host: { select: { name: true } },
      tenant: { select: { slug: true } },
      node: { select: { name: true, cluster: { select: { name: true } } } },
    },
  });
  return rows
    .map((row) => ({
      id: row.id,
      name: row.name,
      sizeMb: row.sizeMb,
      usedMb: VolumeObservation.safeParse(row.observed).data?.usedMb ?? null,
      state: row.state === "kept" ? ("kept" as const) : row.state === "deleting" ? ("deleting" as const) : ("attached" as const),
      origin: row.node ? `${row.node.name} of ${row.node.cluster.name}` : (row.origin ?? ""),
      host: row.host.name,
      keptAt: row.keptAt?.toISOString() ?? null,
      tenant: row.tenant.slug,
    }))
    .sort((a, b) => Number(b.state === "kept") - Number(a.state === "kept") || a.name.localeCompare(b.name, "en", { numeric: true }));
}

/** A tenant's disks. */
export function listVolumes({ db, tenant }: TenantCtx): Promise<VolumeView[]> {
  return volumeRows(db, tenant.id);
}
