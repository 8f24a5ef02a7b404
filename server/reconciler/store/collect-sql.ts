/** What nobody can use any more. Sessions that ended stay a week, so that "where was I signed in" has an answer. */
// $1: milliseconds since the epoch.
const now = "to_timestamp($1::float8 / 1000.0) AT TIME ZONE 'UTC'";

export const collectSql: readonly string[] = [
  `DELETE FROM "Handover" WHERE "expiresAt" < ${now}`,
  `DELETE FROM "GatewaySession" g WHERE g."expiresAt" < ${now} OR NOT EXISTS (SELECT 1 FROM "Cluster" c WHERE c.id = g."clusterId")`,
  `DELETE FROM "Session" WHERE coalesce("revokedAt", "expiresAt") < (${now}) - interval '7 days'`,
];
