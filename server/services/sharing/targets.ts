import type { z } from "zod";
import { firstName } from "../../auth/directory/names.ts";
import type { TenantCtx } from "../context.ts";
import { ownCluster } from "./change.ts";
import type { FindShareTargets, ShareTargets } from "./schemas.ts";
import { roleName } from "./words.ts";

const most = { people: 8, groups: 5 };

/**
 * People, groups and roles of the tenant whose name has this text, to share a cluster with: not its owner. Groups are those that people of the tenant
 * are in. For those who may share it only.
 */
export async function findShareTargets(ctx: TenantCtx, input: z.output<typeof FindShareTargets>): Promise<ShareTargets> {
  const { db, tenant } = ctx;
  const { ownerId } = await ownCluster(ctx, input.cluster);
  const has = { contains: input.text, mode: "insensitive" } as const;
  const member = { barredAt: null, memberships: { some: { tenantId: tenant.id } } };
  const [people, groups, everybody, administrators] = await Promise.all([
    db.user.findMany({
      where: { ...member, id: { not: ownerId }, OR: [{ username: has }, { displayName: has }] },
      select: { username: true, displayName: true },
      orderBy: [{ displayName: "asc" }, { username: "asc" }],
      take: most.people,
    }),
    // The name is the value of the distinguished name's first part.
    db.$queryRaw<{ group: string; people: number }[]>`
      SELECT g AS "group", count(*)::int AS people
      FROM "User" u JOIN "Membership" m ON m."userId" = u.id AND m."tenantId" = ${tenant.id} CROSS JOIN unnest(u."groups") g
      WHERE u."barredAt" IS NULL AND position(${input.text.toLowerCase()} IN substring(split_part(g, ',', 1) FROM '=(.*)$')) > 0
      GROUP BY g
      ORDER BY lower(substring(split_part(g, ',', 1) FROM '=(.*)$')) = ${input.text.toLowerCase()} DESC, count(*) DESC, g LIMIT ${most.groups}`,
    db.membership.count({ where: { tenantId: tenant.id, user: { barredAt: null } } }),
    db.membership.count({ where: { tenantId: tenant.id, role: "admin", user: { barredAt: null } } }),
  ]);
  const roles = [
    { role: "member" as const, name: roleName("member", tenant.name), people: everybody },
    { role: "admin" as const, name: roleName("admin", tenant.name), people: administrators },
  ];
  return {
    people: people.map(({ username, displayName }) => ({ username, name: displayName })),
    groups: groups.map(({ group, people: count }) => ({ group, name: firstName(group), people: count })),
    roles: roles.filter(({ name }) => name.toLowerCase().includes(input.text.toLowerCase())),
  };
}
