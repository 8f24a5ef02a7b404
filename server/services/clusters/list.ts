import { z } from "zod";
import { Label } from "../../../agents/protocol/ids.ts";
import { sharedClusters, visibleClusters } from "../../auth/shares.ts";
import type { Prisma } from "../../db/generated/client.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import { byName } from "../by-name.ts";
import type { TenantCtx } from "../context.ts";
import type { Page } from "../views.ts";
import { clusterInclude } from "./rows.ts";
import { type ClusterSummary, phases } from "./schemas.ts";
import { toSummary } from "./summary.ts";

export const ListClusters = z.object({
  tenant: Label,
  /** One's own, those that others share with one, or all that one may see: an administrator the whole tenant's. */
  scope: z.enum(["mine", "shared", "all"]).default("mine"),
  /** What is typed or lies in an old link is never an error: PostgreSQL takes no NUL, and longer words match nothing anyway. */
  q: z
    .string()
    .transform((text) =>
      text
        .replace(/\p{Cc}/gu, " ")
        .trim()
        .slice(0, 100),
    )
    .optional(),
  phase: z.enum(phases).optional(),
  sort: z.enum(["name", "created", "state"]).default("created"),
  /** Number of rows to skip, as `next` of the page before gave it. */
  cursor: z
    .string()
    .regex(/^\d{1,6}$/, "The cursor is not one of ours.")
    .optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

// What needs somebody comes first.
const urgency = ["failed", "degraded", "unknown", "queued", "starting", "stopping", "deleting", "ready", "stopped"];

const orders: Record<"name" | "created" | "state", (a: ClusterSummary, b: ClusterSummary) => number> = {
  name: byName,
  created: (a, b) => (a.createdAt < b.createdAt ? 1 : -1),
  state: (a, b) => urgency.indexOf(a.state.phase) - urgency.indexOf(b.state.phase) || byName(a, b),
};

const says = (q: string): Prisma.ClusterWhereInput => ({
  OR: [
    { name: { contains: q.toLowerCase() } },
    { owner: { displayName: { contains: q, mode: "insensitive" } } },
    { nodes: { some: { name: { contains: q.toLowerCase() } } } },
  ],
});

const whose = {
  mine: ({ actor, tenant }) => ({ tenantId: tenant.id, ownerId: actor.userId }),
  shared: ({ actor, tenant }) => sharedClusters(actor, tenant.id),
  all: ({ actor, tenant }) => visibleClusters(actor, tenant),
} satisfies Record<string, (ctx: TenantCtx) => Prisma.ClusterWhereInput>;

/** The tenant's clusters that one may see. States are derived, so they are filtered and ordered here and not in the database. */
export async function listClusters(ctx: TenantCtx, input: z.output<typeof ListClusters>): Promise<Page<ClusterSummary>> {
  const rows = await ctx.db.cluster.findMany({
    where: { AND: [whose[input.scope](ctx), input.q ? says(input.q) : {}] },
    include: clusterInclude,
  });
  const now = ctx.now();
  const snapshot = rows.length > 0 ? await loadSnapshot(ctx.db) : null;
  const found = (snapshot ? rows.map((row) => toSummary(row, ctx, snapshot, now)) : [])
    .filter((summary) => !input.phase || summary.state.phase === input.phase)
    .sort(orders[input.sort]);
  const from = Number(input.cursor ?? 0);
  const to = from + input.limit;
  return { rows: found.slice(from, to), total: found.length, next: to < found.length ? String(to) : null };
}
