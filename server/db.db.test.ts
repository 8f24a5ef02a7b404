import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createDb, type Db } from "./db.ts";
import { testDatabase } from "./platform/testing/database.ts";

describe("the pool of connections", () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let db: Db;
  before(async () => {
    database = await testDatabase();
    db = createDb(database.url, 1);
  });
  after(async () => {
    await db?.$disconnect();
    await database?.drop();
  });
  const kept = async (): Promise<{ uses: number }[]> =>
    db.$queryRaw`SELECT (generic_plans + custom_plans)::int AS uses FROM pg_prepared_statements WHERE statement LIKE '%"slug" =%' AND statement NOT LIKE '%pg_prepared%'`;

  it("lets the server read a question once, however often it is asked", async () => {
    for (const slug of ["one", "two", "three"]) await db.tenant.findUnique({ where: { slug } });
    assert.deepEqual(
      (await kept()).map(({ uses }) => uses),
      [3],
    );
  });

  it("asks for a row and for what belongs to it in one statement", async () => {
    const tenant = {
      create: {
        id: "whole",
        slug: "whole",
        name: "Whole",
        segments: { create: { id: "gwhole", name: "whole", cidr: "10.1.0.0/22", gateway: "10.1.0.1", bridge: "kwhole" } },
      },
    };
    await db.user.create({
      data: { id: "uwhole", username: "whole", displayName: "Whole", dn: "", memberships: { create: { role: "member", tenant } } },
    });
    const statements = () => db.$queryRaw<{ text: string }[]>`SELECT statement AS text FROM pg_prepared_statements`;
    const before = new Set((await statements()).map(({ text }) => text));
    const found = await db.user.findUnique({
      where: { id: "uwhole" },
      include: { memberships: { include: { tenant: { include: { segments: true } } } } },
    });
    assert.deepEqual(
      found?.memberships[0]?.tenant.segments.map(({ id }) => id),
      ["gwhole"],
    );
    assert.equal((await statements()).filter(({ text }) => !before.has(text) && !text.includes("pg_prepared")).length, 1);
  });

  it("answers also what is asked with ever other numbers of values, and keeps a bounded part of it", async () => {
    const slugs = Array.from({ length: 700 }, (_, index) => `tenant-${index}`);
    await db.tenant.createMany({ data: slugs.map((slug) => ({ id: slug, slug, name: slug })) });
    for (let length = 2; length <= 700; length += 2)
      assert.equal((await db.tenant.findMany({ where: { slug: { in: slugs.slice(0, length) } } })).length, length);
    assert.ok((await kept()).length <= 300);
  });

  it("goes on after a column came in and its connection was cut", async () => {
    await db.tenant.findUnique({ where: { slug: "one" } });
    const other = createDb(database.url, 1);
    await other.$executeRaw`ALTER TABLE "Tenant" ADD COLUMN "unheardOf" TEXT`;
    assert.equal(await db.tenant.findUnique({ where: { slug: "one" } }), null);
    await other.$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    await other.$disconnect();
    await db.tenant.findUnique({ where: { slug: "one" } }).catch(() => undefined);
    assert.equal(await db.tenant.findUnique({ where: { slug: "one" } }), null);
  });
});
