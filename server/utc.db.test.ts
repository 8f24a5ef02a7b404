import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { createDb, poolConfig } from "./db.ts";
import { testDatabase } from "./platform/testing/database.ts";

test("times that the database fills in itself are UTC, wherever its server thinks it is", async () => {
  const database = await testDatabase();
  const client = new pg.Client(poolConfig(`${database.url}&options=-c%20work_mem%3D5MB`));
  const setting = new pg.Client(poolConfig(database.url));
  try {
    await setting.connect();
    await setting.query(`ALTER DATABASE "${new URL(database.url).pathname.slice(1)}" SET timezone TO 'Europe/Berlin'`);
    await setting.query(`ALTER ROLE CURRENT_USER IN DATABASE "${new URL(database.url).pathname.slice(1)}" SET timezone TO 'Europe/Berlin'`);
    await client.connect();
    assert.equal((await client.query("SHOW work_mem")).rows[0]?.work_mem, "5MB", "the URL's own options count too");
    const insert = `INSERT INTO "Audit" ("actorName", action, resource, "resourceName") VALUES ('host', 'test.zone', 'site:x', $1)`;
    await client.query(insert, ["pg"]);
    const db = createDb(database.url, 1);
    try {
      await db.$executeRawUnsafe(insert, "prisma");
      for (const { at, resourceName } of await db.audit.findMany())
        assert.ok(Math.abs(at.getTime() - Date.now()) < 1_800_000, `${resourceName}: ${at.toISOString()}`);
      assert.equal(await db.audit.count(), 2);
    } finally {
      await db.$disconnect();
    }
  } finally {
    await client.end();
    await setting.end();
    await database.drop();
  }
});
