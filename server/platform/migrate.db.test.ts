import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import pg from "pg";
import { poolConfig } from "../db.ts";
import { migrate } from "./migrate.ts";
import { testDatabase } from "./testing/database.ts";

const migrations = join(import.meta.dirname, "..", "..", "prisma", "migrations");
let folder: string;
let database: Awaited<ReturnType<typeof testDatabase>>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kindling-migrations-"));
  await cp(migrations, folder, { recursive: true });
  database = await testDatabase({ migrated: false });
});
after(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const query = async (sql: string): Promise<pg.QueryResult> => {
  const client = new pg.Client(poolConfig(database.url));
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
};

test("two starters at once apply each migration once, a second start none", async () => {
  const both = await Promise.all([migrate(database.url, folder), migrate(database.url, folder)]);
  assert.ok(both.flat().length >= 1);
  assert.equal(new Set(both.flat()).size, both.flat().length);
  assert.deepEqual(await migrate(database.url, folder), []);
});

test("a migration that fails is rolled back whole and named", async () => {
  await cp(join(migrations, "0001_init"), join(folder, "9998_broken"), { recursive: true });
  await writeFile(join(folder, "9998_broken", "migration.sql"), 'CREATE TABLE "Half" (id int); SELECT nonsense;');
  await assert.rejects(migrate(database.url, folder), /9998_broken failed and was rolled back/);
  assert.equal((await query(`SELECT to_regclass('"Half"') AS half`)).rows[0].half, null);
  await rm(join(folder, "9998_broken"), { recursive: true });
});

test("an applied migration that was edited is refused", async () => {
  await writeFile(join(folder, "0001_init", "migration.sql"), "SELECT 1;");
  await assert.rejects(migrate(database.url, folder), /0001_init was changed/);
});

test("the database refuses what must not exist: an address without owner or rest, a change of the audit trail", async () => {
  await query(`INSERT INTO "Tenant"(id, slug, name) VALUES ('t1', 'one', 'One')`);
  await query(
    `INSERT INTO "Segment"(id, "tenantId", name, cidr, gateway, bridge) VALUES ('s1', 't1', 'one', '10.1.1.0/24', '10.1.1.254', 'kone')`,
  );
  await assert.rejects(query(`INSERT INTO "Address"(ip, "segmentId") VALUES ('10.1.1.2', 's1')`), /Address_owner_check/);
  await query(`INSERT INTO "Audit"("actorName", action, resource) VALUES ('sam', 'cluster.create', 'cluster:c1')`);
  await assert.rejects(query(`DELETE FROM "Audit"`), /append-only/);
  await assert.rejects(query(`UPDATE "Audit" SET "actorName" = 'eve'`), /append-only/);
});
