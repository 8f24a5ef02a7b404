import { closedWords } from "../services/tenants/closed.ts";
import type { Actor, TenantScope } from "./actor.ts";
import { type ShareLevel, type ShareRow, sharedLevel } from "./shares.ts";

export type ClusterAction =
  /** See it in lists, its page, its nodes. */
  | "see"
  /** Spark's pages and the services' logs. */
  | "inspect"
  /** Jupyter: it runs as the owner, with the owner's data, so it is for the owner and whom they let use it. */
  | "notebook"
  /** Resize, stop, start, retry, restart a service. */
  | "change"
  /** Delete it, share it, hand it over. */
  | "own";

/** What decides about a cluster. Whoever asks has to have read with whom it is shared: without that there is no answer. */
export interface Guarded {
  ownerId: string;
  tenantId: string;
  shares: readonly ShareRow[];
}

const least: Record<Exclude<ClusterAction, "own">, ShareLevel> = { see: "view", inspect: "use", notebook: "use", change: "manage" };
const order: readonly ShareLevel[] = ["view", "use", "manage"];

/** What a person may do with a cluster of a tenant whose scope they were already given. */
export function canCluster(actor: Actor, scope: TenantScope, action: ClusterAction, cluster: Guarded): boolean {
  if (cluster.tenantId !== scope.id) return false;
  if (cluster.ownerId === actor.userId) return true;
  // Administrators look after everything in the tenant; into a notebook they come as everybody does, by being let in, which is written down.
  if (scope.role !== "member" && action !== "notebook") return true;
  if (action === "own") return false;
  const level = sharedLevel(actor, cluster);
  return level !== null && order.indexOf(level) >= order.indexOf(least[action]);
}

/** What a person is to a cluster that they may see, in one word. */
export type ClusterAccess = "owner" | "admin" | ShareLevel;

export function accessOf(actor: Actor, scope: TenantScope, cluster: Guarded): ClusterAccess {
  if (cluster.ownerId === actor.userId) return "owner";
  return scope.role === "member" ? (sharedLevel(actor, cluster) ?? "view") : "admin";
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
