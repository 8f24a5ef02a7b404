import { closedWords } from "../services/tenants/closed.ts";
import type { Actor, TenantScope } from "./actor.ts";

export type ClusterAction =
  /** See it in lists, its page, its nodes. */
  | "see"
  /** Resize, stop, start, retry, delete, restart a service. */
  | "change"
  /** Spark's pages and the services' logs. */
  | "inspect"
  /** Jupyter: it runs as the owner, with the owner's data, so it is the owner's alone. */
  | "notebook";

/** What a person may do with a cluster of a tenant whose scope they were already given. */
export function canCluster(
  actor: Actor,
  scope: TenantScope,
  action: ClusterAction,
  cluster: { ownerId: string; tenantId: string },
): boolean {
  if (cluster.tenantId !== scope.id) return false;
  const owner = cluster.ownerId === actor.userId;
  switch (action) {
    case "see":
      return true;
    case "change":
    case "inspect":
      return owner || scope.role !== "member";
    case "notebook":
      return owner;
  }
}

/** The person's scope in a tenant; null where they have no business (callers answer "not found"). */
export function scopeOf(actor: Actor, tenant: Parameters<typeof closedWords>[0] & { id: string; slug: string }): TenantScope | null {
  const { id, slug, name } = tenant;
  const closed = closedWords(tenant);
  if (actor.siteAdmin) return { id, slug, name, role: "site-admin", closed };
  const membership = actor.memberships.find((one) => one.tenantId === id);
  return membership ? { id, slug, name, role: membership.role, closed } : null;
}

/** Whether a scope is enough for what a procedure declares. */
export function atLeast(scope: TenantScope, role: "member" | "admin"): boolean {
  return role === "member" || scope.role !== "member";
}
