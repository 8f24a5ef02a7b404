import type { Tx } from "../db.ts";
import { narrowed, type Power, tokenScopeOf } from "./power.ts";

interface ActorMembership {
  readonly tenantId: string;
  readonly slug: string;
  readonly name: string;
  readonly role: "member" | "admin";
  /** A site administrator's, by a token for one tenant: it rules there without being one of its people. */
  readonly assumed?: true;
}

/** Who asks: a person, by a session or by a personal token, or a service account by its token. Read afresh for every request, so that a lost role counts at once. */
export interface Actor {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly siteAdmin: boolean;
  readonly memberships: readonly ActorMembership[];
  /** Normal names of the directory's groups that the person is in, as last read. */
  readonly groups: readonly string[];
  /** The Session row, or null for a token. */
  readonly sessionId: string | null;
  readonly tokenId: string | null;
  readonly ip: string | null;
  /** What narrows the call because it came with a token; null: a session. */
  readonly power: Power | null;
}

/** What a person may touch in one tenant. */
export interface TenantScope {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly role: "member" | "admin" | "site-admin";
  /** Why nobody may create, start or change anything there and its services are closed: suspended or being deleted. Null: as usual. */
  readonly closed: string | null;
}

/** The token as it is now; undefined when there is none of that id. */
async function powerOf(db: Tx, tokenId: string) {
  const row = await db.token.findUnique({ where: { id: tokenId }, include: { tenant: true } });
  if (!row) return undefined;
  const power: Power = { scope: tokenScopeOf(row.scope), tenantId: row.tenantId, expiresAt: row.expiresAt };
  return { power, tenant: row.tenant };
}

/** Whether the administrator for emergencies is switched on. The gateway asks too, which may not see more of the row. */
async function localAdminIsOn(db: Tx): Promise<boolean> {
  return (await db.localAdmin.findFirst({ where: { expiresAt: { gt: new Date() } }, select: { expiresAt: true } })) !== null;
}

/**
 * Loads the person with the memberships of now, as far as the token they came with allows; null when the user or the token is gone, when the person is
 * barred because the directory or an administrator says so, and for the local administrator while that is switched off.
 */
export async function loadActor(db: Tx, userId: string, by: Pick<Actor, "sessionId" | "tokenId" | "ip">): Promise<Actor | null> {
  const [user, token] = await Promise.all([
    db.user.findUnique({
      where: { id: userId },
      include: { memberships: { include: { tenant: true }, orderBy: { tenant: { slug: "asc" } } } },
    }),
    by.tokenId === null ? null : powerOf(db, by.tokenId),
  ]);
  if (!user || user.barredAt !== null || token === undefined) return null;
  if (user.kind === "local" && !(await localAdminIsOn(db))) return null;
  const memberships = user.memberships.map(
    ({ tenant: { id, slug, name }, role }): ActorMembership => ({ tenantId: id, slug, name, role: role === "admin" ? "admin" : "member" }),
  );
  const tenant = token?.tenant;
  return {
    userId: user.id,
    username: user.username,
    displayName: user.displayName,
    ...narrowed({ siteAdmin: user.siteAdmin, memberships }, token?.power.tenantId ?? null, (tenantId) =>
      tenant ? { tenantId, slug: tenant.slug, name: tenant.name, role: "admin", assumed: true } : null,
    ),
    groups: user.groups,
    // Of somebody loaded before only how they came in: the rest is as it is now.
    sessionId: by.sessionId,
    tokenId: by.tokenId,
    ip: by.ip,
    power: token?.power ?? null,
  };
}
