import type { z } from "zod";
import { firstName } from "../../auth/directory/names.ts";
import { levelOf } from "../../auth/shares.ts";
import type { Prisma } from "../../db/generated/client.ts";
import { byName } from "../by-name.ts";
import type { ClusterRef } from "../clusters/schemas.ts";
import type { TenantCtx } from "../context.ts";
import { ownCluster } from "./change.ts";
import type { ShareView } from "./schemas.ts";
import { roleName } from "./words.ts";

type Row = Prisma.ClusterShareGetPayload<{ include: { user: true } }>;

function subjectView(row: Row, tenant: string): Pick<ShareView, "kind" | "name" | "subject"> {
  if (row.user) return { kind: "person", name: row.user.displayName, subject: row.user.username };
  if (row.group !== null) return { kind: "group", name: firstName(row.group), subject: row.group };
  const role = row.role ?? "";
  return { kind: "role", name: roleName(role, tenant), subject: role };
}

/** People of the tenant whom a share means. */
function meant(row: Row, tenantId: string): Prisma.UserWhereInput {
  const member = { barredAt: null, memberships: { some: { tenantId, ...(row.role === "admin" ? { role: "admin" } : {}) } } };
  if (row.userId !== null) return { id: row.userId, ...member };
  return row.group === null ? member : { groups: { has: row.group }, ...member };
}

const kinds: ShareView["kind"][] = ["role", "group", "person"];

/** With whom a cluster is shared, for those who may change it: the widest first, then by name. @throws UserError not_found or forbidden */
export async function listShares(ctx: TenantCtx, input: z.output<typeof ClusterRef>): Promise<ShareView[]> {
  const { id } = await ownCluster(ctx, input.cluster);
  const rows = await ctx.db.clusterShare.findMany({ where: { clusterId: id }, include: { user: true } });
  const views = await Promise.all(
    rows.map(async (row) => ({
      id: row.id,
      ...subjectView(row, ctx.tenant.name),
      level: levelOf(row.level) ?? "view",
      people: await ctx.db.user.count({ where: meant(row, ctx.tenant.id) }),
      by: row.createdBy,
      since: row.createdAt.toISOString(),
    })),
  );
  return views.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || byName(a, b));
}
