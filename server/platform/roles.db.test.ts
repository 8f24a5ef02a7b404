import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { poolConfig } from "../db.ts";
import { collectSql } from "../reconciler/store/collect-sql.ts";
import { grantRoles, roles } from "./roles.ts";
import { asRole } from "./testing/as-role.ts";
import { testDatabase } from "./testing/database.ts";

describe("what each part may do in the database", () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.drop());

  /** SQLSTATE, or "done". 42501: not allowed. */
  const attempt = async (role: string, sql: string, values: unknown[] = []): Promise<string> => {
    const client = new pg.Client(poolConfig(await asRole(database.url, role)));
    await client.connect();
    try {
      await client.query(sql, values);
      return "done";
    } catch (error) {
      return error instanceof pg.DatabaseError ? (error.code ?? "?") : String(error);
    } finally {
      await client.end();
    }
  };

  it("lets the gateway look services up, and change nothing that people or the reconciler decide", async () => {
    for (const sql of [
      `UPDATE "Cluster" SET desired = 'deleted'`,
      `UPDATE "User" SET "siteAdmin" = true`,
      `UPDATE "Session" SET "revokedAt" = NULL`,
      `INSERT INTO "Membership" ("userId", "tenantId", role) VALUES ('u', 't', 'admin')`,
      `SELECT hash FROM "Token"`,
      `INSERT INTO "Audit" ("actorName", action, resource) VALUES ('eve', 'x', 'y')`,
      `DELETE FROM "Volume"`,
      `CREATE TABLE mine (n int)`,
      `SELECT pg_read_file('/etc/passwd')`,
      `COPY (SELECT 1) TO PROGRAM 'id'`,
    ])
      assert.equal(await attempt(roles.gateway, sql), "42501", sql);
    for (const sql of [`SELECT * FROM "Cluster"`, `UPDATE "Session" SET "lastSeenAt" = now()`, `UPDATE "Handover" SET "usedAt" = now()`])
      assert.equal(await attempt(roles.gateway, sql), "done", sql);
  });

  it("lets the reconciler plan and collect, and neither read sign-ins nor give rights", async () => {
    for (const sql of [
      `SELECT hash FROM "Token"`,
      `SELECT id FROM "Session"`,
      `INSERT INTO "Session" (id, "userId", "expiresAt") VALUES ('s', 'u', now())`,
      `UPDATE "Membership" SET role = 'admin'`,
      `SELECT pg_read_file('/etc/passwd')`,
    ])
      assert.equal(await attempt(roles.reconciler, sql), "42501", sql);
    for (const sql of collectSql) assert.equal(await attempt(roles.reconciler, sql, [Date.now()]), "done", sql);
    assert.equal(await attempt(roles.reconciler, `UPDATE "Cluster" SET phase = 'ready'`), "done");
  });

  it("lets the portal write what people want, and nobody but the schema's owner change the schema or the trail", async () => {
    assert.equal(await attempt(roles.portal, `UPDATE "Cluster" SET desired = 'deleted'`), "done");
    assert.equal(await attempt(roles.portal, `INSERT INTO "Audit" ("actorName", action, resource) VALUES ('sam', 'x', 'y')`), "done");
    for (const sql of [`DELETE FROM "Audit"`, `DROP TABLE "Audit"`, `DELETE FROM "_prisma_migrations"`, `ALTER TABLE "User" ADD x int`])
      assert.equal(await attempt(roles.portal, sql), "42501", sql);
  });

  it("lets the authority use up tokens and write hosts down, and neither invite any nor read what is people's", async () => {
    for (const sql of [
      `INSERT INTO "Enrolment" (id, "hostName", "tokenHash", "createdById", "expiresAt") VALUES ('e', 'h', 't', 'u', now())`,
      `UPDATE "Enrolment" SET "expiresAt" = now()`,
      `UPDATE "Host" SET mode = 'removing'`,
      `DELETE FROM "Host"`,
      `SELECT hash FROM "Token"`,
      `SELECT id FROM "Session"`,
      `SELECT secrets FROM "Cluster"`,
      `UPDATE "User" SET "siteAdmin" = true`,
      `DELETE FROM "Audit"`,
    ])
      assert.equal(await attempt(roles.authority, sql), "42501", sql);
    for (const sql of [`UPDATE "Enrolment" SET "usedAt" = now()`, `UPDATE "Host" SET certificate = 'x'`, `SELECT * FROM "Enrolment"`])
      assert.equal(await attempt(roles.authority, sql), "done", sql);
  });

  it("is granted by two starters at once, and again", async () => {
    await Promise.all([grantRoles(database.url), grantRoles(database.url)]);
    await grantRoles(database.url);
  });
});
