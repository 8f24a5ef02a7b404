import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { TRPCError } from "@trpc/server";
import { type Caller, createCaller } from "../../api/root.ts";
import { type Actor, loadActor } from "../../auth/actor.ts";
import { canCluster, scopeOf } from "../../auth/can.ts";
import { shareSelect, visibleClusters } from "../../auth/shares.ts";
import { hear } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";
import { tenantChanges } from "../clusters/changes.ts";
import { notebooks } from "../volumes/archive.ts";
import type { ShareWith } from "./schemas.ts";

const tenant = "analytics";
const fraud = "cn=fraud,ou=groups,dc=corp";

describe("sharing a cluster", () => {
  let stand: Stand;
  let cluster: string;
  let ref: { tenant: string; cluster: string };

  const actor = async (name: string): Promise<Actor> => {
    const found = await loadActor(stand.db, `u${name}`, { sessionId: "stest", tokenId: null, ip: null });
    assert.ok(found);
    return found;
  };
  const as = async (name: string): Promise<Caller> => createCaller(stand.parts.context(await actor(name), null));
  const kind = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    return error === null ? "done" : error instanceof TRPCError ? error.code : String(Reflect.get(Object(error), "code"));
  };
  const share = async (who: ShareWith, level: "view" | "use" | "manage", by = "dana") =>
    (await as(by)).clusters.share({ ...ref, with: who, level });
  const mate = { kind: "person", username: "mate" } as const;

  before(async () => {
    stand = await startStand();
    await hear(stand.db);
    for (const name of ["mate", "kim"])
      await stand.db.user.create({
        data: {
          ...{ id: `u${name}`, username: name, displayName: name === "mate" ? "Mate Olsen" : "Kim Larsen", dn: `uid=${name}` },
          memberships: { create: { tenantId: stand.tenantId(tenant), role: "member" } },
          groups: name === "kim" ? [fraud, "cn=staff,dc=corp"] : ["cn=staff,dc=corp"],
        },
      });
    // In the group, but of another tenant.
    await stand.db.user.update({ where: { id: "urhea" }, data: { groups: [fraud] } });
  });
  after(() => stand.stop());
  let n = 0;
  beforeEach(async () => {
    n += 1;
    await stand.db.node.deleteMany();
    await stand.db.volume.deleteMany();
    await stand.db.cluster.deleteMany();
    cluster = (await (await as("dana")).clusters.create({ tenant, name: `flights-${n}` })).id;
    ref = { tenant, cluster };
  });

  const addMaster = async (): Promise<void> => {
    const hostId = (await stand.db.host.findFirstOrThrow()).id;
    const volumeId = `vdisk${n}`;
    const tenantId = stand.tenantId(tenant);
    await stand.db.volume.create({ data: { id: volumeId, name: "d", tenantId, hostId, sizeMb: 100, state: "attached" } });
    const size = { vcpus: 1, memoryMb: 2048, rootGb: 20, dataMb: 100, imageTag: "t" };
    const of = { clusterId: cluster, hostId, volumeId };
    await stand.db.node.create({ data: { id: `nmaster${n}`, number: 900 + n, name: `k-${n}`, role: "master", ...of, ...size } });
  };

  /** What somebody may do with it, tried one after the other; what only asks first. */
  const tries = async (name: string): Promise<Record<string, string>> => {
    const api = await as(name);
    return {
      see: await kind(api.clusters.get(ref)),
      spark: await kind(api.handover.look({ cluster, endpoint: "spark" })),
      jupyter: await kind(api.handover.look({ cluster, endpoint: "jupyter" })),
      stop: await kind(api.clusters.stop(ref)),
      start: await kind(api.clusters.start(ref)),
      resize: await kind(api.clusters.resize({ ...ref, workerCount: 2 })),
      delete: await kind(api.clusters.delete({ ...ref, confirm: "no such name" })),
      share: await kind(api.clusters.share({ ...ref, with: { kind: "role", role: "admin" }, level: "view" })),
      handOver: await kind(api.clusters.handOver({ ...ref, to: "nobody" })),
    };
  };
  const nothing = "NOT_FOUND";
  const no = "FORBIDDEN";
  const services = { spark: "done", jupyter: "done" };
  const changes = { stop: "done", start: "done", resize: "done" };
  const refused = { stop: no, start: no, resize: no };
  // As far as these get, the person was allowed to.
  const owns = { delete: "BAD_REQUEST", share: "done", handOver: nothing };
  const mayNot = { delete: no, share: no, handOver: no };

  it("gives what each level says, and nothing to whom it is not shared with", async () => {
    const hidden = { see: nothing, spark: nothing, jupyter: nothing, stop: nothing, start: nothing, resize: nothing, delete: nothing };
    assert.deepEqual(await tries("mate"), { ...hidden, share: nothing, handOver: nothing });
    await share(mate, "view");
    assert.deepEqual(await tries("mate"), { see: "done", spark: nothing, jupyter: nothing, ...refused, ...mayNot });
    await share(mate, "use");
    assert.deepEqual(await tries("mate"), { see: "done", ...services, ...refused, ...mayNot });
    await share(mate, "manage");
    assert.deepEqual(await tries("mate"), { see: "done", ...services, ...changes, ...mayNot });
    assert.equal((await stand.db.clusterShare.findMany({ where: { clusterId: cluster } })).length, 1, "one line, said anew");
    assert.deepEqual(await tries("dana"), { see: "done", ...services, ...changes, ...owns });
    assert.deepEqual(await tries("kim"), { ...hidden, share: nothing, handOver: nothing });
  });

  it("writes down who tried what with a cluster that they cannot see, and tells viewers nothing of the others", async () => {
    const refusedOf = async (action: string) =>
      (await stand.db.audit.findMany({ where: { action, outcome: "refused", resource: `cluster:${cluster}` } })).map((row) => row.actorId);
    await tries("mate");
    assert.equal(
      await kind((await as("mate")).handover.create({ clusterId: cluster, endpoint: "jupyter", nonceHash: "0".repeat(64) })),
      nothing,
    );
    assert.equal(
      await kind((await as("mate")).handover.create({ clusterId: cluster, endpoint: "terminal-1", nonceHash: "0".repeat(64) })),
      nothing,
    );
    for (const action of ["cluster.stop", "cluster.delete", "cluster.share", "service.open", "terminal.open"])
      assert.ok((await refusedOf(action)).includes("umate"), action);
    await kind((await as("mate")).clusters.stop({ tenant, cluster: "cnosuchcluster" }));
    assert.equal(await stand.db.audit.count({ where: { resource: "cluster:cnosuchcluster" } }), 0, "a typing mistake is nobody's business");
    await share({ kind: "person", username: "kim" }, "use");
    await share(mate, "view");
    const activity = async (name: string) => (await (await as(name)).clusters.activity(ref)).map(({ action }) => action);
    assert.ok((await activity("dana")).includes("cluster.share"));
    assert.deepEqual(await activity("mate"), ["cluster.create"]);
    assert.equal(
      await kind((await as("mate")).clusters.fitResize({ ...ref, workerCount: 2 })),
      no,
      "nor what is left of the owner's limits",
    );
  });

  it("gives a site administrator's token for the tenant no place among its people", async () => {
    await share({ kind: "role", role: "member" }, "use");
    const { token } = await (await stand.as("sam")).me.createToken({ name: `sam-${n}`, days: 1, tenant });
    const sam = await loadActor(stand.db, "usam", { sessionId: null, tokenId: token.id, ip: null });
    assert.ok(sam);
    await addMaster();
    assert.equal(await kind(notebooks({ ...stand.parts.deps, actor: sam }, cluster, AbortSignal.timeout(1000))), "not_found");
    assert.equal(await kind(createCaller(stand.parts.context(sam, null)).clusters.stop(ref)), "done", "control: it rules there");
  });

  it("lets an administrator do everything but open the notebook, and that too once it is written down", async () => {
    assert.deepEqual(await tries("tina"), { see: "done", spark: "done", jupyter: nothing, ...changes, ...owns });
    await share({ kind: "person", username: "tina" }, "use", "tina");
    assert.equal((await tries("tina")).jupyter, "done");
    const row = await stand.db.audit.findFirstOrThrow({ where: { action: "cluster.share", actorId: "utina" }, orderBy: { id: "desc" } });
    assert.deepEqual(row.detail, { what: "tina may use it", before: "nothing", after: "use" });
  });

  it("gives the notebooks, logs and restarts to those who may use and manage it", async () => {
    await addMaster();
    const service = { ...ref, node: `nmaster${n}`, service: "jupyter" };
    const inside = async (name: string) => [
      await kind(notebooks({ ...stand.parts.deps, actor: await actor(name) }, cluster, AbortSignal.timeout(1000))),
      await kind((await as(name)).clusters.log(service)),
      await kind((await as(name)).clusters.restartService(service)),
    ];
    assert.deepEqual(await inside("mate"), ["not_found", nothing, nothing]);
    await share(mate, "view");
    assert.deepEqual(await inside("mate"), ["not_found", no, no]);
    await share(mate, "use");
    assert.deepEqual(await inside("mate"), ["done", "done", no]);
    await share(mate, "manage");
    assert.deepEqual(await inside("mate"), ["done", "done", "done"]);
    assert.deepEqual(await inside("tina"), ["not_found", "done", "done"]);
  });

  it("offers what one may do: links, actions, one's own word for it", async () => {
    await share(mate, "use");
    const view = await (await as("mate")).clusters.get(ref);
    assert.deepEqual(
      view.links.map(({ id }) => id),
      ["jupyter", "spark", "application"],
    );
    assert.deepEqual([view.access, view.shares, view.may], ["use", 0, { inspect: true, notebook: true, change: false, own: false }]);
    const own = await (await as("dana")).clusters.get(ref);
    assert.deepEqual([own.access, own.shares], ["owner", 1]);
    const admin = await (await as("tina")).clusters.get(ref);
    assert.deepEqual([admin.access, admin.links.map(({ id }) => id)], ["admin", ["spark", "application"]]);
  });

  it("means everybody in a group, as the directory said last, and only within the tenant", async () => {
    await share({ kind: "group", group: "CN=Fraud, OU=Groups,DC=corp" }, "use");
    assert.equal((await tries("kim")).jupyter, "done");
    assert.equal((await tries("mate")).see, nothing);
    assert.equal(await kind((await as("rhea")).handover.look({ cluster, endpoint: "jupyter" })), nothing);
    assert.deepEqual(
      (await (await as("dana")).clusters.shares(ref)).map(({ kind: what, name, level, people, by }) => [what, name, level, people, by]),
      [["group", "fraud", "use", 1, "dana"]],
    );
    await stand.db.user.update({ where: { id: "ukim" }, data: { groups: ["cn=staff,dc=corp"] } });
    assert.equal((await tries("kim")).see, nothing);
    await stand.db.user.update({ where: { id: "ukim" }, data: { groups: [fraud, "cn=staff,dc=corp"] } });
  });

  it("means everybody in the tenant, whom the most that any share says counts for", async () => {
    await share({ kind: "role", role: "member" }, "view");
    await share({ kind: "person", username: "kim" }, "use");
    assert.deepEqual([(await tries("mate")).jupyter, (await tries("kim")).jupyter], [nothing, "done"]);
    assert.equal((await tries("mate")).see, "done");
    await share({ kind: "role", role: "admin" }, "use");
    assert.equal((await tries("tina")).jupyter, "done");
    assert.equal((await tries("mate")).jupyter, nothing);
    // A site administrator is in no tenant: nothing is shared with them, they look after it.
    assert.equal((await tries("sam")).jupyter, nothing);
  });

  it("lists one's own, those that are shared, and all that one may see", async () => {
    const rows = async (name: string, scope: "mine" | "shared" | "all") =>
      (await (await as(name)).clusters.list({ tenant, scope })).rows.map((row) => `${row.name} ${row.access} ${row.shares}`);
    const name = `flights-${n}`;
    await (await as("mate")).clusters.create({ tenant, name: "own" });
    assert.deepEqual([await rows("mate", "all"), await rows("mate", "shared")], [["own owner 0"], []]);
    await share(mate, "manage");
    assert.deepEqual(await rows("mate", "all"), ["own owner 0", `${name} manage 0`]);
    assert.deepEqual([await rows("mate", "shared"), await rows("mate", "mine")], [[`${name} manage 0`], ["own owner 0"]]);
    assert.deepEqual(await rows("dana", "all"), [`${name} owner 1`]);
    assert.deepEqual(await rows("tina", "all"), ["own admin 0", `${name} admin 1`]);
    assert.equal((await (await as("kim")).clusters.list({ tenant, scope: "all", q: "flights" })).total, 0, "a search finds no more");
    const counts = async (who: string) => (await (await as(who)).tenants.home({ tenant })).counts;
    assert.deepEqual(await counts("mate"), { mine: 1, shared: 1, all: 2 });
    assert.deepEqual(await counts("dana"), { mine: 1, shared: 0, all: 1 });
    assert.deepEqual(await counts("tina"), { mine: 0, shared: 0, all: 2 });
  });

  it("is one rule, whether the database or the program decides", async () => {
    const other = (await (await as("kim")).clusters.create({ tenant, name: "others" })).id;
    const subjects = [
      { userId: "umate" },
      { group: fraud },
      { group: "cn=staff,dc=corp" },
      { role: "member" },
      { role: "admin" },
      { userId: "urhea" },
    ];
    const people = await Promise.all(["mate", "kim", "dana", "tina", "sam"].map(actor));
    for (let bits = 0; bits < 2 ** subjects.length; bits += 1) {
      await stand.db.clusterShare.deleteMany();
      const given = subjects.filter((_, at) => (bits >> at) & 1);
      const clusterId = bits % 2 === 0 ? cluster : other;
      await stand.db.clusterShare.createMany({
        data: given.map((one, at) => ({ id: `x${at}aaaa`, clusterId, level: "view", createdBy: "t", ...one })),
      });
      const clusters = await stand.db.cluster.findMany({ include: { shares: { select: shareSelect }, tenant: true } });
      for (const who of people) {
        const scope = clusters[0] && scopeOf(who, clusters[0].tenant);
        assert.ok(scope);
        const found = await stand.db.cluster.findMany({ where: visibleClusters(who, scope), select: { id: true } });
        const allowed = clusters.filter((one) => canCluster(who, scope, "see", one));
        assert.deepEqual(found.map(({ id }) => id).sort(), allowed.map(({ id }) => id).sort(), `${who.username} ${bits}`);
      }
    }
  });

  it("is taken back, and written down with before and after", async () => {
    await share(mate, "use");
    const [line] = await (await as("dana")).clusters.shares(ref);
    assert.ok(line);
    await (await as("dana")).clusters.unshare({ ...ref, share: line.id });
    assert.equal((await tries("mate")).see, nothing);
    assert.deepEqual(await (await as("dana")).clusters.shares(ref), []);
    const rows = await stand.db.audit.findMany({ where: { resource: `cluster:${cluster}`, outcome: "done" }, orderBy: { id: "asc" } });
    assert.deepEqual(
      rows.slice(1).map(({ action, detail }) => [action, detail]),
      [
        ["cluster.share", { what: "Mate Olsen may use it", before: "nothing", after: "use" }],
        ["cluster.unshare", { what: "no longer with Mate Olsen", before: "use", after: "nothing" }],
      ],
    );
    assert.equal(await kind((await as("dana")).clusters.unshare({ ...ref, share: line.id })), nothing);
  });

  it("names nobody of another tenant, and no group that nobody here is in", async () => {
    for (const username of ["rhea", "sam", "nobody"])
      assert.equal(await kind(share({ kind: "person", username }, "view")), nothing, username);
    assert.equal(await kind(share({ kind: "group", group: "cn=elsewhere,dc=corp" }, "view")), nothing);
    assert.equal(await kind(share({ kind: "person", username: "dana" }, "view")), "BAD_REQUEST");
    const found = await (await as("dana")).clusters.shareTargets({ ...ref, text: "" });
    assert.deepEqual(
      found.people.map(({ username }) => username),
      ["kim", "mate", "tina"],
    );
    assert.deepEqual(found.groups, [
      { group: "cn=staff,dc=corp", name: "staff", people: 2 },
      { group: fraud, name: "fraud", people: 1 },
    ]);
    assert.deepEqual(
      found.roles.map(({ role, people }) => [role, people]),
      [
        ["member", 4],
        ["admin", 1],
      ],
    );
    const searched = await (await as("dana")).clusters.shareTargets({ ...ref, text: "FRAU'%" });
    assert.deepEqual([searched.people, searched.groups, searched.roles], [[], [], []]);
    assert.deepEqual((await (await as("dana")).clusters.shareTargets({ ...ref, text: "Frau" })).groups, [
      { group: fraud, name: "fraud", people: 1 },
    ]);
  });

  it("tells whoever it is shared with at once, and once more when it is taken back", async () => {
    const leave = new AbortController();
    const stream = await (await as("mate")).clusters.changed({ tenant });
    const next = stream[Symbol.asyncIterator]();
    const heard = next.next();
    await share(mate, "view");
    assert.deepEqual((await heard).value, { cluster });
    const again = next.next();
    const [line] = await (await as("dana")).clusters.shares(ref);
    await (await as("dana")).clusters.unshare({ ...ref, share: line?.id ?? "" });
    assert.deepEqual((await again).value, { cluster });
    const own = next.next();
    await (await as("dana")).clusters.resize({ ...ref, workerCount: 3 });
    const { id } = await (await as("mate")).clusters.create({ tenant, name: "mine" });
    assert.deepEqual((await own).value, { cluster: id }, "nothing of what is not theirs in between");
    leave.abort();
    await next.return?.();
  });

  it("goes on telling after the database was away for a moment", async () => {
    const dana = await actor("dana");
    const scope = scopeOf(dana, await stand.db.tenant.findUniqueOrThrow({ where: { slug: tenant } }));
    assert.ok(scope);
    let away = true;
    const db = new Proxy(stand.db, {
      get: (target, name) => (away && name === "cluster" ? assert.fail("the connection is gone") : Reflect.get(target, name)),
    });
    async function* feed(): AsyncGenerator<string> {
      yield "*";
      yield cluster;
      away = false;
      yield "*";
      yield cluster;
    }
    const heard: string[] = [];
    const ctx = { ...stand.parts.deps, db, actor: dana, tenant: scope };
    for await (const one of tenantChanges(ctx, feed(), undefined)) heard.push(one.cluster);
    assert.deepEqual(heard, ["*", "*", "*", cluster, cluster]);
  });

  describe("handing it over", () => {
    it("gives the cluster, its disks and its place in the limits to another person", async () => {
      await addMaster();
      await share({ kind: "person", username: "kim" }, "view");
      await (await as("dana")).clusters.handOver({ ...ref, to: "kim" });
      const row = await stand.db.cluster.findUniqueOrThrow({ where: { id: cluster }, include: { shares: true } });
      assert.deepEqual([row.ownerId, row.shares], ["ukim", []]);
      assert.equal((await stand.db.volume.findUniqueOrThrow({ where: { id: `vdisk${n}` } })).ownerId, "ukim");
      assert.equal((await tries("dana")).see, nothing);
      assert.equal((await tries("kim")).delete, "BAD_REQUEST");
      const used = (await (await as("tina")).tenants.people({ tenant })).people.map(({ username, usage }) => [
        username,
        usage.clusters.used,
      ]);
      assert.deepEqual(
        used.filter(([name]) => name === "kim" || name === "dana"),
        [
          ["dana", 0],
          ["kim", 1],
        ],
      );
      const audit = await stand.db.audit.findFirstOrThrow({ where: { action: "cluster.hand-over", outcome: "done" } });
      assert.deepEqual(audit.detail, { what: "from dana to Kim Larsen", before: "dana", after: "Kim Larsen" });
    });

    it("leaves the one who had it what was said", async () => {
      await (await as("tina")).clusters.handOver({ ...ref, to: "kim", keep: "use" });
      assert.deepEqual(await tries("dana"), { see: "done", ...services, ...refused, ...mayNot });
    });

    it("is refused where the new owner's own limit would be passed, and changes nothing", async () => {
      const limits = { clusters: 1, nodes: null, vcpus: null, memoryMb: null, dataGb: null };
      await (await as("tina")).tenants.setPersonLimits({ tenant, person: "kim", limits });
      await (await as("kim")).clusters.create({ tenant, name: "full" });
      await assert.rejects(
        (await as("dana")).clusters.handOver({ ...ref, to: "kim" }),
        /Kim Larsen may use 1 cluster in Analytics; 1 is taken and this needs 1 cluster\./,
      );
      assert.equal((await stand.db.cluster.findUniqueOrThrow({ where: { id: cluster } })).ownerId, "udana");
      await (await as("tina")).tenants.setPersonLimits({ tenant, person: "kim", limits: null });
    });

    it("goes to people of the tenant only", async () => {
      for (const to of ["rhea", "sam", "nobody"])
        assert.equal(await kind((await as("dana")).clusters.handOver({ ...ref, to })), nothing, to);
      assert.equal(await kind((await as("dana")).clusters.handOver({ ...ref, to: "dana" })), "CONFLICT");
    });
  });

  it("ends with the cluster, and with the person's place in the tenant", async () => {
    await share(mate, "manage");
    await stand.db.membership.delete({ where: { userId_tenantId: { userId: "umate", tenantId: stand.tenantId(tenant) } } });
    assert.equal((await tries("mate")).see, nothing);
    assert.deepEqual(
      (await (await as("dana")).clusters.shares(ref)).map(({ name, people }) => [name, people]),
      [["Mate Olsen", 0]],
    );
    await stand.db.membership.create({ data: { userId: "umate", tenantId: stand.tenantId(tenant), role: "member" } });
    await stand.db.cluster.delete({ where: { id: cluster } });
    assert.equal(await stand.db.clusterShare.count({ where: { clusterId: cluster } }), 0);
  });
});
