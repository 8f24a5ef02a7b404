import type { Tx } from "../../db.ts";
import type { ClusterView } from "./schemas.ts";

const attempts = 20;
const enough = 3;

/** How long starts of this distribution usually took: the middle of the last ones, whole seconds. Null before there were a few. */
export async function usualSeconds(db: Tx, distributionId: string): Promise<ClusterView["timeline"]["usualSeconds"]> {
  const rows = await db.$queryRaw<{ seconds: number }[]>`
    SELECT extract(epoch FROM max(s."endedAt") - min(s."startedAt"))::float8 AS seconds
    FROM "Step" s JOIN "Cluster" c ON c.id = s."clusterId"
    WHERE c."distributionId" = ${distributionId}
    GROUP BY s."clusterId", s.attempt
    HAVING bool_and(s."endedAt" IS NOT NULL) AND NOT bool_or(s.failed) AND count(*) >= 4
    ORDER BY min(s."startedAt") DESC LIMIT ${attempts}`;
  if (rows.length < enough) return null;
  const sorted = rows.map((row) => row.seconds).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { from: Math.floor(at(0.2)), to: Math.ceil(at(0.8)) };
}
