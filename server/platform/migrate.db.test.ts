import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
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

test("nodes keep the capabilities that they had before sets had names", async () => {
  const older = await mkdtemp(join(tmpdir(), "kindling-migrations-"));
  const before = await testDatabase({ migrated: false });
  const ask = async (sql: string): Promise<pg.QueryResult> => {
    const client = new pg.Client(poolConfig(before.url));
    await client.connect();
    return client.query(sql).finally(() => client.end());
  };
  try {
    const names = (await readdir(migrations)).filter((name) => name < "0013");
    for (const name of names) await cp(join(migrations, name), join(older, name), { recursive: true });
    await migrate(before.url, older);
    await ask(`INSERT INTO "Tenant"(id, slug, name, capabilities) VALUES ('t1', 'one', 'One', '{SETUID,CHOWN,NET_RAW}');
      INSERT INTO "User"(id, username, "displayName", dn) VALUES ('u1', 'ada', 'Ada', 'uid=ada');
      INSERT INTO "Flavor"(id, slug, name, vcpus, "memoryMb", position) VALUES ('f1', 'small', 'Small', 1, 1024, 1);
      INSERT INTO "Distribution"(id, name, type, summary, "imageTag", manifest)
        VALUES ('d1', 'D', 'utility', '', 'd:1', '{"capabilities": ["SETUID", "KILL", "CHOWN"]}');
      INSERT INTO "Host"(id, name, endpoint) VALUES ('h1', 'host', 'unix:/x');
      INSERT INTO "Cluster"(id, "tenantId", "ownerId", name, "distributionId", "masterFlavorId", "workerFlavorId", "workerCount", secrets)
        VALUES ('c1', 't1', 'u1', 'c', 'd1', 'f1', 'f1', 0, 'x');
      INSERT INTO "Volume"(id, "tenantId", "hostId", name, "sizeMb", state) VALUES ('v1', 't1', 'h1', 'v', 64, 'attached');
      INSERT INTO "Node"(id, "clusterId", "hostId", number, name, role, vcpus, "memoryMb", "rootGb", "dataMb", "imageTag", "volumeId")
        VALUES ('n1', 'c1', 'h1', 1, 'n', 'master', 1, 1024, 20, 64, 'd:1', 'v1')`);
    assert.ok((await migrate(before.url, migrations)).includes("0013_capabilities"));
    const { rows } = await ask('SELECT "capabilitySet", capabilities FROM "Node"');
    assert.deepEqual(rows, [{ capabilitySet: "default", capabilities: ["CHOWN", "SETUID"] }]);
    assert.deepEqual((await ask('SELECT "capabilitySets", "capabilitySet" FROM "Tenant"')).rows, [
      { capabilitySets: ["default"], capabilitySet: "default" },
    ]);
  } finally {
    await before.drop();
    await rm(older, { recursive: true });
  }
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
