import type { Prisma } from "../db/generated/client.ts";
import type { Actor, TenantScope } from "./actor.ts";

/** Each allows what the one before does: see it; open its services and read their logs; resize, stop, start, restart. */
export const shareLevels = ["view", "use", "manage"] as const;
export type ShareLevel = (typeof shareLevels)[number];

/** With whom, and what they may; one of the three is set. */
export interface ShareRow {
  userId: string | null;
  group: string | null;
  role: string | null;
  level: string;
}

/** What has to be read of a cluster's shares to decide about it. */
export const shareSelect = { userId: true, group: true, role: true, level: true } satisfies Prisma.ClusterShareSelect;

type Sharer = Pick<Actor, "userId" | "groups" | "memberships">;

/** The roles by which something of a tenant may be shared with a person: an administrator is one of everybody, too. */
function rolesIn(actor: Sharer, tenantId: string): string[] {
  const membership = actor.memberships.find((one) => one.tenantId === tenantId);
  // A site administrator's token for a tenant makes nobody one of its people.
  if (!membership || membership.assumed) return [];
  return membership.role === "admin" ? ["member", "admin"] : ["member"];
}

export function levelOf(text: string): ShareLevel | null {
  return shareLevels.find((level) => level === text) ?? null;
}

/** The most that any share gives a person; null: none does. Nothing is shared with people who are not in the tenant. */
export function sharedLevel(actor: Sharer, cluster: { tenantId: string; shares: readonly ShareRow[] }): ShareLevel | null {
  const roles = rolesIn(actor, cluster.tenantId);
  if (roles.length === 0) return null;
  const theirs = ({ userId, group, role }: ShareRow): boolean =>
    userId === actor.userId || (group !== null && actor.groups.includes(group)) || (role !== null && roles.includes(role));
  const given = cluster.shares.flatMap((share) => (theirs(share) ? [levelOf(share.level)] : []));
  return shareLevels.findLast((level) => given.includes(level)) ?? null;
}

/** Prisma's condition for shares that give a person something in a tenant. */
function sharesWith(actor: Sharer, tenantId: string): Prisma.ClusterShareWhereInput {
  const roles = rolesIn(actor, tenantId);
  if (roles.length === 0) return { id: { in: [] } };
  return { OR: [{ userId: actor.userId }, { group: { in: [...actor.groups] } }, { role: { in: roles } }] };
}

/** Prisma's condition for clusters that are shared with a person: others' that some share gives them. */
export function sharedClusters(actor: Sharer, tenantId: string): Prisma.ClusterWhereInput {
  return { tenantId, ownerId: { not: actor.userId }, shares: { some: sharesWith(actor, tenantId) } };
}

/** Prisma's condition for the clusters of a tenant that a person may see: the same rule as `canCluster` for "see". */
export function visibleClusters(actor: Sharer, scope: Pick<TenantScope, "id" | "role">): Prisma.ClusterWhereInput {
  if (scope.role !== "member") return { tenantId: scope.id };
  return { tenantId: scope.id, OR: [{ ownerId: actor.userId }, { shares: { some: sharesWith(actor, scope.id) } }] };
}
