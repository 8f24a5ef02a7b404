import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TRPCError } from "@trpc/server";
import { hear } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";
import { periodBounds, readHours } from "./hours.ts";

const tenant = "analytics";
const hour = 3_600_000;

const code = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error === null ? "done" : error instanceof TRPCError ? error.code : String(error);
};

describe("usage hours", () => {
  let stand: Stand;
  let cluster: string;
  const spans = () => stand.db.usageSpan.findMany({ where: { clusterId: cluster }, orderBy: { id: "asc" } });
  const set = (data: object) => stand.db.cluster.update({ where: { id: cluster }, data });
  before(async () => {
    stand = await startStand();
    await hear(stand.db);
    const dana = await stand.as("dana");
    cluster = (await dana.clusters.create({ tenant, name: "flights", masterFlavor: "medium", workerFlavor: "small", workerCount: 2 })).id;
  });
  after(() => stand.stop());

  it("are counted from when a cluster has its place until it is stopped, whoever changes it", async () => {
    assert.deepEqual(await spans(), [], "it waits for its place");
    await set({ phase: "starting" });
    await set({ phase: "ready", phaseReason: null });
    await set({ phase: "degraded", generation: { increment: 1 } });
    const [first, ...others] = await spans();
    assert.deepEqual(
      [first?.userId, first?.clusterName, first?.nodes, first?.vcpus, first?.memoryMb, first?.endedAt, others.length],
      [...["udana", "flights", 3, 4, 6144 + 2 * 4096, null], 0],
    );
    assert.ok(first && Math.abs(first.startedAt.getTime() - Date.now()) < 60_000, "by the clock, in UTC");
    await (await stand.as("dana")).clusters.resize({ tenant, cluster, workerCount: 1 });
    await (await stand.as("dana")).clusters.handOver({ tenant, cluster, to: "tina" });
    await (await stand.as("tina")).clusters.stop({ tenant, cluster });
    await set({ phase: "stopped" });
    await (await stand.as("tina")).clusters.start({ tenant, cluster });
    await set({ phase: "starting" });
    assert.deepEqual(
      (await spans()).map(({ userId, nodes, endedAt }) => [userId, nodes, endedAt !== null]),
      [
        ["udana", 3, true],
        ["udana", 2, true],
        ["utina", 2, true],
        ["utina", 2, false],
      ],
    );
    await stand.db.cluster.delete({ where: { id: cluster } });
    assert.ok(
      (await spans()).every(({ endedAt }) => endedAt !== null),
      "what is gone uses nothing",
    );
  });

  it("are told of a period: only what lies in it, times what the cluster had", async () => {
    await stand.db.usageSpan.deleteMany();
    const at = (hours: number): Date => new Date(Date.UTC(2026, 2, 1) + hours * hour);
    const tenantId = stand.tenantId(tenant);
    const span = (userId: string, from: number, to: number | null, vcpus: number) =>
      stand.db.usageSpan.create({
        data: {
          ...{ tenantId, userId, clusterId: `c${userId}${from}`, clusterName: "x", nodes: 2, vcpus, memoryMb: 2048 },
          ...{ startedAt: at(from), endedAt: to === null ? null : at(to) },
        },
      });
    await span("udana", -10, 4, 2); // 4 h of it
    await span("udana", 6, 8, 4); // 2 h
    await span("udana", 20, null, 1); // goes on: 4 h
    await span("udana", 30, 40, 100); // later
    await span("udana", -9, 0, 100); // before
    await span("utina", 23, 48, 8); // 1 h
    await stand.db.usageSpan.create({
      data: {
        ...{
          tenantId: stand.tenantId("research"),
          userId: "urhea",
          clusterId: "cother",
          clusterName: "x",
          nodes: 1,
          vcpus: 9,
          memoryMb: 1,
        },
        ...{ startedAt: at(1), endedAt: at(5) },
      },
    });
    const hours = await readHours(stand.db, tenantId, { from: at(0), to: at(24) });
    assert.deepEqual(Object.fromEntries(hours), {
      udana: { clusters: 10, nodes: 20, vcpus: 4 * 2 + 2 * 4 + 4, memoryGb: 20 },
      utina: { clusters: 1, nodes: 2, vcpus: 8, memoryGb: 2 },
    });
  });

  it("know months and thirty days", () => {
    const now = new Date("2026-01-15T10:00:00.000Z");
    const say = (period: Parameters<typeof periodBounds>[0]) => Object.values(periodBounds(period, now)).map((one) => one.toISOString());
    assert.deepEqual(say("month"), ["2026-01-01T00:00:00.000Z", now.toISOString()]);
    assert.deepEqual(say("last-month"), ["2025-12-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"]);
    assert.deepEqual(say("30d"), ["2025-12-16T10:00:00.000Z", now.toISOString()]);
  });

  it("stand beside each person, with role, clusters and when they were seen; a page at a time", async () => {
    await stand.db.usageSpan.deleteMany();
    const now = Date.now();
    const data = { tenantId: stand.tenantId(tenant), clusterId: "cold", clusterName: "old", nodes: 1, vcpus: 2, memoryMb: 1024 };
    await stand.db.usageSpan.create({
      data: { ...data, userId: "udana", startedAt: new Date(now - 3 * hour), endedAt: new Date(now - hour) },
    });
    // Somebody who is in the tenant no longer, and used something.
    await stand.db.usageSpan.create({
      data: { ...data, userId: "urhea", startedAt: new Date(now - 2 * hour), endedAt: new Date(now - hour) },
    });
    await stand.session("dana");
    const sam = await stand.as("sam");
    const roster = await sam.tenants.roster({ tenant });
    assert.deepEqual(
      roster.rows.map(({ username, role, here, seenAt, barred, hours }) => [username, role, here, seenAt !== null, barred, hours.vcpus]),
      [
        ["dana", "member", true, true, null, 4],
        ["tina", "admin", false, false, null, 0],
        ["rhea", null, false, false, null, 2],
      ],
    );
    assert.deepEqual([roster.total, roster.next, roster.signedIn, roster.hours.vcpus], [3, null, 1, 6]);
    const names = async (input: object) => (await sam.tenants.roster({ tenant, ...input })).rows.map(({ username }) => username);
    assert.deepEqual(await names({ sort: "hours" }), ["dana", "rhea", "tina"]);
    assert.deepEqual(await names({ q: "  DAN " }), ["dana"]);
    assert.deepEqual(await names({ limit: 1, cursor: "1" }), ["tina"]);
    // Two months on: whatever day it is, what was used today is neither this month's then nor the last one's.
    const then = new Date(now);
    then.setUTCMonth(then.getUTCMonth() + 2, 1);
    const later = await stand.as("sam", { now: () => then });
    assert.deepEqual((await later.tenants.roster({ tenant, period: "last-month", q: "rhea" })).rows, []);
    await stand.db.user.update({ where: { id: "udana" }, data: { barredAt: new Date(), barredFor: "disabled" } });
    assert.equal((await sam.tenants.roster({ tenant, q: "dana" })).rows[0]?.barred, "disabled");
    await stand.db.user.update({ where: { id: "udana" }, data: { barredAt: null, barredFor: null } });
  });
});

