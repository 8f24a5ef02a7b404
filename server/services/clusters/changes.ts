import { loadActor } from "../../auth/actor.ts";
import { visibleClusters } from "../../auth/shares.ts";
import { notify, type Tx } from "../../db.ts";
import { log } from "../../log.ts";
import type { TenantCtx } from "../context.ts";

const sharing = "shares:";

/** Says inside the transaction that others may see a cluster now, or no longer. */
export function notifySharing(tx: Tx, cluster: string): Promise<void> {
  return notify(tx, "observed", `${sharing}${cluster}`);
}

/**
 * Narrows what was heard to the clusters of one tenant that the person may see. `*` (anything may have changed) becomes each of them. A cluster that
 * is gone is looked up in vain, so ids that were seen once are remembered, until it is said that it is shared with others now.
 */
export async function* tenantChanges(
  ctx: TenantCtx,
  feed: AsyncIterable<string>,
  only: string | undefined,
): AsyncGenerator<{ cluster: string }> {
  const mine = new Map<string, boolean>();
  /** @param fresh who is in which group may have changed since the connection was made */
  const visible = async (fresh: boolean, id?: string): Promise<string[]> => {
    const actor = (fresh ? await loadActor(ctx.db, ctx.actor.userId, ctx.actor) : null) ?? ctx.actor;
    const where = { AND: [visibleClusters(actor, ctx.tenant), id === undefined ? {} : { id }] };
    return (await ctx.db.cluster.findMany({ where, select: { id: true } })).map((row) => row.id);
  };
  const load = async (): Promise<void> => {
    const now = new Set(await visible(true));
    for (const id of [...mine.keys(), ...now]) mine.set(id, now.has(id));
  };
  // The next question may meet a connection to the database that was just lost. Whoever listens then asks again, instead of hearing nothing any more.
  const read = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (err) {
      log.warn({ err }, "changes.unread");
      return false;
    }
  };
  if (!(await read(load))) yield { cluster: "*" };
  for await (const heard of feed) {
    const cluster = heard.startsWith(sharing) ? heard.slice(sharing.length) : heard;
    if (cluster === "*") {
      const done = await read(load);
      const known = [...mine].flatMap(([id, ours]) => (ours && (only === undefined || id === only) ? [id] : []));
      for (const id of done && known.length > 0 ? known : ["*"]) yield { cluster: id };
      continue;
    }
    if (only !== undefined && cluster !== only) continue;
    const before = mine.get(cluster);
    const shared = heard !== cluster;
    if (before === undefined || shared) {
      const done = await read(async () => void mine.set(cluster, (await visible(shared, cluster)).length > 0));
      if (!done) yield { cluster: "*" };
    }
    // Whoever sees it no longer hears of it once more, and of nothing that comes after.
    if (before || mine.get(cluster)) yield { cluster };
  }
}
