import { z } from "zod";
import { Label } from "../../../agents/protocol/ids.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import type { TenantCtx } from "../context.ts";
import type { Page } from "../views.ts";
import { clusterInclude } from "./rows.ts";
import { type ClusterSummary, phases } from "./schemas.ts";
import { toSummary } from "./summary.ts";

export const ListClusters = z.object({
  tenant: Label,
  scope: z.enum(["mine", "all"]).default("mine"),
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
  name: (a, b) => a.name.localeCompare(b.name, "en", { numeric: true }),
  created: (a, b) => (a.createdAt < b.createdAt ? 1 : -1),
  state: (a, b) => urgency.indexOf(a.state.phase) - urgency.indexOf(b.state.phase) || a.name.localeCompare(b.name),
};

/** The tenant's clusters, one's own or everybody's. States are derived, so they are filtered and ordered here and not in the database. */
export async function listClusters(ctx: TenantCtx, input: z.output<typeof ListClusters>): Promise<Page<ClusterSummary>> {
  const rows = await ctx.db.cluster.findMany({
    where: {
      tenantId: ctx.tenant.id,
      ...(input.scope === "mine" ? { ownerId: ctx.actor.userId } : {}),
      ...(input.q
        ? {
            OR: [
              { name: { contains: input.q.toLowerCase() } },
              { owner: { displayName: { contains: input.q, mode: "insensitive" } } },
              { nodes: { some: { name: { contains: input.q.toLowerCase() } } } },
            ],
          }
        : {}),
    },
    include: clusterInclude,
  });
  const now = ctx.now();
  const snapshot = rows.length > 0 ? await loadSnapshot(ctx.db) : null;
  const found = (snapshot ? rows.map((row) => toSummary(row, ctx.actor, snapshot, now)) : [])
    .filter((summary) => !input.phase || summary.state.phase === input.phase)
    .sort(orders[input.sort]);
  const from = Number(input.cursor ?? 0);
  const to = from + input.limit;
  return { rows: found.slice(from, to), total: found.length, next: to < found.length ? String(to) : null };
}
