import { z } from "zod";
import type { Audit, AuditLink, Prisma } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";
import { notFound, UserError } from "../../errors.ts";
import type { ActorCtx, TenantCtx } from "../context.ts";
import { csvLine } from "./csv.ts";
import { tenantNames } from "./list.ts";
import { AuditFilter, SiteAuditFilter } from "./schemas.ts";
import { toAuditView } from "./view.ts";
import { auditWhere, siteAuditWhere } from "./where.ts";
import { audit } from "./write.ts";

const batch = 1000;

export const ExportFormat = z.enum(["csv", "jsonl"], "The format is csv or jsonl.");
export type ExportFormat = z.output<typeof ExportFormat>;

const head = ["id", "time", "who", "who id", "action", "result", "thing", "name", "tenant", "detail", "before", "after", "address", "by"];

interface Entry {
  row: Audit;
  /** Of the whole site's trail only: its numbers would tell a tenant how much goes on elsewhere. */
  link: AuditLink | null;
}

type Line = (entry: Entry, tenants: ReadonlyMap<string, string>) => string;

const csv: Line = ({ row, link }, tenants) => {
  const view = toAuditView(row, tenants);
  const values = (side: "before" | "after"): string =>
    view.changes.map((change) => [change.name, change[side] ?? ""].filter(Boolean).join(": ")).join("; ");
  return csvLine([
    ...[view.id, view.at, row.actorName, row.actorId, row.action, row.outcome, row.resource, row.resourceName],
    ...[row.tenantId === null ? null : (tenants.get(row.tenantId) ?? row.tenantId), view.detail, values("before"), values("after")],
    ...[row.ip, row.via],
    ...(link ? [String(link.position), link.hash] : []),
  ]);
};

const jsonl: Line = ({ row, link }, tenants) => {
  const { id, at, tenantId, ...rest } = row;
  const tenant = tenantId === null ? null : (tenants.get(tenantId) ?? null);
  const chain = link ? { position: Number(link.position), hash: link.hash } : {};
  return `${JSON.stringify({ id: Number(id), at: at.toISOString(), ...rest, tenantId, tenant, ...chain })}\n`;
};

/** The rows in the order in which they were written, up to the last one that there is at the beginning. */
async function* entries(db: Tx, where: Prisma.AuditWhereInput, linked: boolean): AsyncGenerator<Entry> {
  const last = (await db.audit.findFirst({ orderBy: { id: "desc" }, select: { id: true } }))?.id ?? 0n;
  for (let after = 0n; ; ) {
    const rows = await db.audit.findMany({
      where: { AND: [where, { id: { gt: after, lte: last } }] },
      orderBy: { id: "asc" },
      take: batch,
    });
    const found = linked ? await db.auditLink.findMany({ where: { auditId: { in: rows.map(({ id }) => id) } } }) : [];
    const links = new Map(found.map((link) => [link.auditId, link]));
    for (const row of rows) yield { row, link: links.get(row.id) ?? null };
    const end = rows.at(-1)?.id;
    if (end === undefined || rows.length < batch) return;
    after = end;
  }
}

async function* lines(db: Tx, where: Prisma.AuditWhereInput, format: ExportFormat, linked: boolean): AsyncGenerator<string> {
  const tenants = await tenantNames(db);
  if (format === "csv") yield csvLine([...head, ...(linked ? ["position", "hash"] : [])]);
  const line = format === "csv" ? csv : jsonl;
  // Some hundred lines at a time: one write a line would be slow.
  let text = "";
  for await (const entry of entries(db, where, linked)) {
    text += line(entry, tenants);
    if (text.length > 64 * 1024) {
      yield text;
      text = "";
    }
  }
  if (text !== "") yield text;
}

export interface AuditExport {
  filename: string;
  type: string;
  /** Text in pieces, read from the database as it is taken. */
  lines: AsyncIterable<string>;
}

/**
 * The trail, or what of it fits the filter, as a file; that it was taken is written down first.
 * @param tenant null: the whole site's, for site administrators only
 * @throws UserError for a filter that cannot be read, or somebody who may not see the trail
 */
export async function exportAudit(
  ctx: ActorCtx,
  tenant: TenantCtx["tenant"] | null,
  format: ExportFormat,
  query: Record<string, string>,
): Promise<AuditExport> {
  if (tenant === null ? !ctx.actor.siteAdmin : tenant.role === "member") throw notFound("thing");
  const parsed = (tenant ? AuditFilter : SiteAuditFilter).safeParse(query);
  if (!parsed.success) throw new UserError("bad_request", parsed.error.issues[0]?.message ?? "The filter cannot be read.");
  const filter = parsed.data;
  const where = tenant ? await auditWhere(ctx.db, filter, { tenantId: tenant.id }) : await siteAuditWhere(ctx.db, filter);
  const asked = Object.entries(filter).map(([name, value]) => `${name} ${value}`);
  await audit(ctx.db, ctx.actor, {
    action: "audit.export",
    resource: tenant ? `tenant:${tenant.id}` : "site:audit",
    resourceName: tenant?.name ?? "the whole site",
    tenantId: tenant?.id ?? null,
    detail: { what: [format === "csv" ? "as CSV" : "as JSON lines", ...asked].join(", ") },
  });
  const day = ctx.now().toISOString().slice(0, 10);
  return {
    filename: `kindling-audit-${tenant?.slug ?? "site"}-${day}.${format}`,
    type: format === "csv" ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson; charset=utf-8",
    lines: lines(ctx.db, where, format, tenant === null),
  };
}
