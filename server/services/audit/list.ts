import type { Prisma } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";
import type { ActorCtx, TenantCtx } from "../context.ts";
import type { AuditView, Page } from "../views.ts";
import type { AuditFilter, SiteAuditFilter } from "./schemas.ts";
import { toAuditView } from "./view.ts";
import { auditWhere, siteAuditWhere } from "./where.ts";

const limit = 50;
/** Counting goes no further: a figure above it is said as "more than". */
export const countedAtMost = 10_000;

export async function tenantNames(db: Tx): Promise<Map<string, string>> {
  return new Map((await db.tenant.findMany({ select: { id: true, name: true } })).map(({ id, name }) => [id, name]));
}

async function page(
  db: Tx,
  where: Prisma.AuditWhereInput,
  cursor: string | undefined,
  tenants: ReadonlyMap<string, string>,
): Promise<Page<AuditView>> {
  const older = cursor ? { id: { lt: BigInt(cursor) } } : {};
  const [rows, total] = await Promise.all([
    db.audit.findMany({ where: { AND: [where, older] }, orderBy: { id: "desc" }, take: limit + 1 }),
    db.audit.count({ where, take: countedAtMost + 1 }),
  ]);
  const shown = rows.slice(0, limit);
  return { rows: shown.map((row) => toAuditView(row, tenants)), total, next: rows.length > limit ? String(shown.at(-1)?.id) : null };
}

/** The audit trail of one tenant, newest first. `total` counts to one above 10,000. */
export async function tenantAudit(
  { db, tenant }: TenantCtx,
  input: AuditFilter & { cursor?: string | undefined },
): Promise<Page<AuditView>> {
  const { cursor, ...filter } = input;
  return page(db, await auditWhere(db, filter, { tenantId: tenant.id }), cursor, new Map());
}

/** The whole site's, newest first. */
export async function siteAudit({ db }: ActorCtx, input: SiteAuditFilter & { cursor?: string | undefined }): Promise<Page<AuditView>> {
  const { cursor, ...filter } = input;
  return page(db, await siteAuditWhere(db, filter), cursor, await tenantNames(db));
}
