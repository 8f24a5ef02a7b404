/**
 * Writes a whole ObservedWrite ($1, as JSON) in one statement: one round trip, one transaction, one notification per cluster. What a host
 * says of a node that is another one's meanwhile is passed over.
 */
export const observeSql = `
WITH input AS (SELECT j, to_timestamp((j->>'at')::float8 / 1000.0) AT TIME ZONE 'UTC' AS at FROM (SELECT $1::jsonb AS j) AS given),
host AS (
  UPDATE "Host" h SET observed = r.observed, "observedAt" = input.at
  FROM input, jsonb_to_recordset(j->'host') AS r(id text, observed jsonb) WHERE h.id = r.id RETURNING h.id),
nodes AS (
  UPDATE "Node" n SET observed = r.observed, "observedAt" = input.at
  FROM input, jsonb_to_recordset(j->'nodes') AS r(id text, observed jsonb)
  WHERE n.id = r.id AND n."hostId" = coalesce(j->>'hostId', n."hostId") RETURNING n.id),
volumes AS (
  UPDATE "Volume" v SET observed = r.observed
  FROM input, jsonb_to_recordset(j->'volumes') AS r(id text, observed jsonb)
  WHERE v.id = r.id AND v."hostId" = coalesce(j->>'hostId', v."hostId") RETURNING v.id),
images AS (
  INSERT INTO "Image" AS i ("hostId", tag, bundle, observed, "updatedAt")
  SELECT j->>'hostId', r->>'tag', r->>'bundle', r, input.at
  FROM input, jsonb_array_elements(CASE WHEN jsonb_typeof(j->'images') = 'array' THEN j->'images' ELSE '[]' END) AS r
  ON CONFLICT ("hostId", tag) DO UPDATE SET bundle = excluded.bundle, observed = excluded.observed, "updatedAt" = excluded."updatedAt"
  WHERE i.observed IS DISTINCT FROM excluded.observed RETURNING i.tag),
forgotten AS (
  DELETE FROM "Image" i USING input WHERE jsonb_typeof(j->'images') = 'array' AND i."hostId" = j->>'hostId'
  AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(j->'images') AS r WHERE r->>'tag' = i.tag) RETURNING i.tag),
clusters AS (
  UPDATE "Cluster" c SET phase = r.phase, "phaseReason" = r.reason, "phaseSince" = to_timestamp(r.since / 1000.0) AT TIME ZONE 'UTC'
  FROM input, jsonb_to_recordset(j->'clusters') AS r(id text, phase text, reason text, since float8) WHERE c.id = r.id RETURNING c.id),
steps AS (
  INSERT INTO "Step" AS s ("clusterId", attempt, step, "startedAt", "endedAt", done, of, failed, message)
  SELECT c.id, r.attempt, r.step, to_timestamp(r."startedAt" / 1000.0) AT TIME ZONE 'UTC', to_timestamp(r."endedAt" / 1000.0) AT TIME ZONE 'UTC',
    r.done, r.of, r.failed, r.message
  FROM input, jsonb_to_recordset(j->'steps') AS r("clusterId" text, attempt int, step text, "startedAt" float8, "endedAt" float8, done int,
    of int, failed bool, message text)
  JOIN "Cluster" c ON c.id = r."clusterId"
  ON CONFLICT ("clusterId", attempt, step) DO UPDATE SET "endedAt" = excluded."endedAt", done = excluded.done, of = excluded.of,
    failed = excluded.failed, message = excluded.message
  WHERE s."endedAt" IS NULL RETURNING s.step),
events AS (
  INSERT INTO "HostEvent" ("hostId", kind, message, at)
  SELECT h.id, r.kind, r.message, input.at
  FROM input, jsonb_to_recordset(coalesce(j->'events', '[]'::jsonb)) AS r("hostId" text, kind text, message text) JOIN "Host" h ON h.id = r."hostId"
  WHERE r.kind NOT IN ('silent', 'back') OR r.kind <> coalesce((SELECT e.kind FROM "HostEvent" e
    WHERE e."hostId" = r."hostId" AND e.kind IN ('silent', 'back') ORDER BY e.id DESC LIMIT 1), 'back') RETURNING id),
drifts AS (
  INSERT INTO "Audit" (at, "actorName", "tenantId", action, resource, "resourceName", detail)
  SELECT input.at, 'Kindling', c."tenantId", r.action, 'cluster:' || c.id, c.name, r.detail
  FROM input, jsonb_to_recordset(coalesce(j->'drifts', '[]'::jsonb)) AS r("nodeId" text, action text, detail jsonb)
  JOIN "Node" n ON n.id = r."nodeId" JOIN "Cluster" c ON c.id = n."clusterId" RETURNING id)
SELECT count(pg_notify('observed', r)) AS said FROM input, jsonb_array_elements_text(j->'notify') AS r`;
