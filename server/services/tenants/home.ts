import { sharedClusters } from "../../auth/shares.ts";
import { ledger } from "../../planner/scheduler/ledger.ts";
import { silence } from "../../planner/silence.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import type { TenantCtx } from "../context.ts";
import type { Amounts, TenantHome } from "../views.ts";
import { closedWords } from "./closed.ts";
import { tellsOfGpus } from "./gpus.ts";
import { type Allowance, ofEach, resources } from "./quota.ts";
import { setsOf } from "./sets.ts";
import { suggestName } from "./suggest-name.ts";
import { readQuota } from "./usage.ts";

/** What is free on the hosts that can take nodes of the tenant now. What others have of their own is none of its business. */
export function freeNow(snapshot: Snapshot, tenantId: string, now: Date): TenantHome["free"] {
  const tags = snapshot.tenants.find(({ id }) => id === tenantId)?.hostTags ?? [];
  const usable = ledger(snapshot).filter(
    ({ host }) =>
      host.observed?.facts.engine &&
      host.mode === "active" &&
      silence(host, now.getTime()) === null &&
      (host.tenantId === null || host.tenantId === tenantId) &&
      tags.every((tag) => host.tags.includes(tag)),
  );
  const sum = (of: (entry: (typeof usable)[number]) => number): number =>
    usable.reduce((total, entry) => total + Math.max(0, of(entry)), 0);
  return {
    vcpus: sum((e) => e.vcpus),
    memoryMb: sum((e) => e.memoryMb),
    dataGb: Math.floor(sum((e) => e.diskMb) / 1024),
    gpus: sum((e) => e.gpus),
  };
}

/** What is used beside what may be. */
export function amounts({ limits, used }: Allowance): Amounts {
  return ofEach((resource) => ({ used: Math.round(used[resource] * 10) / 10, limit: limits[resource] }));
}

export async function tenantHome(ctx: TenantCtx): Promise<TenantHome> {
  const { db, tenant, actor } = ctx;
  const row = await db.tenant.findUniqueOrThrow({ where: { id: tenant.id }, include: { defaultFlavor: { select: { slug: true } } } });
  const [quota, snapshot, clusters, shared] = await Promise.all([
    readQuota(db, row, { id: actor.userId, name: null }, tenant.role),
    loadSnapshot(db),
    db.cluster.findMany({ where: { tenantId: tenant.id }, select: { name: true, ownerId: true } }),
    db.cluster.count({ where: sharedClusters(actor, tenant.id) }),
  ]);
  const own = clusters.filter((one) => one.ownerId === actor.userId).length;
  const [usage, mine] = [amounts(quota.tenant), amounts(quota.person)];
  return {
    tenant: { slug: tenant.slug, name: tenant.name },
    role: tenant.role,
    closed: closedWords(row),
    usage,
    mine: resources.some((resource) => quota.person.limits[resource] !== null) ? mine : null,
    free: freeNow(snapshot, tenant.id, ctx.now()),
    gpus: await tellsOfGpus(db, row, [usage, mine]),
    ...setsOf(row),
    flavor: row.defaultFlavor?.slug ?? null,
    counts: { mine: own, shared, all: tenant.role === "member" ? own + shared : clusters.length },
    suggestedName: suggestName(
      actor.username,
      clusters.map((one) => one.name),
    ),
  };
}
