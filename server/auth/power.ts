/** What a token is good for, the least first; each includes those before it. */
export const tokenScopes = ["read", "use", "manage"] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** What narrows a call that came with a token; a session has none of it. */
export interface Power {
  readonly scope: TokenScope;
  /** The only tenant that it is good for; null: wherever its owner has business. */
  readonly tenantId: string | null;
  readonly expiresAt: Date;
}

/** What a procedure needs of a token. */
export interface Needs {
  scope: TokenScope;
  /** It touches the person's account, which a token for one tenant may not. */
  account: boolean;
}

export const tokenScopeOf = (text: string): TokenScope => tokenScopes.find((one) => one === text) ?? "read";

/** Why a token is not enough, in words for its owner; null: it is, or it was a session. */
export function powerRefusal(power: Power | null, needs: Needs): string | null {
  if (power === null) return null;
  if (tokenScopes.indexOf(power.scope) < tokenScopes.indexOf(needs.scope))
    return `This token is good for "${power.scope}" only, and this needs "${needs.scope}". Make another one on the page "Account".`;
  return needs.account && power.tenantId !== null
    ? "This token is good for one tenant only, not for your account. Make another one on the page."
    : null;
}

/** What of a person's rights is left for one tenant. A site administrator's token for a tenant is an administrator's there, and nothing at the site. */
export function narrowed<M extends { tenantId: string }>(
  person: { siteAdmin: boolean; memberships: readonly M[] },
  tenantId: string | null,
  asAdmin: (tenantId: string) => M | null,
): { siteAdmin: boolean; memberships: M[] } {
  const { siteAdmin, memberships } = person;
  if (tenantId === null) return { siteAdmin, memberships: [...memberships] };
  const admin = siteAdmin ? asAdmin(tenantId) : null;
  return { siteAdmin: false, memberships: admin ? [admin] : memberships.filter((one) => one.tenantId === tenantId) };
}
