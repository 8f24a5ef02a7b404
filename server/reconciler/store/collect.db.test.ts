import assert from "node:assert/strict";
import { test } from "node:test";
import { createDb } from "../../db.ts";
import { makeDatabase, seed, serverUrl } from "../testing/database.ts";
import { cluster, rowsWith } from "../testing/rows.ts";
import { prismaStore } from "./prisma.ts";

const server = serverUrl();
if (!server) throw new Error("DATABASE_URL: this test needs a PostgreSQL server on which it may make a database.");

const now = Date.UTC(2026, 4, 20);
const day = 24 * 3600 * 1000;
const at = (days: number): Date => new Date(now + days * day);

test("what nobody can use any more is forgotten, and nothing else", async () => {
  const { url, drop } = await makeDatabase(server);
  const db = createDb(url, 2);
  try {
    await seed(db, rowsWith([cluster()]));
    const sessions = { slive0: [1, null], sold00: [-8, null], slate0: [-2, null], srevok: [5, -8] } as const;
    for (const [id, [expires, revoked]] of Object.entries(sessions))
      await db.session.create({
        data: { id, userId: "uada000", expiresAt: at(expires), revokedAt: revoked === null ? null : at(revoked) },
      });
    const endpoint = { sessionId: "slive0", endpoint: "jupyter" };
    for (const [hash, clusterId, days] of [
      ["live", "ccluster", 1],
      ["over", "ccluster", -1],
      ["gone", "cgone00", 1],
    ] as const) {
      await db.gatewaySession.create({ data: { ...endpoint, hash, clusterId, expiresAt: at(days) } });
      await db.handover.create({ data: { ...endpoint, hash, nonceHash: "n", clusterId, expiresAt: at(days) } });
    }
    const store = prismaStore(db, (sealed) => JSON.parse(sealed));
    assert.equal(await store.collect(now), 5);
    assert.equal(await store.collect(now), 0);
    assert.deepEqual(
      (await db.session.findMany({ orderBy: { id: "asc" } })).map((row) => row.id),
      ["slate0", "slive0"],
    );
    assert.deepEqual(
      (await db.gatewaySession.findMany()).map((row) => row.hash),
      ["live"],
    );
    assert.deepEqual(
      (await db.handover.findMany({ orderBy: { hash: "asc" } })).map((row) => row.hash),
      ["gone", "live"],
    );
  } finally {
    await db.$disconnect();
    await drop();
  }
});
