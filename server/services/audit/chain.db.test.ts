import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { createDb, type Db, poolConfig } from "../../db.ts";
import { roles } from "../../platform/roles.ts";
import { asRole } from "../../platform/testing/as-role.ts";
import { testDatabase } from "../../platform/testing/database.ts";
import { chainHead, verifyAudit } from "./verify.ts";
import { audit } from "./write.ts";

const actor = { userId: "usam", displayName: "Sam", ip: "192.0.2.7", sessionId: "s1", tokenId: null };
const entry = (n: number) => ({
  action: "cluster.create",
  resource: `cluster:c${n}`,
  resourceName: `Jörg's "n°${n}"\n, 3:abc`,
  detail: { what: "1 Medium", n, nested: { z: 1.5, a: [true, null, "é"] } },
});

describe("the chain over the audit trail", () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let db: Db;
  before(async () => {
    database = await testDatabase();
    db = createDb(database.url, 20);
  });
  after(async () => {
    await db.$disconnect();
    await database.drop();
  });

  /** As somebody who owns the database and switches its triggers off. */
  const byHand = async (sql: string): Promise<void> => {
    const client = new pg.Client(poolConfig(database.url));
    await client.connect();
    try {
      await client.query(`SET session_replication_role = replica; ${sql}`);
    } finally {
      await client.end();
    }
  };

  it("is made of every row, whatever is in it, in the order of commits", async () => {
    assert.equal(await chainHead({ db }), null);
    assert.deepEqual(await verifyAudit({ db }, {}), { checked: 0, head: null, next: null, fault: null });
    await audit(db, actor, entry(1));
    await audit(db, { userId: null, displayName: "The directory", ip: null }, { action: "a.b", resource: "x:y", resourceName: "" });
    const late = db.$transaction(async (tx) => {
      await audit(tx, actor, entry(3));
      // Another one commits first, and is not held up by the open transaction.
      await audit(db, actor, entry(4));
      await audit(tx, actor, entry(5));
    });
    await late;
    const links = await db.auditLink.findMany({ orderBy: { position: "asc" } });
    const rows = new Map((await db.audit.findMany()).map((row) => [row.id, row.resource]));
    assert.deepEqual(
      links.map(({ auditId }) => rows.get(auditId)),
      ["cluster:c1", "x:y", "cluster:c4", "cluster:c3", "cluster:c5"],
    );
    const report = await verifyAudit({ db }, {});
    assert.deepEqual([report.checked, report.fault, report.head], [5, null, await chainHead({ db })]);
  });

  it("has no link for what was rolled back", async () => {
    const head = await chainHead({ db });
    await assert.rejects(
      db.$transaction(async (tx) => {
        await audit(tx, actor, entry(6));
        throw new Error("no");
      }),
    );
    assert.equal(await chainHead({ db }), head);
    assert.equal((await verifyAudit({ db }, {})).fault, null);
  });

  it("stays one under two hundred writers at once who also lock each other's rows", async () => {
    const before = await db.auditLink.count();
    await db.tenant.create({ data: { id: "t1", slug: "one", name: "One" } });
    const work = Array.from({ length: 200 }, (_, n) =>
      db.$transaction(async (tx) => {
        await audit(tx, actor, entry(100 + n));
        // After the row of the trail is written: with a lock held from there on these would wait for each other for ever.
        await tx.tenant.update({ where: { id: "t1" }, data: { maxNodes: n } });
        if (n % 3 === 0) await audit(tx, actor, entry(1000 + n));
      }),
    );
    await Promise.all(work);
    const report = await verifyAudit({ db }, {});
    assert.equal(report.fault, null);
    assert.equal(report.checked, before + 200 + 67);
    assert.equal(await db.auditLink.count(), await db.audit.count());
  });

  it("names the first row that was altered by hand, that is gone, or that was put there past it", async () => {
    const noted = (await chainHead({ db })) ?? "";
    const [victim, later] = await db.auditLink.findMany({ orderBy: { position: "asc" }, skip: 40, take: 2 });
    assert.ok(victim && later);
    const fault = async (input = {}) => (await verifyAudit({ db }, input)).fault;
    for (const change of [
      `"actorName" = 'Eve'`,
      "outcome = 'refused'",
      "at = at + interval '1 second'",
      "detail = '{}'",
      "ip = NULL",
      "via = 'x'",
    ]) {
      await byHand(`CREATE TABLE kept AS SELECT * FROM "Audit" WHERE id IN (${victim.auditId}, ${later.auditId});
        UPDATE "Audit" SET ${change} WHERE id IN (${victim.auditId}, ${later.auditId})`);
      const found = await fault();
      assert.equal(found?.position, String(victim.position), change);
      assert.equal(found.audit, String(victim.auditId));
      await byHand(`DELETE FROM "Audit" WHERE id IN (SELECT id FROM kept); INSERT INTO "Audit" SELECT * FROM kept; DROP TABLE kept`);
      assert.equal(await fault(), null, `after ${change} was put back`);
    }
    await byHand(
      `CREATE TABLE kept AS SELECT * FROM "Audit" WHERE id = ${victim.auditId}; DELETE FROM "Audit" WHERE id = ${victim.auditId}`,
    );
    assert.match((await fault())?.what ?? "", new RegExp(`^Entry ${victim.auditId}, which link ${victim.position} is about, is gone`));
    await byHand(`INSERT INTO "Audit" SELECT * FROM kept; DROP TABLE kept`);

    await byHand(`INSERT INTO "Audit" ("actorName", action, resource) VALUES ('eve', 'a', 'b')`);
    assert.match((await fault())?.what ?? "", /is in no link/);
    await byHand(`DELETE FROM "Audit" WHERE "actorName" = 'eve'`);

    await byHand(`DELETE FROM "AuditLink" WHERE position = ${victim.position}`);
    assert.match((await fault())?.what ?? "", new RegExp(`^Link ${victim.position} is missing`));
    await byHand(`INSERT INTO "AuditLink" VALUES (${victim.position}, ${victim.auditId}, '${victim.hash}')`);
    assert.equal(await fault({ noted: [noted] }), null);

    // Whoever takes away the end leaves a chain that fits: only what was noted elsewhere tells.
    await byHand(`DELETE FROM "Audit" WHERE id = (SELECT "auditId" FROM "AuditLink" ORDER BY position DESC LIMIT 1);
      DELETE FROM "AuditLink" WHERE position = (SELECT max(position) FROM "AuditLink")`);
    assert.equal(await fault(), null);
    assert.match((await fault({ noted: [noted] }))?.what ?? "", /^The chain ends before link/);
    await audit(db, actor, entry(7));
    assert.match((await fault({ noted: [noted] }))?.what ?? "", /is not the one that was noted/);
  });

  it("goes on where an earlier call stopped", async () => {
    const link = await db.auditLink.findFirstOrThrow({ where: { position: 100 } });
    const report = await verifyAudit({ db }, { after: `100:${link.hash}` });
    assert.deepEqual([report.fault, report.checked], [null, (await db.auditLink.count()) - 100]);
    assert.equal((await verifyAudit({ db }, { after: `100:${"0".repeat(64)}` })).fault?.position, "101");
  });

  it("can be altered by nobody's account but the server's own", async () => {
    for (const role of [roles.portal, roles.reconciler, roles.authority]) {
      const client = new pg.Client(poolConfig(await asRole(database.url, role)));
      await client.connect();
      await client.query(`INSERT INTO "Audit" ("actorName", action, resource) VALUES ('${role}', 'x', 'y')`);
      for (const sql of [
        `UPDATE "Audit" SET "actorName" = 'eve'`,
        `DELETE FROM "Audit"`,
        `TRUNCATE "Audit"`,
        `INSERT INTO "AuditLink" VALUES (1000000, 1, 'x')`,
        `DELETE FROM "AuditLink"`,
        `ALTER TABLE "Audit" DISABLE TRIGGER ALL`,
        "SET session_replication_role = replica",
        `CREATE TEMP TABLE mine (LIKE "Audit"); CREATE TRIGGER t AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION audit_chain()`,
      ])
        await assert.rejects(client.query(sql), { code: "42501" }, `${role}: ${sql}`);
      await client.end();
    }
    for (const sql of [`UPDATE "AuditLink" SET hash = ''`, `DELETE FROM "AuditLink"`, `TRUNCATE "Audit"`, `TRUNCATE "AuditLink"`])
      await assert.rejects(db.$executeRawUnsafe(sql), /append-only/, sql);
    assert.equal((await verifyAudit({ db }, {})).fault, null);
  });
});
