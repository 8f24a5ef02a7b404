/** What nobody can use any more. Sessions that ended stay a week, so that "where was I signed in" has an answer. */
// $1: milliseconds since the epoch.
const now = "to_timestamp($1::float8 / 1000.0) AT TIME ZONE 'UTC'";

export const collectSql: readonly string[] = [
  `DELETE FROM "Handover" WHERE "expiresAt" < ${now}`,
  `DELETE FROM "GatewaySession" g WHERE g."expiresAt" < ${now} OR NOT EXISTS (SELECT 1 FROM "Cluster" c WHERE c.id = g."clusterId")`,
  // A freed address that rested for an hour more than it has to is as if it had never been used.
  `DELETE FROM "Address" a USING "Installation" i
   WHERE a."freedAt" < (${now}) - interval '1 hour' - i."addressRestSeconds" * interval '1 second'`,
  // Sizes that a flavor had before, when the last cluster with it is gone.
  `DELETE FROM "Flavor" f WHERE f."replacedAt" < (${now}) - interval '1 hour'
   AND NOT EXISTS (SELECT 1 FROM "Cluster" c WHERE c."masterFlavorId" = f.id OR c."workerFlavorId" = f.id)`,
  // The newest 500 of each host.
  `DELETE FROM "HostEvent" e USING (SELECT id, row_number() OVER (PARTITION BY "hostId" ORDER BY id DESC) AS place FROM "HostEvent") AS t
   WHERE t.id = e.id AND t.place > 500 AND e.at < ${now}`,
  `DELETE FROM "Session" WHERE coalesce("revokedAt", "expiresAt") < (${now}) - interval '7 days'`,
];
