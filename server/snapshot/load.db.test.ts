import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createDb, type Db } from "../db.ts";
import { readEnv } from "../env.ts";
import { newId } from "../ids.ts";
import { testDatabase } from "../platform/testing/database.ts";
import { seed } from "../services/seed/index.ts";
import { makeLoader } from "./load.ts";

describe("the planner's picture, read again and again", () => {
  const made: { db: Db; drop(): Promise<void> }[] = [];
  let db: Db;
  const fresh = async (): Promise<Db> => {
    const database = await testDatabase();
    const client = createDb(database.url, 3);
    made.push({ db: client, drop: database.drop });
    // The same rows in the same places by transactions of the same numbers, or nearly.
    let ids = 0;
    await seed(client, readEnv({ DATABASE_URL: database.url }), (prefix) => `${prefix}seeded${ids++}`, "dc=demo");
    return client;
  };
  const states = (load: ReturnType<typeof makeLoader>, from: Parameters<typeof load>[0]) =>
    load(from).then(({ tenants }) => tenants.map(({ state }) => state).sort());
  const suspend = (from: Pick<Db, "tenant">) => from.tenant.update({ where: { slug: "analytics" }, data: { state: "suspended" } });
  before(async () => {
    db = await fresh();
  });
  after(async () => {
    for (const { db: client, drop } of made) {
      await client.$disconnect();
      await drop();
    }
  });

  it("is the same lists while nothing changed, and of a list that did only the rows that did", async () => {
    const load = makeLoader();
    const first = await load(db);
    const second = await load(db);
    assert.equal(first.tenants.length, 2);
    for (const name of ["tenants", "hosts", "segments", "flavors", "distributions", "clusters", "nodes"] as const)
      assert.equal(second[name], first[name], name);
    const [changed, kept] = first.flavors;
    assert.ok(changed && kept);
    await db.flavor.update({ where: { id: changed.id }, data: { name: "Renamed" } });
    const third = await load(db);
    assert.equal(third.flavors.find(({ id }) => id === changed.id)?.name, "Renamed");
    assert.equal(
      third.flavors.find(({ id }) => id === kept.id),
      kept,
    );
    assert.equal(third.tenants, first.tenants);
    const id = newId("f");
    await db.flavor.create({ data: { id, slug: "one-more", name: "One more", vcpus: 1, memoryMb: 1024, position: 99 } });
    assert.equal((await load(db)).flavors.length, first.flavors.length + 1);
    await db.flavor.delete({ where: { id } });
    assert.equal((await load(db)).flavors.length, first.flavors.length);
  });

  it("shows a transaction what it wrote, and nobody what was taken back", async () => {
    const load = makeLoader();
    assert.deepEqual(await states(load, db), ["active", "active"]);
    await assert.rejects(
      db.$transaction(async (tx) => {
        await suspend(tx);
        assert.deepEqual(await states(load, tx), ["active", "suspended"]);
        assert.deepEqual(await states(load, db), ["active", "active"]);
        assert.deepEqual(await states(load, tx), ["active", "suspended"]);
        throw new Error("taken back");
      }),
      /taken back/,
    );
    assert.deepEqual(await states(load, db), ["active", "active"]);
  });

  it("is right for everybody who reads at once while somebody writes", async () => {
    const load = makeLoader();
    const { id } = await db.tenant.findUniqueOrThrow({ where: { slug: "research" } });
    for (let round = 0; round < 20; round++) {
      const early = [load(db), load(db)];
      await db.tenant.update({ where: { id }, data: { hostTags: [`round-${round}`] } });
      const late = await Promise.all([load(db), load(db), load(db)]);
      for (const { tenants } of late) assert.deepEqual(tenants.find((one) => one.id === id)?.hostTags, [`round-${round}`]);
      await Promise.all(early);
    }
  });

  it("is not another database's, however alike they are", async () => {
    const load = makeLoader();
    const other = await fresh();
    for (const from of [db, other, db, other]) assert.equal((await load(from)).tenants.length, 2);
    await suspend(other);
    assert.deepEqual(await states(load, other), ["active", "suspended"]);
    assert.deepEqual(await states(load, db), ["active", "active"]);
    assert.deepEqual(await states(load, other), ["active", "suspended"]);
  });
});
