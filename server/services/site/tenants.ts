import type { Deps } from "../context.ts";

export interface SiteTenant {
  slug: string;
  name: string;
  clusters: number;
  members: number;
  /** "10.35.192.0/24"; null: the tenant has no network yet. */
  segment: string | null;
}

export async function siteTenants({ db }: Deps): Promise<SiteTenant[]> {
  const rows = await db.tenant.findMany({
    include: { _count: { select: { clusters: true, memberships: true } }, segments: { select: { cidr: true }, orderBy: { cidr: "asc" } } },
    orderBy: { name: "asc" },
  });
  return rows.map(({ slug, name, _count, segments }) => ({
    slug,
    name,
    clusters: _count.clusters,
    members: _count.memberships,
    segment: segments.map(({ cidr }) => cidr).join(", ") || null,
  }));
}
