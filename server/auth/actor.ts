import type { Tx } from "../db.ts";

/** Who asks: a person, by a session or by a personal token. Read afresh for every request, so that a lost role counts at once. */
export interface Actor {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly siteAdmin: boolean;
  readonly memberships: readonly { tenantId: string; slug: string; name: string; role: "member" | "admin" }[];
  /** Normal names of the directory's groups that the person is in, as last read. */
  readonly groups: readonly string[];
  /** The Session row, or null for a token. */
  readonly sessionId: string | null;
  readonly tokenId: string | null;
  readonly ip: string | null;
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

/** Loads the person with the memberships of now; null when the user is gone, or barred because the directory says so. */
export async function loadActor(db: Tx, userId: string, by: Pick<Actor, "sessionId" | "tokenId" | "ip">): Promise<Actor | null> {
  const user = await db.user.findUnique({
    where: { id: userId },
    include: { memberships: { include: { tenant: true }, orderBy: { tenant: { slug: "asc" } } } },
  });
  if (!user || user.barredAt !== null) return null;
  return {
    userId: user.id,
    username: user.username,
    displayName: user.displayName,
    siteAdmin: user.siteAdmin,
    memberships: user.memberships.map(({ tenant, role }) => ({
      tenantId: tenant.id,
      slug: tenant.slug,
      name: tenant.name,
      role: role === "admin" ? "admin" : "member",
    })),
    groups: user.groups,
    ...by,
  };
}
