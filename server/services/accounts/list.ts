import { aliveToken } from "../../auth/tokens.ts";
import { byName } from "../by-name.ts";
import type { TenantCtx } from "../context.ts";
import { tokenInclude, toTokenView } from "../tokens/view.ts";
import { accountsOf, nameOf } from "./rows.ts";
import type { AccountView } from "./schemas.ts";

/** The service accounts of a tenant with their tokens that count, and what they own. */
export async function listAccounts({ db, tenant, now }: TenantCtx): Promise<AccountView[]> {
  const rows = await db.user.findMany({
    where: accountsOf(tenant),
    include: {
      memberships: { where: { tenantId: tenant.id } },
      clusters: { where: { tenantId: tenant.id }, select: { id: true, name: true } },
      tokens: { include: tokenInclude, orderBy: { createdAt: "desc" } },
    },
    orderBy: { username: "asc" },
  });
  return rows.map((row) => {
    const used = row.tokens.flatMap(({ lastUsedAt }) => lastUsedAt ?? []);
    const { revokedAt: _, expiresAt } = aliveToken(now());
    return {
      name: nameOf(row),
      username: row.username,
      role: row.memberships[0]?.role === "admin" ? "admin" : "member",
      state: row.barredAt === null ? "active" : "suspended",
      createdAt: row.createdAt.toISOString(),
      createdBy: row.createdBy,
      lastUsedAt: used.length > 0 ? new Date(Math.max(...used.map((at) => at.getTime()))).toISOString() : null,
      clusters: row.clusters.sort(byName),
      tokens: row.tokens.filter((token) => token.revokedAt === null && token.expiresAt > expiresAt.gt).map(toTokenView),
    };
  });
}
