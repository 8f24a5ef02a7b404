import type { Actor, TenantScope } from "../../auth/actor.ts";
import { type ClusterAction, canCluster, type Guarded } from "../../auth/can.ts";
import { UserError } from "../../errors.ts";
import type { ClusterView, Phase } from "./schemas.ts";

export type Action = keyof ClusterView["actions"];
interface Row extends Guarded {
  desired: string;
  name: string;
  owner: { displayName: string };
}

const verbs: Record<Action, string> = { stop: "stop", start: "start", resize: "resize", delete: "delete", retry: "retry" };

/** Deleting is the owner's and the administrators'; the rest is for whoever manages it. */
const needs = (action: Action): ClusterAction => (action === "delete" ? "own" : "change");

/** Why an action makes no sense now, or null. Only what people want decides: the rest is the reconciler's to sort out. */
function senseless(action: Action, row: Row, phase: Phase | null): string | null {
  if (row.desired === "deleted") return "The cluster is being deleted.";
  switch (action) {
    case "stop":
      return row.desired === "stopped" ? "The cluster is stopped already." : null;
    case "start":
      return row.desired === "running" ? "The cluster is running already." : null;
    case "retry":
      if (row.desired !== "running") return "The cluster is stopped; start it instead.";
      return phase === null || phase === "failed" || phase === "degraded" ? null : "Nothing has failed, so there is nothing to retry.";
    case "resize":
    case "delete":
      return null;
  }
}

/** What one may do now, with a reason where not. */
export function actionsOf(actor: Actor, tenant: TenantScope, row: Row, phase: Phase): ClusterView["actions"] {
  const one = (action: Action) => {
    const reason = canCluster(actor, tenant, needs(action), row)
      ? (shut(tenant, action) ?? senseless(action, row, phase))
      : notYours(action, row);
    return { allowed: reason === null, reason };
  };
  return { stop: one("stop"), start: one("start"), resize: one("resize"), delete: one("delete"), retry: one("retry") };
}

/** In a tenant that is closed a site administrator may only bring clusters to rest or away. */
function shut({ closed, role }: Pick<TenantScope, "closed" | "role">, action: Action): string | null {
  return role === "site-admin" && (action === "stop" || action === "delete") ? null : closed;
}

/** Why somebody who sees a cluster may not do something with it. */
export function notYours(action: Action, row: Row): string {
  const others = needs(action) === "own" ? "" : ", somebody who manages it with them,";
  return `Only ${row.owner.displayName}${others} or an administrator of the tenant can ${verbs[action]} this cluster.`;
}

/** @throws UserError forbidden or conflict with the same sentence that the page shows */
export function allow(actor: Actor, tenant: TenantScope, row: Row, action: Action, phase: Phase | null = null): void {
  if (!canCluster(actor, tenant, needs(action), row)) throw new UserError("forbidden", notYours(action, row));
  const refused = shut(tenant, action);
  if (refused) throw new UserError("forbidden", refused);
  const reason = senseless(action, row, phase);
  if (reason) throw new UserError("conflict", reason);
}
