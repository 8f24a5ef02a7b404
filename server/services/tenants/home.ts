import { ledger } from "../../planner/scheduler/ledger.ts";
import { silence } from "../../planner/silence.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import type { TenantCtx } from "../context.ts";
import type { TenantHome } from "../views.ts";
import { suggestName } from "./suggest-name.ts";
import { usageOf } from "./usage.ts";

/** What is free on the hosts that can take nodes now. */
export function freeNow(snapshot: Snapshot, now: Date): TenantHome["free"] {
  const usable = ledger(snapshot).filter(
    ({ host }) => host.observed?.facts.engine && host.mode === "active" && silence(host, now.getTime()) === null,
  );
  const sum = (of: (entry: (typeof usable)[number]) => number): number =>
    usable.reduce((total, entry) => total + Math.max(0, of(entry)), 0);
  return { vcpus: sum((e) => e.vcpus), memoryMb: sum((e) => e.memoryMb), dataGb: Math.floor(sum((e) => e.diskMb) / 1024) };
}

export async function tenantHome(ctx: TenantCtx): Promise<TenantHome> {
  const { db, tenant, actor } = ctx;
  const [limits, used, snapshot, clusters] = await Promise.all([
    db.tenant.findUniqueOrThrow({ where: { id: tenant.id } }),
    usageOf(db, tenant.id),
    loadSnapshot(db),
    db.cluster.findMany({ where: { tenantId: tenant.id }, select: { name: true, ownerId: true } }),
  ]);
  return {
    tenant: { slug: tenant.slug, name: tenant.name },
    role: tenant.role,
    usage: {
      clusters: { used: used.clusters, limit: limits.maxClusters },
      nodes: { used: used.nodes, limit: limits.maxNodes },
      vcpus: { used: used.vcpus, limit: limits.maxVcpus },
      memoryMb: { used: used.memoryMb, limit: limits.maxMemoryMb },
      dataGb: { used: used.dataGb, limit: limits.maxDataGb },
    },
    free: freeNow(snapshot, ctx.now()),
    counts: { mine: clusters.filter((one) => one.ownerId === actor.userId).length, all: clusters.length },
    suggestedName: suggestName(
      actor.username,
      clusters.map((one) => one.name),
    ),
  };
}
