import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { createDb, type Db } from "../../db.ts";
import { releaseTenants } from "../../planner/tenants.ts";
import { testDatabase } from "../../platform/testing/database.ts";
import { seed } from "../testing/database.ts";
import { hostRow, rowsWith } from "../testing/rows.ts";
import { prismaStore } from "./prisma.ts";

let db: Db;
let drop: () => Promise<void>;
before(async () => {
  const made = await testDatabase();
  drop = made.drop;
  db = createDb(made.url, 2);
  const rows = rowsWith([]);
  await seed(db, { ...rows, hosts: rows.hosts.length > 0 ? rows.hosts : [hostRow("host0", "host-1")] });
});
after(async () => {
  await db.$disconnect();
  await drop();
});

it("a tenant that is to go leaves nothing behind but its audit trail", async () => {
  const store = prismaStore(db, (sealed) => JSON.parse(sealed));
  const step = async (): Promise<string[]> => {
    const rows = await store.load();
    const changes = releaseTenants(rows);
    await store.commit(rows, { changes, basis: [] }, false);
    return changes.map(({ op }) => op);
  };
  const [{ id: hostId } = { id: "" }] = await db.host.findMany();
  const tenantId = "tred00";
  await db.volume.create({ data: { id: "vkept0", tenantId, hostId, name: "kindling-1", sizeMb: 64, state: "kept" } });
  await db.address.create({ data: { ip: "10.35.192.9", segmentId: "sred00", freedAt: new Date() } });
  await db.membership.create({ data: { tenantId, userId: "uada000", role: "member" } });
  await db.personLimit.create({ data: { tenantId, userId: "uada000", maxClusters: 1 } });
  await db.groupMapping.create({ data: { id: "mred00", group: "cn=red", role: "member", tenantId } });
  assert.deepEqual(await step(), [], "nobody asked for it");
  await db.tenant.update({ where: { id: tenantId }, data: { state: "deleting" } });
  assert.deepEqual(await step(), ["condemnKept"]);
  assert.equal((await db.volume.findUniqueOrThrow({ where: { id: "vkept0" } })).state, "deleting");
  assert.deepEqual(await step(), [], "its host has not shown it gone");
  await db.volume.delete({ where: { id: "vkept0" } });
  assert.deepEqual(await step(), ["forgetAddress", "dropSegment", "dropTenant"]);
  for (const left of [
    await db.tenant.count({ where: { id: tenantId } }),
    await db.segment.count({ where: { tenantId } }),
    await db.membership.count({ where: { tenantId } }),
    await db.personLimit.count({ where: { tenantId } }),
    await db.groupMapping.count({ where: { tenantId } }),
    await db.address.count({ where: { segmentId: "sred00" } }),
  ])
    assert.equal(left, 0);
  assert.equal(await db.tenant.count(), 1, "the other one stays");
  const [entry] = await db.audit.findMany({ where: { action: "tenant.gone" } });
  assert.deepEqual([entry?.actorName, entry?.tenantId, entry?.resource], ["Kindling", tenantId, `tenant:${tenantId}`]);
});
