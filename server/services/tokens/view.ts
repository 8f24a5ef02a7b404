import type { Token } from "../../db/generated/client.ts";
import type { TokenView } from "../views.ts";

export function toTokenView(row: Token): TokenView {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}
