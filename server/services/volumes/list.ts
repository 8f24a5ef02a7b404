import { VolumeObservation } from "../../../agents/protocol/observed.ts";
import type { Tx } from "../../db.ts";
import type { TenantCtx } from "../context.ts";
import type { VolumeView } from "../views.ts";
import { ownVolumes } from "./own.ts";

/** Disks that satisfy a condition, or every one: kept ones first, by name. */
export async function volumeRows(db: Tx, where: ReturnType<typeof ownVolumes> | null): Promise<(VolumeView & { tenant: string })[]> {
  const rows = await db.volume.findMany({
    where: where ?? {},
    include: {
      host: { select: { name: true } },
      tenant: { select: { slug: true } },
      owner: { select: { displayName: true } },
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
      owner: row.owner?.displayName ?? null,
      host: row.host.name,
      keptAt: row.keptAt?.toISOString() ?? null,
      tenant: row.tenant.slug,
    }))
    .sort((a, b) => Number(b.state === "kept") - Number(a.state === "kept") || a.name.localeCompare(b.name, "en", { numeric: true }));
}

/** A member's disks; the whole tenant's for its administrators. */
export function listVolumes(ctx: TenantCtx): Promise<VolumeView[]> {
  return volumeRows(ctx.db, ownVolumes(ctx));
}
