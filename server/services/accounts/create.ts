import type { z } from "zod";
import { localUsername } from "../../auth/local-admin.ts";
import { UserError } from "../../errors.ts";
import type { TenantCtx } from "../context.ts";
import { accountsOf, said, usernameOf } from "./rows.ts";
import type { CreateAccount } from "./schemas.ts";

const most = 100;

/** A service account of the tenant, without tokens yet. @throws UserError for a name that is taken */
export function createAccount(ctx: TenantCtx, input: z.output<typeof CreateAccount>): Promise<{ name: string }> {
  const { tenant } = ctx;
  return ctx.db.$transaction(async (tx) => {
    // Two who make the same at once.
    await tx.$queryRaw`SELECT id FROM "Tenant" WHERE id = ${tenant.id} FOR UPDATE`;
    const username = usernameOf(tenant, input.name);
    // With the row under its name nobody could sign in any more when the directory is away.
    if (username === localUsername)
      throw new UserError("conflict", `${username} is what the local administrator is called. Take another name.`, "name");
    if ((await tx.user.count({ where: { username } })) > 0)
      throw new UserError("conflict", `${tenant.name} already has a service account named ${input.name}. Take another name.`, "name");
    if ((await tx.user.count({ where: accountsOf(tenant) })) >= most)
      throw new UserError("limit", `${tenant.name} has ${most} service accounts, the most that a tenant may have. Delete one first.`);
    const account = await tx.user.create({
      data: {
        id: ctx.newId("u"),
        username,
        displayName: `${input.name} (service account)`,
        dn: "",
        kind: "service",
        serviceOfId: tenant.id,
        createdBy: ctx.actor.displayName,
        createdAt: ctx.now(),
        memberships: { create: { tenantId: tenant.id, role: input.role } },
      },
    });
    await said(tx, ctx, "account.create", account, { after: { role: input.role } });
    return { name: input.name };
  });
}
