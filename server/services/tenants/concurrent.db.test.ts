import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { createCaller } from "../../api/root.ts";
import { loadActor } from "../../auth/actor.ts";
import { hear } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";
import { readUsage } from "./usage.ts";

const tenant = "analytics";
const people = 20;

describe("limits under many hands", () => {
  let stand: Stand;
  let callers: ReturnType<typeof createCaller>[];
  before(async () => {
    stand = await startStand();
    await hear(stand.db, { cpus: 64, memoryMb: 1_000_000 });
    const tenantId = stand.tenantId(tenant);
    for (let i = 0; i < people; i++)
      await stand.db.user.create({
        data: {
          id: `uperson${i}`,
          username: `person-${i}`,
          displayName: `Person ${i}`,
          dn: `uid=${i}`,
          memberships: { create: { tenantId, role: "member" } },
        },
      });
    callers = await Promise.all(
      Array.from({ length: people }, async (_, i) =>
        createCaller(stand.parts.context(await loadActor(stand.db, `uperson${i}`, { sessionId: "s", tokenId: null, ip: null }), null)),
      ),
    );
  });
  after(() => stand.stop());
  beforeEach(async () => {
    await stand.db.cluster.deleteMany();
    await stand.db.tenant.update({
      where: { slug: tenant },
      data: {
        maxClusters: null,
        maxNodes: null,
        maxVcpus: null,
        maxMemoryMb: null,
        maxDataGb: null,
        userMaxClusters: null,
        userMaxVcpus: null,
      },
    });
  });

  const outcomes = async (work: Promise<unknown>[]) => {
    const settled = await Promise.allSettled(work);
    const refused = settled.flatMap((one) =>
      one.status === "rejected" ? [one.reason instanceof Error ? one.reason.message : String(one.reason)] : [],
    );
    return { done: settled.length - refused.length, refused };
  };
  const create = (i: number, name: string, workerCount = 1) =>
    callers[i % people]?.clusters.create({ tenant, name, masterFlavor: "mini", workerFlavor: "tiny", workerCount }) ??
    Promise.reject(new Error("nobody"));
  const used = (ownerId?: string) => readUsage(stand.db, { tenantId: stand.tenantId(tenant), ...(ownerId ? { ownerId } : {}) });

  it("200 creations at once by 20 people: exactly as many as the tenant and each person may have, each refusal explained", async () => {
    // 2 vCPUs each: 40 of them fit the tenant; 3 clusters fit each person.
    await stand.db.tenant.update({ where: { slug: tenant }, data: { maxVcpus: 80, userMaxClusters: 3 } });
    const { done, refused } = await outcomes(Array.from({ length: 200 }, (_, i) => create(i, `many-${i}`)));
    assert.equal(done, 40);
    assert.equal(refused.length, 160);
    assert.equal((await used()).vcpus, 80);
    for (let i = 0; i < people; i++) assert.ok((await used(`uperson${i}`)).clusters <= 3);
    for (const words of refused)
      assert.match(
        words,
        /^(The tenant Analytics may use 80 vCPUs; 80 are taken and this needs 2 vCPUs\. Stop or delete a cluster, or ask a site administrator|You may use 3 clusters in Analytics; 3 are taken and this needs 1 cluster\. Delete a cluster, or ask an administrator of the tenant)/,
      );
    const audited = await stand.db.audit.count({
      where: { action: "cluster.create", outcome: "refused", resourceName: { startsWith: "many-" } },
    });
    assert.equal(audited, 160, "each refused attempt is in the audit trail");
  });

  it("growing, starting and creating at once pass no limit either", async () => {
    for (let i = 0; i < 6; i++) await create(i, `grow-${i}`, 0);
    const rows = await stand.db.cluster.findMany({ orderBy: { name: "asc" }, select: { id: true } });
    for (const [i, row] of rows.slice(3).entries()) await callers[i + 3]?.clusters.stop({ tenant, cluster: row.id });
    // 3 run with 1 vCPU each; 5 more are free, and 15 are asked for.
    await stand.db.tenant.update({ where: { slug: tenant }, data: { maxVcpus: 8 } });
    const { done, refused } = await outcomes([
      ...rows.slice(0, 3).map(({ id }, i) => callers[i]?.clusters.resize({ tenant, cluster: id, workerCount: 3 }) ?? Promise.reject()),
      ...rows.slice(3).map(({ id }, i) => callers[i + 3]?.clusters.start({ tenant, cluster: id }) ?? Promise.reject()),
      ...Array.from({ length: 3 }, (_, i) => create(i + 6, `new-${i}`, 0)),
    ]);
    const { vcpus } = await used();
    assert.ok(vcpus <= 8, `${vcpus} vCPUs`);
    assert.ok(done >= 2 && refused.length >= 2);
    for (const words of refused) assert.match(words, /^The tenant Analytics may use 8 vCPUs; \d are taken/);
  });

  it("nothing is created in a tenant that is suspended at the same moment", async () => {
    const sam = await stand.as("sam");
    const [, ...made] = await Promise.allSettled([
      sam.siteTenants.suspend({ tenant, reason: "invoice" }),
      ...Array.from({ length: 30 }, (_, i) => create(i, `late-${i}`)),
    ]);
    const { stateSince } = await stand.db.tenant.findUniqueOrThrow({ where: { slug: tenant } });
    const count = await stand.db.cluster.count();
    assert.equal(count, made.filter((one) => one.status === "fulfilled").length);
    const refused = await outcomes(Array.from({ length: 30 }, (_, i) => create(i, `never-${i}`)));
    assert.equal(refused.done, 0);
    for (const words of refused.refused)
      assert.match(words, /^The tenant Analytics was suspended on .* by sam: invoice\. Nothing can be created/);
    assert.equal(await stand.db.cluster.count(), count);
    assert.ok(stateSince);
    await sam.siteTenants.resume({ tenant });
    await create(0, "again");
  });
});
