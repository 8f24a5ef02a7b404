import type { Tenant } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";
import { byName } from "../by-name.ts";
import type { TenantCtx } from "../context.ts";
import { tellsOfGpus } from "./gpus.ts";
import { amounts } from "./home.ts";
import { type Limits, usageOf } from "./quota.ts";
import type { TenantPersonView } from "./schemas.ts";
import { countedSelect, keptAlone, limitsOf, personLimitsOf, readUsage, usualLimits } from "./usage.ts";

/**
 * Everybody in a tenant, and whoever still has something there, with what each uses of what they may.
 * @param also ids of people to tell about in any case
 */
export async function tenantPeople(tx: Tx, tenant: Tenant, also: readonly string[] = []): Promise<TenantPersonView[]> {
  const where = { tenantId: tenant.id };
  const [memberships, clusters, kept, exceptions, others] = await Promise.all([
    tx.membership.findMany({ where, include: { user: true } }),
    tx.cluster.findMany({ where, select: { ...countedSelect, owner: { select: { id: true, username: true, displayName: true } } } }),
    tx.volume.findMany({
      where: { ...where, ...keptAlone, ownerId: { not: null } },
      select: { sizeMb: true, owner: { select: { id: true, username: true, displayName: true } } },
    }),
    tx.personLimit.findMany({ where, include: { user: true } }),
    tx.user.findMany({ where: { id: { in: [...also] } }, select: { id: true, username: true, displayName: true } }),
  ]);
  const people = new Map<string, { username: string; displayName: string; role: TenantPersonView["role"] }>();
  for (const { id, username, displayName } of others) people.set(id, { username, displayName, role: null });
  for (const { owner } of [...clusters, ...kept]) if (owner) people.set(owner.id, { ...owner, role: null });
  for (const { user } of exceptions) people.set(user.id, { username: user.username, displayName: user.displayName, role: null });
  for (const { user, role } of memberships)
    people.set(user.id, { username: user.username, displayName: user.displayName, role: role === "admin" ? "admin" : "member" });
  const own = new Map(exceptions.map((row) => [row.userId, personLimitsOf(row, tenant)]));
  const usual = usualLimits(tenant);
  return [...people]
    .map(([id, { username, displayName, role }]) => {
      const keptMb = kept.reduce((sum, row) => sum + (row.owner?.id === id ? row.sizeMb : 0), 0);
      const used = usageOf(
        clusters.filter((cluster) => cluster.owner.id === id),
        keptMb,
      );
      return { username, name: displayName, role, usage: amounts({ limits: own.get(id) ?? usual, used }), own: own.has(id) };
    })
    .sort((a, b) => Number(a.role === null) - Number(b.role === null) || byName(a, b));
}

export interface TenantUsageView {
  usage: TenantPersonView["usage"];
  /** What each person may use unless something else is said for them. */
  personLimits: Limits;
  people: TenantPersonView[];
  /** Some flavor that it may use has GPUs, or something is said of them: there is something to tell of. */
  gpus: boolean;
}

/** What a tenant uses, and who of it how much. */
export async function tenantUsage({ db, tenant }: TenantCtx): Promise<TenantUsageView> {
  const row = await db.tenant.findUniqueOrThrow({ where: { id: tenant.id } });
  const [used, people] = await Promise.all([readUsage(db, { tenantId: row.id }), tenantPeople(db, row)]);
  const usage = amounts({ limits: limitsOf(row), used });
  const gpus = await tellsOfGpus(db, row, [usage, ...people.map((person) => person.usage)]);
  return { usage, personLimits: usualLimits(row), people, gpus };
}
