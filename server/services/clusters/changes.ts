import type { TenantCtx } from "../context.ts";

/**
 * Narrows what was heard to the clusters of one tenant. `*` (anything may have changed) becomes each of them. A cluster that is gone
 * is looked up in vain, so ids that were the tenant's once are remembered.
 */
export async function* tenantChanges(
  ctx: TenantCtx,
  feed: AsyncIterable<string>,
  only: string | undefined,
): AsyncGenerator<{ cluster: string }> {
  const mine = new Map<string, boolean>();
  const load = async (): Promise<void> => {
    for (const { id } of await ctx.db.cluster.findMany({ where: { tenantId: ctx.tenant.id }, select: { id: true } })) mine.set(id, true);
  };
  await load();
  for await (const cluster of feed) {
    if (cluster === "*") {
      await load();
      const known = [...mine].flatMap(([id, ours]) => (ours && (only === undefined || id === only) ? [id] : []));
      for (const id of known.length > 0 ? known : ["*"]) yield { cluster: id };
      continue;
    }
    if (only !== undefined && cluster !== only) continue;
    if (!mine.has(cluster)) mine.set(cluster, (await ctx.db.cluster.count({ where: { id: cluster, tenantId: ctx.tenant.id } })) > 0);
    if (mine.get(cluster)) yield { cluster };
  }
}
