import type { Prisma } from "../../db/generated/client.ts";
import { byName } from "../by-name.ts";
import type { Deps } from "../context.ts";
import { tenantStateOf } from "./closed.ts";
import { amounts } from "./home.ts";
import { resources, usageOf } from "./quota.ts";
import type { SiteTenantView } from "./schemas.ts";
import { countedSelect, keptAlone, limitsOf } from "./usage.ts";

const include = {
  _count: { select: { memberships: true } },
  segments: { select: { cidr: true }, orderBy: { cidr: "asc" } },
  clusters: { select: countedSelect },
} satisfies Prisma.TenantInclude;

type Row = Prisma.TenantGetPayload<{ include: typeof include }>;

/** Every tenant with what it uses of what it may, by name. */
export async function siteTenants({ db }: Pick<Deps, "db">, only?: string): Promise<SiteTenantView[]> {
  const [rows, kept] = await Promise.all([
    // With so many clusters behind so many rows, one statement for all of it is ten times the database's work.
    db.tenant.findMany({ ...(only ? { where: { id: only } } : {}), include, orderBy: { slug: "asc" }, relationLoadStrategy: "query" }),
    db.volume.groupBy({ by: ["tenantId"], where: { ...(only ? { tenantId: only } : {}), ...keptAlone }, _sum: { sizeMb: true } }),
  ]);
  const keptMb = new Map(kept.map((row) => [row.tenantId, row._sum.sizeMb ?? 0]));
  return rows.sort(byName).map((row) => viewOf(row, keptMb.get(row.id) ?? 0));
}

function viewOf(row: Row, keptMb: number): SiteTenantView {
  const usage = amounts({ limits: limitsOf(row), used: usageOf(row.clusters, keptMb) });
  const alive = row.clusters.filter((cluster) => cluster.desired !== "deleted");
  return {
    slug: row.slug,
    name: row.name,
    state: tenantStateOf(row.state),
    since: row.stateSince.toISOString(),
    by: row.stateBy,
    reason: row.stateReason,
    clusters: alive.length,
    running: alive.filter((cluster) => cluster.desired === "running").length,
    members: row._count.memberships,
    usage,
    nearest: nearest(usage),
    segment: row.segments.map(({ cidr }) => cidr).join(", ") || null,
  };
}

function nearest(usage: SiteTenantView["usage"]): SiteTenantView["nearest"] {
  let found: SiteTenantView["nearest"] = null;
  let most = -1;
  for (const resource of resources) {
    const { used, limit } = usage[resource];
    if (limit === null) continue;
    const share = limit === 0 ? (used > 0 ? 2 : 0) : used / limit;
    if (share > most) {
      most = share;
      found = { resource, used, limit };
    }
  }
  return found;
}
