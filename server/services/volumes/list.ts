import { z } from "zod";
import { VolumeObservation } from "../../../agents/protocol/observed.ts";
import type { Prisma } from "../../db/generated/client.ts";
import { byName } from "../by-name.ts";
import type { ActorCtx, TenantCtx } from "../context.ts";
import type { Page, VolumeView } from "../views.ts";
import { ownVolumes } from "./own.ts";

const include = {
  host: { select: { name: true } },
  tenant: { select: { slug: true } },
  owner: { select: { displayName: true } },
  node: { select: { name: true, cluster: { select: { name: true } } } },
} satisfies Prisma.VolumeInclude;

function viewOf(row: Prisma.VolumeGetPayload<{ include: typeof include }>): VolumeView & { tenant: string } {
  return {
    id: row.id,
    name: row.name,
    sizeMb: row.sizeMb,
    usedMb: VolumeObservation.safeParse(row.observed).data?.usedMb ?? null,
    state: row.state === "kept" ? "kept" : row.state === "deleting" ? "deleting" : "attached",
    origin:
      row.state === "arriving"
        ? "a copy on its way from another host"
        : row.node
          ? `${row.node.name} of ${row.node.cluster.name}`
          : (row.origin ?? ""),
    owner: row.owner?.displayName ?? null,
    host: row.host.name,
    keptAt: row.keptAt?.toISOString() ?? null,
    tenant: row.tenant.slug,
  };
}

export const ListSiteVolumes = z.object({
  /** What is typed or lies in an old link is never an error. */
  q: z
    .string()
    .transform((text) =>
      text
        .replace(/\p{Cc}/gu, " ")
        .trim()
        .slice(0, 100),
    )
    .optional(),
  /** Number of rows to skip, as `next` of the page before gave it. */
  cursor: z
    .string()
    .regex(/^\d{1,6}$/, "The cursor is not one of ours.")
    .optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

export interface SiteVolumesView extends Page<VolumeView & { tenant: string }> {
  /** Of all there are, whatever is searched for. */
  all: { volumes: number; kept: number; sizeMb: number };
}

const says = (q: string): Prisma.VolumeWhereInput => {
  const contains = { contains: q.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" } as const;
  return {
    OR: [
      { name: contains },
      { origin: contains },
      { owner: { displayName: contains } },
      { tenant: { OR: [{ slug: contains }, { name: contains }] } },
      { host: { name: contains } },
      { node: { cluster: { name: contains } } },
    ],
  };
};

/** The whole site's disks: kept ones first, then the newest. */
export async function listSiteVolumes({ db }: ActorCtx, { q, cursor, limit }: z.output<typeof ListSiteVolumes>): Promise<SiteVolumesView> {
  const where = q ? says(q) : {};
  const from = Number(cursor ?? 0);
  const [rows, total, kept, all] = await Promise.all([
    db.volume.findMany({
      ...{ where, include, orderBy: [{ state: "desc" }, { createdAt: "desc" }, { id: "asc" }], skip: from, take: limit },
      // One statement would look for the relations of those that are skipped, too.
      relationLoadStrategy: "query",
    }),
    db.volume.count({ where }),
    db.volume.count({ where: { state: "kept" } }),
    db.volume.aggregate({ _count: true, _sum: { sizeMb: true } }),
  ]);
  const to = from + limit;
  return {
    rows: rows.map(viewOf),
    total,
    next: to < total ? String(to) : null,
    all: { volumes: all._count, kept, sizeMb: all._sum.sizeMb ?? 0 },
  };
}

/** A member's disks; the whole tenant's for its administrators. Kept ones first, by name. */
export async function listVolumes(ctx: TenantCtx): Promise<VolumeView[]> {
  const rows = await ctx.db.volume.findMany({ where: ownVolumes(ctx), include });
  return rows.map(viewOf).sort((a, b) => Number(b.state === "kept") - Number(a.state === "kept") || byName(a, b));
}
