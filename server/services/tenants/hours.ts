import type { Tx } from "../../db.ts";

export const periods = ["30d", "month", "last-month"] as const;
export type Period = (typeof periods)[number];

/** From when to when a period goes, as it is now; months are UTC's, and what has not happened yet is not in it. */
export function periodBounds(period: Period, now: Date): { from: Date; to: Date } {
  if (period === "30d") return { from: new Date(now.getTime() - 30 * 86_400_000), to: now };
  const month = (offset: number): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1));
  return period === "month" ? { from: month(0), to: now } : { from: month(-1), to: month(0) };
}

/** What somebody's clusters held for how long: hours times what they had. */
export interface Hours {
  clusters: number;
  nodes: number;
  vcpus: number;
  memoryGb: number;
}

export const noHours: Hours = { clusters: 0, nodes: 0, vcpus: 0, memoryGb: 0 };

/** Usage hours in a tenant by the id of the person whose clusters they were at the time. */
export async function readHours(tx: Tx, tenantId: string, { from, to }: { from: Date; to: Date }): Promise<Map<string, Hours>> {
  const rows = await tx.$queryRaw<({ userId: string } & Hours)[]>`
    SELECT "userId", sum(h) AS clusters, sum(h * "nodes") AS nodes, sum(h * "vcpus") AS vcpus, sum(h * "memoryMb") / 1024 AS "memoryGb"
    FROM (
      SELECT *, (extract(epoch FROM least(coalesce("endedAt", ${to}), ${to}) - greatest("startedAt", ${from})) / 3600)::float8 AS h
      FROM "UsageSpan"
      WHERE "tenantId" = ${tenantId} AND "startedAt" < ${to} AND ("endedAt" IS NULL OR "endedAt" > ${from})
    ) AS spans
    GROUP BY "userId"`;
  return new Map(rows.map(({ userId, ...hours }) => [userId, hours]));
}
