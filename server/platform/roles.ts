import pg from "pg";
import { poolConfig } from "../db.ts";

const all = "SELECT, INSERT, UPDATE, DELETE";

/** Sign-ins, tokens, who is in which group and who may use whose cluster: the portal's business. */
const personal = [
  "Session",
  "Token",
  "Handover",
  "GatewaySession",
  "GroupMapping",
  "Membership",
  "Enrolment",
  "DirectorySettings",
  "ClusterShare",
];

/** Of what is past its time the reconciler only throws away. */
const reconcilerCollects: Record<string, string> = {
  Session: 'SELECT ("revokedAt", "expiresAt"), DELETE',
  Handover: 'SELECT ("expiresAt"), DELETE',
  GatewaySession: 'SELECT ("clusterId", "expiresAt"), DELETE',
};

/** What the gateway looks up at each request, and the little that it writes. */
const gatewayReads = ["User", "Tenant", "Membership", "Cluster", "Distribution", "Node", "Host", "Address", "Installation", "ClusterShare"];
const gatewayWrites: Record<string, string> = {
  Session: 'SELECT, UPDATE ("lastSeenAt")',
  Handover: 'SELECT, UPDATE ("usedAt")',
  GatewaySession: "SELECT, INSERT",
};

/** The authority uses up tokens and writes what became of it. */
const authorityRights: Record<string, string> = {
  Enrolment: 'SELECT, UPDATE ("usedAt", "hostId")',
  Host: 'SELECT, INSERT, UPDATE ("endpoint", "certificate", "certificateExpiresAt")',
  HostEvent: "SELECT, INSERT",
  Audit: "SELECT, INSERT",
};

/** The database's role of each part that asks it. */
export const roles = {
  portal: "kindling_portal",
  gateway: "kindling_gateway",
  reconciler: "kindling_reconciler",
  authority: "kindling_authority",
} as const;

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/**
 * Makes the roles where missing and gives each what its part needs of the tables that there are now: after the migrations, at every start.
 * None owns anything, so none can change the schema or read the server's files; nobody can take anything out of the audit trail.
 */
export async function grantRoles(databaseUrl: string): Promise<void> {
  const client = new pg.Client(poolConfig(databaseUrl));
  await client.connect();
  const run = (sql: string): Promise<unknown> => client.query(sql);
  try {
    for (const role of Object.values(roles)) await makeRole(client, role);
    await run("BEGIN");
    await run("SELECT pg_advisory_xact_lock(72707370)");
    for (const role of Object.values(roles)) {
      await run(`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${role}`);
      await run(`GRANT USAGE ON SCHEMA public TO ${role}`);
    }
    const { rows } = await client.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1)",
      [["_prisma_migrations", "Audit", "AuditLink", "SiteKey", "LocalAdmin"]],
    );
    const tables = rows.map(({ name }) => name);
    const ruled = tables.filter((name) => !personal.includes(name));
    await run(`GRANT ${all} ON ${quoted(tables)} TO ${roles.portal}`);
    await run(`GRANT ${all} ON ${quoted(ruled)} TO ${roles.reconciler}`);
    await run(`GRANT SELECT, INSERT ON "Audit" TO ${roles.portal}, ${roles.reconciler}`);
    // Links are written by a trigger that runs as the owner.
    await run(`GRANT SELECT ON "AuditLink" TO ${roles.portal}`);
    // Switched on by root on the host only: a portal in wrong hands cannot switch it on.
    await run(`GRANT SELECT ON "LocalAdmin" TO ${roles.portal}`);
    await run(`GRANT SELECT ("id", "expiresAt") ON "LocalAdmin" TO ${roles.gateway}`);
    await run(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${roles.portal}, ${roles.reconciler}, ${roles.authority}`);
    await run(`GRANT SELECT ON ${quoted(gatewayReads)} TO ${roles.gateway}`);
    for (const [table, rights] of Object.entries(gatewayWrites)) await run(`GRANT ${rights} ON "${table}" TO ${roles.gateway}`);
    for (const [table, rights] of Object.entries(reconcilerCollects)) await run(`GRANT ${rights} ON "${table}" TO ${roles.reconciler}`);
    for (const [table, rights] of Object.entries(authorityRights)) await run(`GRANT ${rights} ON "${table}" TO ${roles.authority}`);
    await run("COMMIT");
  } finally {
    await client.end();
  }
}

/** Roles belong to the whole server: another database's starter may make them at the same moment. */
async function makeRole(client: pg.Client, role: string): Promise<void> {
  const { rowCount } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]);
  if (rowCount !== 0) return;
  await client.query(`CREATE ROLE ${role} LOGIN`).catch((error: unknown) => {
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    if (code !== "42710" && code !== "23505") throw error;
  });
}
