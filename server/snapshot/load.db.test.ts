import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import pg from "pg";
import { z } from "zod";
import { createDb, type Db, poolConfig } from "../db.ts";
import { readEnv } from "../env.ts";
import { newId } from "../ids.ts";
import { testDatabase } from "../platform/testing/database.ts";
import { seed } from "../services/seed/index.ts";
import { makeLoader, sharing } from "./load.ts";

describe("the planner's picture, read again and again", () => {
  const made: { db: Db; drop(): Promise<void> }[] = [];
  let db: Db;
  let url: string;
  const fresh = async (): Promise<Db> => {
    const database = await testDatabase();
    url ??= database.url;
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
  /** A client beside it that counts what the database sends. */
  const Sent = z.record(z.string(), z.unknown());
  const Part = z.object({ texts: z.array(z.string()) });
  const counting = () => {
    const seen = { questions: 0, rows: 0 };
    const counted = new Proxy(db, {
      get: (target, name) =>
        name === "$queryRawUnsafe"
          ? async (sql: string, ...values: unknown[]) => {
              seen.questions++;
              const answer = await target.$queryRawUnsafe<{ picture: unknown }[]>(sql, ...values);
              for (const part of Object.values(Sent.parse(answer[0]?.picture))) seen.rows += Part.safeParse(part).data?.texts.length ?? 0;
              return answer;
            }
          : Reflect.get(target, name),
    });
    return { db: counted, seen };
  };
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

  it("is sent anew as far as it changed, however much there is", async () => {
    const { db: counted, seen } = counting();
    const load = makeLoader();
    /** Rows that a look costs. */
    const cost = async (): Promise<number> => {
      const before = seen.rows;
      await load(counted);
      return seen.rows - before;
    };
    // What was written since the oldest transaction that still runs on the server is sent again, and other databases' count.
    // A test beside this one may keep a transaction open for seconds.
    const settled = async (): Promise<void> => {
      for (const until = performance.now() + 120_000; (await cost()) > 0; await pause(10))
        assert.ok(performance.now() < until, "rows that nobody changed are sent again and again");
    };
    const all = await cost();
    assert.ok(all > 10, `${all} rows`);
    await settled();
    const [tenant] = await db.tenant.findMany();
    await db.tenant.update({ where: { id: tenant?.id }, data: { hostTags: ["other"] } });
    assert.equal(await cost(), 1);
    await settled();
    // What nobody asks for costs nothing: people come and go all the time.
    await db.user.create({ data: { id: "ucount", username: "count", displayName: "Count", dn: "uid=count" } });
    assert.equal(await cost(), 0);
  });

  it("is one question for whoever asks at once, and shows each what was written before", async () => {
    const { db: counted, seen } = counting();
    const load = sharing(makeLoader());
    const { id } = await db.tenant.findUniqueOrThrow({ where: { slug: "research" } });
    const early = Array.from({ length: 20 }, () => load(counted));
    await Promise.all(early);
    assert.equal(seen.questions, 2);
    for (let round = 0; round < 10; round++) {
      const first = load(counted);
      await db.tenant.update({ where: { id }, data: { hostTags: [`shared-${round}`] } });
      for (const { tenants } of await Promise.all([load(counted), load(counted)]))
        assert.deepEqual(tenants.find((one) => one.id === id)?.hostTags, [`shared-${round}`]);
      await first;
    }
    const failing = sharing(async () => Promise.reject(new Error("no connection")));
    for (const { status } of await Promise.allSettled([failing(db), failing(db), failing(db)])) assert.equal(status, "rejected");
  });

  it("is what a first look shows, whatever was written how", async () => {
    const load = makeLoader();
    const slow = new pg.Client(poolConfig(url));
    await slow.connect();
    let open = false;
    let made = 0;
    const write = `UPDATE "Tenant" SET "hostTags" = ARRAY[$1] WHERE slug = 'analytics'`;
    const steps = {
      edit: () => db.tenant.update({ where: { slug: "research" }, data: { hostTags: [`edit-${made++}`] } }),
      add: () =>
        db.flavor.create({
          data: { id: newId("f"), slug: `made-${made++}`, name: "Made", vcpus: 1, memoryMb: 1024, position: 200 + made },
        }),
      swap: async () => {
        const last = await db.flavor.findFirst({ where: { slug: { startsWith: "made-" } } });
        if (last)
          await db.$transaction([db.flavor.delete({ where: { id: last.id } }), db.flavor.create({ data: { ...last, id: newId("f") } })]);
      },
      remove: () => db.flavor.deleteMany({ where: { slug: { startsWith: "made-" }, position: { gt: 200 + made - 2 } } }),
      // Somebody takes their time, with a part of it that has a number of its own.
      begin: async () => {
        if (!open) await slow.query("BEGIN");
        open = true;
        await slow.query("SAVEPOINT one");
        await slow.query(write, [`slow-${made++}`]);
        await slow.query("RELEASE one");
      },
      commit: async () => {
        if (open) await slow.query(made % 3 === 0 ? "ROLLBACK" : "COMMIT");
        open = false;
      },
      // Looks from within while it is not yet decided.
      inside: async () => {
        const work = db.$transaction(async (tx) => {
          await tx.tenant.update({ where: { slug: "research" }, data: { hostTags: [`inside-${made++}`] } });
          await tx.flavor.deleteMany({ where: { slug: { startsWith: "made-" } } });
          const { tenants, flavors } = await load(tx);
          assert.ok(tenants.some(({ hostTags }) => hostTags.includes(`inside-${made - 1}`)));
          assert.ok(!flavors.some(({ slug }) => slug.startsWith("made-")));
          if (made % 2 === 0) throw new Error("taken back");
        });
        await work.catch((error: unknown) => assert.match(String(error), /taken back/));
      },
    };
    const name = fc.constantFrom(...(["edit", "add", "swap", "remove", "begin", "commit", "inside"] as const));
    const looks = fc.array(fc.record({ name, look: fc.boolean() }), { minLength: 10, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(looks, async (list) => {
        for (const { name: step, look } of list) {
          await steps[step]();
          if (look) assert.deepEqual(await load(db), await makeLoader()(db));
        }
        await steps.commit();
        assert.deepEqual(await load(db), await makeLoader()(db));
      }),
      { numRuns: 8 },
    );
    await slow.end();
  });
});
