import { z } from "zod";
import type { Deps } from "../context.ts";
import type { AuditView, Page } from "../views.ts";
import { toAuditView } from "./view.ts";

/** Id of the last row that was seen; rows only ever get added, so pages never shift. */
export const AuditCursor = z
  .string()
  .regex(/^\d{1,18}$/, "The cursor is not one of ours.")
  .optional();

const limit = 50;

/** The audit trail of one tenant, or of the whole site (null), newest first. */
export async function listAudit({ db }: Deps, tenantId: string | null, cursor: string | undefined): Promise<Page<AuditView>> {
  const where = tenantId === null ? {} : { tenantId };
  const [rows, total] = await Promise.all([
    db.audit.findMany({ where: { ...where, ...(cursor ? { id: { lt: BigInt(cursor) } } : {}) }, orderBy: { id: "desc" }, take: limit + 1 }),
    db.audit.count({ where }),
  ]);
  const page = rows.slice(0, limit);
  return { rows: page.map(toAuditView), total, next: rows.length > limit ? String(page.at(-1)?.id) : null };
}
