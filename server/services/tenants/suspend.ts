import type { z } from "zod";
import { UserError } from "../../errors.ts";
import type { ActorCtx } from "../context.ts";
import { changeTenant } from "./change.ts";
import { closedWords } from "./closed.ts";
import { difference } from "./difference.ts";
import type { SuspendTenant, TenantRef } from "./schemas.ts";

/**
 * From here on nobody of the tenant creates, starts or changes anything, and its services are closed. What runs goes on running, and data stays.
 * @throws UserError not_found; conflict for one that is suspended already or being deleted
 */
export function suspendTenant(ctx: ActorCtx, input: z.output<typeof SuspendTenant>): Promise<{ tenant: string }> {
  return changeTenant(ctx, input.tenant, "tenant.suspend", (tenant) => {
    const closed = closedWords(tenant);
    if (closed) throw new UserError("conflict", closed);
    const change = difference({ state: "active", reason: null }, { state: "suspended", reason: input.reason });
    return {
      data: { state: "suspended", stateSince: ctx.now(), stateBy: ctx.actor.displayName, stateReason: input.reason },
      detail: { ...change, what: input.reason },
    };
  });
}

/** Everything is as it was before it was suspended. @throws UserError not_found; conflict for one that is being deleted */
export function resumeTenant(ctx: ActorCtx, input: z.output<typeof TenantRef>): Promise<{ tenant: string }> {
  return changeTenant(ctx, input.tenant, "tenant.resume", (tenant) => {
    if (tenant.state === "deleting") throw new UserError("conflict", closedWords(tenant) ?? "");
    if (tenant.state === "active") return null;
    const { stateReason } = tenant;
    const change = difference({ state: "suspended", reason: stateReason }, { state: "active", reason: null });
    return {
      data: { state: "active", stateSince: ctx.now(), stateBy: ctx.actor.displayName, stateReason: null },
      detail: { ...change, what: `was suspended: ${stateReason ?? "no reason"}` },
    };
  });
}
