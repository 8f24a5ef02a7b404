import type { z } from "zod";
import { UserError } from "../../errors.ts";
import { byName } from "../by-name.ts";
import type { TenantCtx } from "../context.ts";
import { lockAccount, nameOf, said } from "./rows.ts";
import type { AccountRef, DeleteAccount, SetAccountRole } from "./schemas.ts";

type Ref = z.output<typeof AccountRef>;

/** What it may in the tenant, from its next request on. */
export function setAccountRole(ctx: TenantCtx, input: z.output<typeof SetAccountRole>): Promise<{ name: string }> {
  return ctx.db.$transaction(async (tx) => {
    const account = await lockAccount(tx, ctx, input.account);
    const where = { userId_tenantId: { userId: account.id, tenantId: ctx.tenant.id } };
    const before = await tx.membership.findUnique({ where });
    if (before?.role === input.role) return { name: input.account };
    await tx.membership.update({ where, data: { role: input.role } });
    await said(tx, ctx, "account.role", account, { before: { role: before?.role ?? "none" }, after: { role: input.role } });
    return { name: input.account };
  });
}

/** Its tokens count for nothing from now on; what it owns stays and runs. */
export function suspendAccount(ctx: TenantCtx, input: Ref): Promise<{ name: string }> {
  return barred(ctx, input, "account.suspend", true);
}

/** Its tokens count again, those that have not ended meanwhile. */
export function resumeAccount(ctx: TenantCtx, input: Ref): Promise<{ name: string }> {
  return barred(ctx, input, "account.resume", false);
}

function barred(ctx: TenantCtx, input: Ref, action: string, suspended: boolean): Promise<{ name: string }> {
  return ctx.db.$transaction(async (tx) => {
    const account = await lockAccount(tx, ctx, input.account);
    if ((account.barredAt !== null) === suspended) return { name: input.account };
    const data = suspended ? { barredAt: ctx.now(), barredFor: "suspended" } : { barredAt: null, barredFor: null };
    await tx.user.update({ where: { id: account.id }, data });
    const state = (is: boolean): { state: string } => ({ state: is ? "suspended" : "active" });
    await said(tx, ctx, action, account, { before: state(!suspended), after: state(suspended) });
    return { name: input.account };
  });
}

/**
 * Removes it with its tokens and everything that it could do; disks that it kept are the tenant's administrators' then. Its row stays under another name,
 * hidden: what it used is still counted. @throws UserError while it owns clusters
 */
export function deleteAccount(ctx: TenantCtx, input: z.output<typeof DeleteAccount>): Promise<{ name: string }> {
  return ctx.db.$transaction(async (tx) => {
    const account = await lockAccount(tx, ctx, input.account);
    const name = nameOf(account);
    if (input.confirm.trim() !== name) throw new UserError("bad_request", `Type the account's name, ${name}, to confirm.`, "confirm");
    const owned = account.clusters.sort(byName).map((cluster) => cluster.name);
    if (owned.length > 0)
      throw new UserError(
        "conflict",
        `${name} owns ${owned.length === 1 ? "a cluster" : `${owned.length} clusters`}: ${owned.slice(0, 10).join(", ")}. Delete what it owns first, or suspend the account.`,
      );
    const of = { where: { userId: account.id } };
    await tx.token.deleteMany(of);
    await tx.membership.deleteMany(of);
    await tx.personLimit.deleteMany(of);
    await tx.clusterShare.deleteMany(of);
    await tx.volume.updateMany({ where: { ownerId: account.id }, data: { ownerId: null } });
    const gone = { username: `${account.username}~${account.id}`, barredAt: ctx.now(), barredFor: "deleted" };
    await tx.user.update({ where: { id: account.id }, data: gone });
    await said(tx, ctx, "account.delete", account);
    return { name };
  });
}
