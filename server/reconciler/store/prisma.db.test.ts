import assert from "node:assert/strict";
import { test } from "node:test";
import { createDb } from "../../db.ts";
import { plan } from "../../planner/plan.ts";
import { testDatabase } from "../../platform/testing/database.ts";
import { seed } from "../testing/database.ts";
import { heard } from "../testing/heard.ts";
import { cluster, rowsWith } from "../testing/rows.ts";
import { storeContract } from "../testing/store-contract.ts";
import { prismaStore } from "./prisma.ts";

storeContract("postgresql", async () => {
  const { url, drop } = await testDatabase();
  const db = createDb(url, 2);
  await seed(db, rowsWith([cluster({ id: "ccluster", workerCount: 2 })]));
  return {
    store: prismaStore(db, (sealed) => JSON.parse(sealed)),
    async edit(id, change) {
      await db.cluster.update({ where: { id }, data: change });
    },
    async close() {
      await db.$disconnect();
      await drop();
    },
  };
});

test("postgresql: a container that is not as it was approved is in the audit trail of its cluster and tenant", async () => {
  const { url, drop } = await testDatabase();
  const db = createDb(url, 2);
  try {
    await seed(db, rowsWith([cluster({ id: "ccluster", workerCount: 0 })]));
    const store = prismaStore(db, (sealed) => JSON.parse(sealed));
    const now = Date.UTC(2026, 4, 1, 12);
    const rows = heard(await store.load(), now);
    await store.commit(
      rows,
      plan(rows, now, (prefix) => `${prefix}one00`),
      true,
    );
    const [node] = (await store.load()).nodes;
    const detail = { what: "kindling-1 on host-1: memory 1 → 2", before: { memory: "1" }, after: { memory: "2" } };
    const write = { at: now, host: null, nodes: [], volumes: [], images: null, clusters: [], steps: [], notify: [] };
    const drifts = ["none", node?.id ?? ""].map((nodeId) => ({ nodeId, action: "container.altered" as const, detail }));
    await store.observe({ ...write, drifts });
    const entries = await db.audit.findMany();
    assert.deepEqual(
      entries.map((entry) => [entry.actorName, entry.action, entry.resource, entry.resourceName, entry.tenantId, entry.detail]),
      [["Kindling", "container.altered", "cluster:ccluster", "flights", "tred00", detail]],
    );
  } finally {
    await db.$disconnect();
    await drop();
  }
});
