import type { Prisma } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";
import { notFound } from "../../errors.ts";
import { type AuditEntry, audit } from "../audit/write.ts";
import type { TenantCtx } from "../context.ts";

/** A slash is in no user name of a directory's that may sign in: nobody there can be taken for a service account. */
export const usernameOf = (tenant: { slug: string }, name: string): string => `${tenant.slug}/${name}`;

export const nameOf = ({ username }: { username: string }): string => username.slice(username.indexOf("/") + 1);

/** Those of a tenant that were not deleted. */
export const accountsOf = (tenant: { id: string }): Prisma.UserWhereInput => ({
  kind: "service",
  serviceOfId: tenant.id,
  OR: [{ barredFor: null }, { barredFor: { not: "deleted" } }],
});

type Row = Prisma.UserGetPayload<{ include: { clusters: { select: { name: true } } } }>;

/** A service account of the tenant, its row locked. @throws UserError not_found, for those of other tenants too */
export async function lockAccount(tx: Tx, { tenant }: TenantCtx, name: string): Promise<Row> {
  const username = usernameOf(tenant, name);
  await tx.$queryRaw`SELECT id FROM "User" WHERE username = ${username} FOR UPDATE`;
  const row = await tx.user.findFirst({
    where: { ...accountsOf(tenant), username },
    include: { clusters: { select: { name: true } } },
  });
  if (!row) throw notFound("service account");
  return row;
}

/** The audit row of what was done with a service account. */
export function said(
  tx: Tx,
  ctx: TenantCtx,
  action: string,
  account: { id: string; username: string },
  detail?: AuditEntry["detail"],
): Promise<void> {
  return audit(tx, ctx.actor, {
    ...{ action, resource: `user:${account.id}`, resourceName: nameOf(account), tenantId: ctx.tenant.id },
    ...(detail ? { detail } : {}),
  });
}
