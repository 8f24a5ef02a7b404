import type { Tx } from "../../db.ts";

/** Slugs and names of tenants by their id. */
export async function tenantNames(db: Tx): Promise<Map<string, { slug: string; name: string }>> {
  const rows = await db.tenant.findMany({ select: { id: true, slug: true, name: true } });
  return new Map(rows.map(({ id, slug, name }) => [id, { slug, name }]));
}

export const slugsOf = (names: ReadonlyMap<string, { slug: string }>): Map<string, string> =>
  new Map([...names].map(([id, { slug }]) => [id, slug]));
