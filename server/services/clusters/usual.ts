import type { Tx } from "../../db.ts";
import type { ClusterView } from "./schemas.ts";

const attempts = 20;
const enough = 3;
/** More than so many times the median is no usual start. */
const outside = 3;
/** How far back the audit is searched: deletions in a day of a busy site, and a few milliseconds. */
const auditRows = 5000;

/** What a deletion's audit row keeps of its cluster's starts. */
export interface Starts {
  distribution: string;
  /** Whole tenths of seconds that each start took, the latest first. */
  seconds: number[];
}

/** How long a cluster's own starts took, so that its deletion can write them down. */
export async function startsOf(db: Tx, cluster: { id: string; distributionId: string }): Promise<Starts> {
  const rows = await db.$queryRaw<{ seconds: number }[]>`
    SELECT extract(epoch FROM max(s."endedAt") - min(s."startedAt"))::float8 AS seconds
    FROM "Step" s WHERE s."clusterId" = ${cluster.id}
    GROUP BY s.attempt HAVING bool_and(s."endedAt" IS NOT NULL) AND NOT bool_or(s.failed) AND count(*) >= 4
    ORDER BY s.attempt DESC LIMIT ${attempts}`;
  return { distribution: cluster.distributionId, seconds: rows.map((row) => Math.round(row.seconds * 10) / 10) };
}

/**
 * How long starts of this distribution usually took: the middle of the last ones, whole seconds, those of deleted clusters too. Null before
 * there were a few.
 */
export async function usualSeconds(db: Tx, distributionId: string): Promise<ClusterView["timeline"]["usualSeconds"]> {
  const living = await db.$queryRaw<{ seconds: number }[]>`
    SELECT extract(epoch FROM max(s."endedAt") - min(s."startedAt"))::float8 AS seconds
    FROM "Step" s JOIN "Cluster" c ON c.id = s."clusterId"
    WHERE c."distributionId" = ${distributionId} AND c.desired <> 'deleted'
    GROUP BY s."clusterId", s.attempt
    HAVING bool_and(s."endedAt" IS NOT NULL) AND NOT bool_or(s.failed) AND count(*) >= 4
    ORDER BY min(s."startedAt") DESC LIMIT ${attempts}`;
  const rows = living.length < attempts ? [...living, ...(await deleted(db, distributionId))].slice(0, attempts) : living;
  return usualOf(rows.map((row) => row.seconds));
}

/**
 * Pure: the middle of the last starts. Without those of several times the median, which waited for something else than their cluster: the
 * first of an installation for its image, others for room.
 */
export function usualOf(seconds: readonly number[]): ClusterView["timeline"]["usualSeconds"] {
  if (seconds.length < enough) return null;
  const all = seconds.toSorted((a, b) => a - b);
  const median = all[Math.floor((all.length - 1) / 2)] ?? 0;
  const sorted = all.filter((one) => one <= outside * median);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { from: Math.floor(at(0.2)), to: Math.ceil(at(0.8)) };
}

/** Steps go with their cluster; the audit stays. */
function deleted(db: Tx, distributionId: string): Promise<{ seconds: number }[]> {
  return db.$queryRaw<{ seconds: number }[]>`
    SELECT s.seconds::float8 AS seconds FROM "Audit" a,
      jsonb_array_elements_text(a.detail->'starts'->'seconds') WITH ORDINALITY AS s(seconds, n)
    WHERE a.id > (SELECT coalesce(max(id), 0) - ${auditRows} FROM "Audit") AND a.action = 'cluster.delete' AND a.outcome = 'done'
      AND a.detail->'starts'->>'distribution' = ${distributionId}
    ORDER BY a.id DESC, s.n LIMIT ${attempts}`;
}
