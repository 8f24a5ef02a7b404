import type { Prisma } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";
import { notFound } from "../../errors.ts";
import { assertAction } from "./actions.ts";
import type { AuditFilter, SiteAuditFilter } from "./schemas.ts";

const dayMs = 86_400_000;

/** The first moment that no longer counts: a day counts in full. */
function endOf(to: string): Date {
  const at = new Date(to);
  return /T/.test(to) ? new Date(at.getTime() + 1) : new Date(at.getTime() + dayMs);
}

// LIKE's own signs are meant as they are written.
const contains = (text: string) => ({ contains: text.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" }) as const;

async function ofPerson(db: Tx, person: string): Promise<Prisma.AuditWhereInput> {
  const named = { OR: [{ username: contains(person) }, { displayName: contains(person) }] };
  const people = await db.user.findMany({ where: named, select: { id: true }, take: 200 });
  // Names as they were then, too: of people who are gone, of the directory, of the platform itself.
  return { OR: [{ actorId: { in: people.map(({ id }) => id) } }, { actorName: contains(person) }] };
}

/**
 * Prisma's condition for a filter.
 * @param within whose trail it is; empty: the whole site's
 * @throws UserError bad_request for an action that there is not
 */
export async function auditWhere(db: Tx, filter: AuditFilter, within: Prisma.AuditWhereInput): Promise<Prisma.AuditWhereInput> {
  const { person, action, thing, result, from, to } = filter;
  if (action !== undefined) await assertAction(db, action, within);
  return {
    ...within,
    AND: [
      person === undefined ? {} : await ofPerson(db, person),
      action === undefined ? {} : action.includes(".") ? { action } : { action: { startsWith: `${action}.` } },
      thing === undefined ? {} : /^[a-z]+:/.test(thing) ? { resource: thing } : { resourceName: contains(thing) },
      result === undefined ? {} : { outcome: result },
      from === undefined ? {} : { at: { gte: new Date(from) } },
      to === undefined ? {} : { at: { lt: endOf(to) } },
    ],
  };
}

/** The same for the site, where one tenant's may be asked for. @throws UserError not_found for a tenant that does not exist */
export async function siteAuditWhere(db: Tx, { tenant, ...filter }: SiteAuditFilter): Promise<Prisma.AuditWhereInput> {
  const rest = await auditWhere(db, filter, {});
  if (tenant === undefined) return rest;
  if (tenant === "-") return { ...rest, tenantId: null };
  const row = await db.tenant.findUnique({ where: { slug: tenant }, select: { id: true } });
  if (!row) throw notFound("tenant");
  return { ...rest, tenantId: row.id };
}
