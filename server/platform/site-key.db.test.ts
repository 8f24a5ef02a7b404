import assert from "node:assert/strict";
import { createCipheriv, randomBytes } from "node:crypto";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import pg from "pg";
import { createDb, type Db, poolConfig } from "../db.ts";
import { makeCluster, seed } from "../gateway/testing/seed.ts";
import { bindPassword, clusterSecrets, sealedColumns } from "../secrets/places.ts";
import { readRing } from "../secrets/ring.ts";
import { keyOf } from "../secrets/seal.ts";
import { type Keys, loadSiteKeys } from "../secrets.ts";
import { roles } from "./roles.ts";
import { type SiteKeyWork, settleSiteKey } from "./site-key.ts";
import { asRole } from "./testing/as-role.ts";
import { testDatabase } from "./testing/database.ts";

const ids = Array.from({ length: 120 }, (_, n) => `ckey${n + 10}`);

describe("the site's key", () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let db: Db;
  let home: string;
  let work: SiteKeyWork;
  /** What the parts have open all the time: the gateway, which only opens, and the portal, which seals. */
  let gateway: Keys;
  let portal: Keys;
  const ring = async () => readRing("", await readFile(join(home, "site.key")));
  before(async () => {
    database = await testDatabase();
    db = createDb(database.url, 4);
    home = await mkdtemp(join(tmpdir(), "kindling-site-key-"));
    await loadSiteKeys(home);
    await seed(db, await ring(), "/run/nowhere", new Date());
    for (const [number, id] of ids.entries())
      await makeCluster(db, await ring(), { id, number: number + 10, ip: `10.35.219.${number + 10}` });
    await db.directorySettings.create({ data: { settings: {}, bindPassword: (await loadSiteKeys(home)).seal(bindPassword, "bind") } });
  });
  after(async () => {
    await db.$disconnect();
    await database.drop();
    await rm(home, { recursive: true });
  });
  beforeEach(async () => {
    const copies = ["gateway", "portal"].map((part) => join(home, "keys", part));
    for (const folder of copies) {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await cp(join(home, "site.key"), join(folder, "site.key"));
      await chmod(join(folder, "site.key"), 0o400);
    }
    const [one = "", two = ""] = copies;
    [gateway, portal] = [await loadSiteKeys(one), await loadSiteKeys(two)];
    work = { databaseUrl: database.url, home, copies, who: "root on host-1" };
  });

  /** Every secret as the gateway opens it; fails with the first that it cannot. */
  const everythingOpens = async (): Promise<void> => {
    const rows = await db.cluster.findMany({ select: { id: true, secrets: true } });
    for (const { id, secrets } of rows) assert.match(gateway.open(clusterSecrets(id), secrets), /sparkAuth/);
    const directory = await db.directorySettings.findFirstOrThrow();
    assert.equal(portal.open(bindPassword, directory.bindPassword ?? ""), "bind");
  };
  const keysInUse = async (): Promise<string[]> => {
    const texts = [
      ...(await db.cluster.findMany()).map((row) => row.secrets),
      (await db.directorySettings.findFirstOrThrow()).bindPassword ?? "",
    ];
    return [...new Set(texts.map((text) => keyOf(text) ?? "none"))];
  };

  it("is replaced: everything is sealed with the new one, the old one is gone, and nobody notices", async () => {
    const [old] = (await ring()).keys;
    await settleSiteKey(work, "present");
    const { key, resealed, retired, unreadable } = await settleSiteKey(work, "new");
    assert.deepEqual([resealed, retired, unreadable], [ids.length + 2, [old?.id], []]);
    assert.deepEqual(await keysInUse(), [key]);
    const written = await db.audit.findMany({ where: { action: "site-key.retire" } });
    assert.deepEqual(
      written.map(({ actorName, detail }) => [actorName, detail]),
      [["root on host-1", { before: { key: old?.id }, after: { key } }]],
    );
    for (const file of [home, ...work.copies].map((folder) => join(folder, "site.key"))) {
      assert.deepEqual(
        readRing(file, await readFile(file)).keys.map(({ id }) => id),
        [key],
      );
      assert.equal((await stat(file)).mode & 0o777, file.startsWith(join(home, "keys")) ? 0o400 : 0o600);
    }
    await everythingOpens();
  });

  it("is replaced in the end wherever the work is cut off, and every secret opens at every moment", { timeout: 300_000 }, async () => {
    const names: string[] = [];
    await settleSiteKey({ ...work, step: (name) => void names.push(name) }, "new");
    assert.ok(names.length >= 8, names.join());
    for (const at of names.keys()) {
      const begun = (await ring()).keys.at(-1)?.id;
      let steps = 0;
      const cut = async (name: string): Promise<void> => {
        await everythingOpens();
        assert.match(portal.open(clusterSecrets("c"), portal.seal(clusterSecrets("c"), "mine")), /mine/);
        if (steps === at) throw new Error(`power cut before: ${name}`);
        steps += 1;
      };
      await assert.rejects(settleSiteKey({ ...work, step: cut }, "new"), /power cut/);
      await everythingOpens();
      // A launcher that starts, or the same person again.
      const report = await settleSiteKey(work, at % 2 === 0 ? "present" : "new");
      await everythingOpens();
      assert.deepEqual(await keysInUse(), [report.key], names[at]);
      assert.deepEqual(
        (await ring()).keys.map(({ id }) => id),
        [report.key],
      );
      assert.equal(await db.siteKey.count(), 1);
      // Cut off before the new key was written down, nothing had happened.
      if (at === 0) assert.equal(report.key, begun);
    }
  });

  it("waits for a secret that is being written with the old one, and takes none afterwards", async () => {
    const old = portal.seal(clusterSecrets("ckey10"), '{"sparkAuth":"late"}');
    const writer = new pg.Client(poolConfig(await asRole(database.url, roles.portal)));
    await writer.connect();
    await writer.query("BEGIN");
    // The new key is current already, and everything that is committed is sealed with it.
    let late = false;
    const step = async (name: string): Promise<void> => {
      if (name !== "retire" || late) return;
      late = true;
      // What people change is also written into the trail, whose chain takes a lock of its own when it is committed.
      await writer.query(
        `INSERT INTO "Audit" ("actorName", action, resource, "resourceName") VALUES ('dana', 'cluster.create', 'cluster:ckey10', 'late')`,
      );
      await writer.query(`UPDATE "Cluster" SET secrets = $1 WHERE id = 'ckey10'`, [old]);
      const commit = async (): Promise<void> => {
        for (let waiting = 0n; waiting === 0n; ) {
          const [row] = await db.$queryRaw<{ waiting: bigint }[]>`SELECT count(*) AS waiting FROM pg_stat_activity
            WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE 'DELETE FROM "SiteKey"%'`;
          waiting = row?.waiting ?? 0n;
        }
        await writer.query("COMMIT");
      };
      void commit().catch(() => undefined);
    };
    const { key } = await settleSiteKey({ ...work, step }, "new");
    assert.deepEqual(await keysInUse(), [key]);
    const { secrets } = await db.cluster.findUniqueOrThrow({ where: { id: "ckey10" } });
    assert.match(gateway.open(clusterSecrets("ckey10"), secrets), /late/);
    await assert.rejects(writer.query(`UPDATE "Cluster" SET secrets = $1 WHERE id = 'ckey10'`, [old]), { code: "23503" });
    // The portal itself has no business with the list of keys.
    for (const sql of [`DELETE FROM "SiteKey"`, `INSERT INTO "SiteKey" (id) VALUES ('x')`])
      await assert.rejects(writer.query(sql), { code: "42501" });
    await writer.end();
  });

  it("is used by one at a time", async () => {
    let second: unknown = null;
    const step = async (): Promise<void> => {
      second ??= await settleSiteKey(work, "new").catch((error: unknown) => error);
    };
    await settleSiteKey({ ...work, step }, "new");
    assert.match(String(second), /being changed already/);
  });

  it("takes over what an earlier version sealed without a key's name", async () => {
    const [{ key } = { key: randomBytes(32) }] = (await ring()).keys;
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const body = Buffer.concat([cipher.update('{"sparkAuth":"former"}'), cipher.final()]);
    const former = ["v1", ...[nonce, body, cipher.getAuthTag()].map((part) => part.toString("base64url"))].join(".");
    await db.cluster.update({ where: { id: "ckey11" }, data: { secrets: former } });
    assert.equal((await settleSiteKey(work, "present")).resealed, 1);
    const { secrets } = await db.cluster.findUniqueOrThrow({ where: { id: "ckey11" } });
    assert.equal(gateway.open(clusterSecrets("ckey11"), secrets), '{"sparkAuth":"former"}');
  });

  it("stays when a secret cannot be opened, and says which one", async () => {
    const { secrets } = await db.cluster.findUniqueOrThrow({ where: { id: "ckey12" } });
    await db.cluster.update({ where: { id: "ckey13" }, data: { secrets } });
    const { unreadable, retired } = await settleSiteKey(work, "new");
    assert.deepEqual([unreadable, retired], [["Cluster ckey13"], []]);
    assert.equal((await ring()).keys.length, 2);
    await db.cluster.update({
      where: { id: "ckey13" },
      data: { secrets: portal.seal(clusterSecrets("ckey13"), '{"sparkAuth":"mended"}') },
    });
    assert.equal((await settleSiteKey(work, "new")).retired.length, 1);
    await everythingOpens();
  });

  it("is asked of every column that holds sealed text", async () => {
    const rows = await db.$queryRaw<{ name: string }[]>`SELECT event_object_table || '.' || split_part(action_statement, '''', 2) AS name
      FROM information_schema.triggers WHERE action_statement LIKE '%sealed_with_known_key%' GROUP BY 1`;
    assert.deepEqual(rows.map(({ name }) => name).sort(), sealedColumns.map(({ table, column }) => `${table}.${column}`).sort());
  });
});
