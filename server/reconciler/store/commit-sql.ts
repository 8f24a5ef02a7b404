import type { Change } from "../../planner/changes.ts";

const time = (column: string): string => `to_timestamp(r.${column} / 1000.0) AT TIME ZONE 'UTC'`;
const rows = (columns: string): string => `jsonb_to_recordset($1::jsonb) AS r(${columns})`;

/**
 * One statement for each kind of change, in an order in which foreign keys hold. Each takes all changes of its kind as one JSON parameter
 * and names the state it starts from, so that fewer rows than changes means: somebody was faster.
 */
export const commitSql: readonly (readonly [Change["op"], string])[] = [
  [
    "freeAddress",
    `UPDATE "Address" a SET "nodeId" = NULL, "freedAt" = ${time("at")} FROM ${rows('ip text, "nodeId" text, at float8')}
     WHERE a.ip = r.ip AND a."nodeId" = r."nodeId"`,
  ],
  [
    "freeGpu",
    `DELETE FROM "NodeGpu" g USING ${rows('"hostId" text, card text, "nodeId" text')}
     WHERE g."hostId" = r."hostId" AND g.card = r.card AND g."nodeId" = r."nodeId"`,
  ],
  [
    "freeGateway",
    `UPDATE "Address" a SET "hostId" = NULL, "freedAt" = ${time("at")} FROM ${rows('ip text, "hostId" text, at float8')}
     WHERE a.ip = r.ip AND a."hostId" = r."hostId"`,
  ],
  [
    "fenceHost",
    `UPDATE "Host" h SET "fencedAt" = ${time("at")}, "fencedBy" = NULL FROM ${rows("id text, at float8")}
     WHERE h.id = r.id AND (h."fencedAt" IS NULL OR h."observedAt" >= h."fencedAt")`,
  ],
  [
    "addRemnant",
    `INSERT INTO "Remnant" ("nodeId", "hostId", "clusterId", "tenantId", "segmentId", name, role, ip, "imageTag", "volumeId", incarnation)
     SELECT "nodeId", "hostId", "clusterId", "tenantId", "segmentId", name, role, ip, "imageTag", "volumeId", incarnation
     FROM ${rows(`"nodeId" text, "hostId" text, "clusterId" text, "tenantId" text, "segmentId" text, name text, role text, ip text,
       "imageTag" text, "volumeId" text, incarnation int`)}`,
  ],
  [
    "dropRemnant",
    `DELETE FROM "Remnant" m USING ${rows('"nodeId" text, "hostId" text')} WHERE m."nodeId" = r."nodeId" AND m."hostId" = r."hostId"`,
  ],
  [
    "unfenceHost",
    `UPDATE "Host" h SET "fencedAt" = NULL, "fencedBy" = NULL FROM ${rows("id text")}
     WHERE h.id = r.id AND h."fencedAt" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "Remnant" m WHERE m."hostId" = h.id)`,
  ],
  [
    "condemnCopy",
    `UPDATE "Volume" v SET state = 'deleting', "copyOf" = NULL FROM ${rows("id text")} WHERE v.id = r.id AND v.state = 'arriving'`,
  ],
  [
    "arriveVolume",
    `UPDATE "Volume" v SET state = 'attached', "copyOf" = NULL FROM ${rows('id text, "copyOf" text')}
     WHERE v.id = r.id AND v.state = 'arriving' AND v."copyOf" = r."copyOf"`,
  ],
  ["dropNode", `DELETE FROM "Node" n USING ${rows("id text")} WHERE n.id = r.id AND n.removing`],
  [
    "keepVolume",
    `UPDATE "Volume" v SET state = 'kept', origin = r.origin, "keptAt" = ${time("at")} FROM ${rows("id text, origin text, at float8")}
     WHERE v.id = r.id AND v.state = 'attached'`,
  ],
  ["dropVolume", `DELETE FROM "Volume" v USING ${rows("id text")} WHERE v.id = r.id AND v.state = 'deleting'`],
  [
    "useSegment",
    `UPDATE "Cluster" c SET "segmentId" = r."segmentId" FROM ${rows('"clusterId" text, "segmentId" text')}
     WHERE c.id = r."clusterId" AND c."segmentId" IS NULL AND EXISTS (SELECT 1 FROM "Segment" s WHERE s.id = r."segmentId")`,
  ],
  ["evictNode", `UPDATE "Node" n SET evicting = true FROM ${rows("id text")} WHERE n.id = r.id AND NOT n.evicting AND NOT n.removing`],
  ["stayNode", `UPDATE "Node" n SET evicting = false FROM ${rows("id text")} WHERE n.id = r.id AND n.evicting AND NOT n.removing`],
  ["dropCluster", `DELETE FROM "Cluster" c USING ${rows("id text")} WHERE c.id = r.id AND c.desired = 'deleted'`],
  ["removeNode", `UPDATE "Node" n SET removing = true FROM ${rows("id text")} WHERE n.id = r.id AND NOT n.removing`],
  ["condemnVolume", `UPDATE "Volume" v SET state = 'deleting' FROM ${rows("id text")} WHERE v.id = r.id AND v.state = 'attached'`],
  [
    "condemnKept",
    `UPDATE "Volume" v SET state = 'deleting' FROM ${rows("id text")}, "Tenant" t
     WHERE v.id = r.id AND v.state = 'kept' AND t.id = v."tenantId" AND t.state = 'deleting'`,
  ],
  ["forgetAddress", `DELETE FROM "Address" a USING ${rows("ip text")} WHERE a.ip = r.ip AND a."nodeId" IS NULL AND a."hostId" IS NULL`],
  ["dropSegment", `DELETE FROM "Segment" s USING ${rows("id text")} WHERE s.id = r.id`],
  [
    "dropTenant",
    `WITH gone AS (DELETE FROM "Tenant" t USING ${rows("id text")} WHERE t.id = r.id AND t.state = 'deleting' RETURNING t.id, t.slug, t.name)
     INSERT INTO "Audit" ("actorName", "tenantId", action, resource, "resourceName", detail)
     SELECT 'Kindling', id, 'tenant.gone', 'tenant:' || id, name, jsonb_build_object('what', slug || ', with everything that was in it') FROM gone`,
  ],
  [
    "addVolume",
    `INSERT INTO "Volume" (id, "tenantId", "hostId", name, "sizeMb", state) SELECT id, "tenantId", "hostId", name, "sizeMb", 'attached'
     FROM ${rows('id text, "tenantId" text, "hostId" text, name text, "sizeMb" int')}`,
  ],
  [
    "copyVolume",
    `INSERT INTO "Volume" (id, "tenantId", "hostId", name, "sizeMb", state, "copyOf", "ownerId")
     SELECT r.id, r."tenantId", r."hostId", r.name, r."sizeMb", 'arriving', s.id, s."ownerId"
     FROM ${rows('id text, "tenantId" text, "hostId" text, name text, "sizeMb" int, "copyOf" text')}
     JOIN "Volume" s ON s.id = r."copyOf" AND s.state = 'attached'`,
  ],
  [
    "attachVolume",
    `UPDATE "Volume" v SET state = 'attached', "keptAt" = NULL, origin = NULL FROM ${rows("id text")} WHERE v.id = r.id AND v.state = 'kept'`,
  ],
  [
    "addNode",
    `INSERT INTO "Node" (id, "clusterId", "hostId", number, name, role, vcpus, "memoryMb", "rootGb", "dataMb", "imageTag", "capabilitySet", capabilities,
       "volumeId", incarnation, removing, "createdAt")
     SELECT id, "clusterId", "hostId", number, name, role, vcpus, "memoryMb", "rootGb", "dataMb", "imageTag", "capabilitySet", capabilities,
       "volumeId", incarnation, false,
       ${time('"createdAt"')}
     FROM ${rows(`id text, "clusterId" text, "hostId" text, number int, name text, role text, vcpus int, "memoryMb" int, "rootGb" int,
       "dataMb" int, "imageTag" text, "capabilitySet" text, capabilities text[], "volumeId" text, incarnation int, "createdAt" float8`)}`,
  ],
  [
    "moveNode",
    `UPDATE "Node" n SET "hostId" = r."hostId", "volumeId" = r."volumeId", incarnation = r.incarnation, evicting = false,
       observed = NULL, "observedAt" = NULL
     FROM ${rows('id text, "from" text, "hostId" text, "volumeId" text, incarnation int')}
     WHERE n.id = r.id AND n."hostId" = r."from" AND NOT n.removing`,
  ],
  [
    "takeGpu",
    `INSERT INTO "NodeGpu" ("hostId", card, "nodeId") SELECT "hostId", card, "nodeId" FROM ${rows('"hostId" text, card text, "nodeId" text')}`,
  ],
  [
    "grant",
    `UPDATE "Node" n SET "capabilitySet" = r."capabilitySet", capabilities = r.capabilities
     FROM ${rows('id text, "capabilitySet" text, capabilities text[]')} WHERE n.id = r.id`,
  ],
  ["useImage", `UPDATE "Node" n SET "imageTag" = r."imageTag" FROM ${rows('id text, "imageTag" text')} WHERE n.id = r.id`],
  [
    "takeAddress",
    `INSERT INTO "Address" AS a (ip, "segmentId", "nodeId") SELECT ip, "segmentId", "nodeId"
     FROM ${rows('ip text, "segmentId" text, "nodeId" text')}
     ON CONFLICT (ip) DO UPDATE SET "nodeId" = excluded."nodeId", "freedAt" = NULL
     WHERE a."nodeId" IS NULL AND a."hostId" IS NULL AND a."segmentId" = excluded."segmentId"`,
  ],
  [
    "takeGateway",
    `INSERT INTO "Address" AS a (ip, "segmentId", "hostId") SELECT ip, "segmentId", "hostId"
     FROM ${rows('ip text, "segmentId" text, "hostId" text')}
     ON CONFLICT (ip) DO UPDATE SET "hostId" = excluded."hostId", "freedAt" = NULL
     WHERE a."nodeId" IS NULL AND a."hostId" IS NULL AND a."segmentId" = excluded."segmentId"`,
  ],
  [
    "admit",
    `INSERT INTO "Step" AS s ("clusterId", attempt, step, "startedAt", "endedAt", done, of)
     SELECT c.id, c.attempt, 'placed', ${time('"startedAt"')}, ${time("at")}, r.nodes, r.nodes
     FROM ${rows('"clusterId" text, attempt int, "startedAt" float8, at float8, nodes int')}
     JOIN "Cluster" c ON c.id = r."clusterId" AND c.attempt = r.attempt
     ON CONFLICT ("clusterId", attempt, step) DO UPDATE SET "endedAt" = excluded."endedAt", done = excluded.done, of = excluded.of,
       failed = false, message = NULL`,
  ],
  [
    "refuse",
    `UPDATE "Cluster" c SET refusal = CASE WHEN jsonb_typeof(r.refusal) = 'object' THEN r.refusal END
     FROM ${rows('"clusterId" text, refusal jsonb')} WHERE c.id = r."clusterId"`,
  ],
];
