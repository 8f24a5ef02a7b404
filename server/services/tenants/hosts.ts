import type { z } from "zod";
import { notFound } from "../../errors.ts";
import { nodesOnHost } from "../../planner/rows.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import type { Deps } from "../context.ts";
import { hostViews } from "../hosts/list.ts";
import { tenantNames } from "../hosts/tenants.ts";
import type { TenantHostView, TenantRef } from "./schemas.ts";

/** Every host as a tenant sees it: kept for it, for another one or for nobody, and whose nodes are there. @throws UserError not_found */
export async function tenantHosts(deps: Deps, { tenant: slug }: z.output<typeof TenantRef>): Promise<TenantHostView[]> {
  const { db } = deps;
  const row = await db.tenant.findUnique({ where: { slug }, select: { id: true, hostTags: true } });
  if (!row) throw notFound("tenant");
  const [snapshot, names] = [await loadSnapshot(db), await tenantNames(db)];
  const mine = new Set(snapshot.clusters.filter((cluster) => cluster.tenantId === row.id).map(({ id }) => id));
  return hostViews(snapshot, deps.now()).map((view) => {
    const nodes = nodesOnHost(snapshot, view.id);
    const own = nodes.filter((node) => mine.has(node.clusterId)).length;
    const keptFor = snapshot.hosts.find((host) => host.id === view.id)?.tenantId ?? null;
    const { name, state, reason, progress, mode, lostAt, memoryMb } = view;
    return {
      ...{ name, state, mode, lostAt, memoryMb },
      reason: progress ?? reason,
      keptFor: keptFor === null ? null : (names.get(keptFor) ?? null),
      nodes: own,
      others: nodes.length - own,
      lacks: row.hostTags.filter((tag) => !view.tags.includes(tag)),
    };
  });
}
