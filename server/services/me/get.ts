import { byName } from "../by-name.ts";
import type { ActorCtx } from "../context.ts";
import type { Me } from "../views.ts";

/** Who one is and where one may go. Site administrators see every tenant. */
export async function getMe({ db, actor, now }: ActorCtx): Promise<Me> {
  const roles = new Map(actor.memberships.map((one) => [one.tenantId, one.role]));
  const [tenants, local] = await Promise.all([
    db.tenant.findMany({
      where: actor.siteAdmin ? {} : { id: { in: [...roles.keys()] } },
      select: { id: true, slug: true, name: true },
    }),
    db.localAdmin.findFirst({ where: { expiresAt: { gt: now() } }, select: { expiresAt: true } }),
  ]);
  const { power } = actor;
  return {
    id: actor.userId,
    username: actor.username,
    displayName: actor.displayName,
    siteAdmin: actor.siteAdmin,
    tenants: tenants
      .sort(byName)
      .map(({ id, slug, name }) => ({ slug, name, role: actor.siteAdmin ? "admin" : (roles.get(id) ?? "member"), own: roles.has(id) })),
    token: power && {
      scope: power.scope,
      tenant: tenants.find(({ id }) => id === power.tenantId)?.slug ?? null,
      expiresAt: power.expiresAt.toISOString(),
    },
    localAdminUntil: local?.expiresAt.toISOString() ?? null,
  };
}
