import { tokenScopeOf } from "../../auth/power.ts";
import type { Prisma } from "../../db/generated/client.ts";
import type { TokenView } from "../views.ts";

/** What a view of a token is made from. */
export const tokenInclude = { tenant: { select: { slug: true, name: true } } } satisfies Prisma.TokenInclude;

export function toTokenView(row: Prisma.TokenGetPayload<{ include: typeof tokenInclude }>): TokenView {
  return {
    id: row.id,
    name: row.name,
    scope: tokenScopeOf(row.scope),
    tenant: row.tenant,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}