describe("which groups are in a tenant", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  it("is for its administrators to say, within it only", async () => {
    const tina = await stand.as("tina");
    const group = "cn=fraud,dc=corp";
    const before = await tina.tenants.mappings({ tenant });
    assert.ok(before.length > 0 && before.every((one) => one.tenant?.slug === tenant));
    // The group gives something elsewhere, too: nothing of that is theirs to read.
    await (await stand.as("sam")).directory.addMapping({ group, role: "site-admin", tenant: null, anyway: true });
    await (await stand.as("sam")).directory.addMapping({ group, role: "admin", tenant: "research", anyway: true });
    await assert.rejects(tina.tenants.addMapping({ tenant, group, role: "member" }), /The directory has no group cn=fraud,dc=corp\./);
    const made = await tina.tenants.addMapping({ tenant, group: "CN=Fraud, DC=corp", role: "member", anyway: true });
    assert.deepEqual([made.group, made.role, made.tenant?.slug, made.found], [group, "member", tenant, false]);
    assert.equal(await code(tina.tenants.addMapping({ tenant, group, role: "member", anyway: true })), "CONFLICT");
    const rows = await stand.db.audit.findMany({ where: { action: "mapping.add", outcome: "done", tenantId: stand.tenantId(tenant) } });
    assert.deepEqual(
      rows.map(({ actorName, detail }) => [actorName, detail]),
      [["tina", { what: `${group}, which the directory does not have`, before: "nothing", after: "member of analytics" }]],
    );
    await tina.tenants.removeMapping({ tenant, id: made.id });
    assert.deepEqual(await tina.tenants.mappings({ tenant }), before);
  });

  it("is never another tenant's or the site's", async () => {
    const tina = await stand.as("tina");
    const group = "cn=mine,dc=corp";
    assert.equal(await code(tina.tenants.addMapping({ tenant: "research", group, role: "admin" })), "NOT_FOUND");
    for (const role of ["site-admin", "owner", ""])
      assert.equal(await code(tina.tenants.addMapping(JSON.parse(JSON.stringify({ tenant, group, role })))), "BAD_REQUEST", role);
    for (const one of await stand.db.groupMapping.findMany({ where: { NOT: { tenantId: stand.tenantId(tenant) } } }))
      assert.equal(await code(tina.tenants.removeMapping({ tenant, id: one.id })), "NOT_FOUND", one.role);
    const site = await stand.db.groupMapping.findMany({ where: { tenantId: null } });
    assert.ok(site.length > 0);
    for (const one of site) assert.equal(await code(tina.tenants.removeMapping({ tenant, id: one.id })), "NOT_FOUND");
    assert.equal(await stand.db.groupMapping.count({ where: { group } }), 0);
  });

  it("leaves somebody to administer it", async () => {
    const tina = await stand.as("tina");
    const [last, ...others] = (await tina.tenants.mappings({ tenant })).filter(({ role }) => role === "admin");
    assert.ok(last && others.length === 0);
    assert.equal(await code(tina.tenants.removeMapping({ tenant, id: last.id })), "CONFLICT");
    const second = await tina.tenants.addMapping({ tenant, group: "cn=leads,dc=corp", role: "admin", anyway: true });
    assert.equal(await code(tina.tenants.removeMapping({ tenant, id: second.id })), "done");
    assert.ok((await tina.tenants.mappings({ tenant })).some(({ id }) => id === last.id));
  });
});
