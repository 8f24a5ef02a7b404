import assert from "node:assert/strict";
import { test } from "node:test";
import { createDb } from "../../db.ts";
import { testDatabase } from "../../platform/testing/database.ts";
import { seed } from "../testing/database.ts";
import { cluster, rowsWith } from "../testing/rows.ts";
import { prismaStore } from "./prisma.ts";

const now = Date.UTC(2026, 4, 20);
const day = 24 * 3600 * 1000;
const at = (days: number): Date => new Date(now + days * day);

test("what nobody can use any more is forgotten, and nothing else", async () => {
  const { url, drop } = await testDatabase();
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

test("rested addresses and old events of hosts go; that a host is silent or back is written once", async () => {
  const { url, drop } = await testDatabase();
  const db = createDb(url, 2);
  try {
    await seed(db, rowsWith([cluster()]));
    const store = prismaStore(db, (sealed) => JSON.parse(sealed));
    const nothing = { at: now, host: null, nodes: [], volumes: [], images: null, clusters: [], steps: [], notify: [] };
    const tell = (kind: "silent" | "back" | "rebooted") =>
      store.observe({ ...nothing, events: [{ hostId: "host0", kind, message: kind }] });
    for (const kind of ["back", "silent", "silent", "rebooted", "silent", "back", "back", "rebooted"] as const) await tell(kind);
    const kinds = async () => (await db.hostEvent.findMany({ orderBy: { id: "asc" } })).map((row) => row.kind);
    assert.deepEqual(await kinds(), ["silent", "rebooted", "back", "rebooted"]);
    await db.hostEvent.createMany({
      data: Array.from({ length: 500 }, () => ({ hostId: "host0", kind: "mode", message: "m", at: at(-1) })),
    });
    const address = (ip: string, freedAt: Date | null, hostId: string | null = null) => ({ ip, segmentId: "sred00", freedAt, hostId });
    await db.address.createMany({
      data: [address("10.35.192.9", at(-1)), address("10.35.192.8", at(0)), address("10.35.192.254", null, "host0")],
    });
    assert.equal(await store.collect(now + 1), 5);
    assert.deepEqual((await db.address.findMany()).map((row) => row.ip).sort(), ["10.35.192.254", "10.35.192.8"]);
    assert.deepEqual([...new Set(await kinds())], ["mode"]);
  } finally {
    await db.$disconnect();
    await drop();
  }
});
