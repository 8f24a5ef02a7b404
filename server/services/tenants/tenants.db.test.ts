import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { hear } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";
import { loadSnapshot } from "../../snapshot/load.ts";

type Caller = Awaited<ReturnType<Stand["as"]>>;

describe("a tenant's life", () => {
  let stand: Stand;
  let sam: Caller;
  let hostId: string;
  before(async () => {
    stand = await startStand();
    sam = await stand.as("sam");
    hostId = await hear(stand.db, { cpus: 16, memoryMb: 64_000 });
  });
  after(() => stand.stop());
  beforeEach(async () => {
    await stand.db.cluster.deleteMany();
    await stand.db.volume.deleteMany();
    await stand.db.segment.deleteMany({ where: { tenant: { slug: { notIn: ["analytics", "research"] } } } });
    await stand.db.tenant.deleteMany({ where: { slug: { notIn: ["analytics", "research"] } } });
    await stand.db.tenant.updateMany({ data: { state: "active", stateReason: null } });
  });
  const audited = async (action: string) => (await stand.db.audit.findMany({ where: { action }, orderBy: { id: "desc" }, take: 1 }))[0];
  /** Dana, in another tenant too. */
  const joined = async (slug: string): Promise<Caller> => {
    const { id: tenantId } = await stand.db.tenant.findUniqueOrThrow({ where: { slug } });
    await stand.db.membership.create({ data: { userId: "udana", tenantId, role: "member" } });
    return stand.as("dana");
  };

  it("is the own one of its people; site administrators see it too, and are told so", async () => {
    const told = async (username: "dana" | "sam") =>
      (await (await stand.as(username)).me.get()).tenants.map(({ slug, own }) => [slug, own]);
    assert.deepEqual(await told("dana"), [["analytics", true]]);
    assert.deepEqual(await told("sam"), [
      ["analytics", false],
      ["research", false],
    ]);
  });

  it("begins with a name and a segment, and is usable at once", async () => {
    await sam.siteTenants.create({ slug: "finance", name: "Finance", limits: { vcpus: 4 }, personLimits: { clusters: 1 } });
    const dana = await joined("finance");
    const view = await sam.siteTenants.get({ tenant: "finance" });
    assert.deepEqual([view.name, view.limits.vcpus, view.limits.nodes, view.personLimits.clusters], ["Finance", 4, null, 1]);
    assert.match(view.contents.segments[0]?.cidr ?? "", /^10\.35\.\d+\.0\/24$/);
    assert.deepEqual(
      view.people.map(({ username, role }) => [username, role]),
      [["dana", "member"]],
    );
    const fit = await dana.clusters.fit({ tenant: "finance" });
    assert.deepEqual([fit.fits, fit.left.vcpus, fit.mine.clusters, fit.mine.vcpus], [true, 4, 1, null]);
    await dana.clusters.create({ tenant: "finance", name: "first" });
    await assert.rejects(
      dana.clusters.create({ tenant: "finance", name: "second" }),
      /^TRPCError: You may use 1 cluster in Finance; 1 is taken/,
    );
    const entry = await audited("tenant.create");
    assert.deepEqual([entry?.actorName, entry?.resourceName], ["sam", "Finance"]);
    assert.match(JSON.stringify(entry?.detail), /vCPUs: no limit → 4/);
  });

  it("is refused under a taken or wrong short name, with a field", async () => {
    await assert.rejects(
      sam.siteTenants.create({ slug: "analytics", name: "Other" }),
      /The tenant analytics is Analytics\. Take another short name/,
    );
    await assert.rejects(sam.siteTenants.create({ slug: "Upper", name: "Upper" }));
    await assert.rejects(sam.siteTenants.create({ slug: "ok", name: " " }), /needs a name/);
    await assert.rejects(
      sam.siteTenants.create({ slug: "ok", name: "Ok", flavor: "huge" }),
      /There is no flavor huge that the tenant may use/,
    );
    await assert.rejects(sam.siteTenants.create({ slug: "ok", name: "Ok", limits: { vcpus: -1 } }), /cannot be negative/);
    assert.equal(await stand.db.tenant.count(), 2);
  });

  it("is changed with what it was and is in the audit trail; defaults lead Create", async () => {
    await sam.siteTenants.edit({ tenant: "analytics", name: "Analysis", limits: { nodes: 9 }, flavor: "medium", hostTags: ["ssd", "ssd"] });
    const view = await sam.siteTenants.get({ tenant: "analytics" });
    assert.deepEqual([view.name, view.limits.nodes, view.flavor, view.hostTags], ["Analysis", 9, "medium", ["ssd"]]);
    const entry = await audited("tenant.edit");
    assert.deepEqual(entry?.detail, {
      what: "name: Analytics → Analysis; nodes: no limit → 9; flavor: none → medium; host tags: none → ssd",
      before: { name: "Analytics", nodes: "no limit", flavor: "none", "host tags": "none" },
      after: { name: "Analysis", nodes: "9", flavor: "medium", "host tags": "ssd" },
    });
    await sam.siteTenants.edit({ tenant: "analytics", hostTags: [] });
    const { id } = await (await stand.as("dana")).clusters.create({ tenant: "analytics", name: "usual" });
    const row = await stand.db.cluster.findUniqueOrThrow({ where: { id }, include: { masterFlavor: true } });
    assert.equal(row.masterFlavor.slug, "medium");
    assert.equal((await (await stand.as("dana")).tenants.home({ tenant: "analytics" })).flavor, "medium", "the form offers it first, too");
    const before = await stand.db.audit.count();
    await sam.siteTenants.edit({ tenant: "analytics", name: "Analysis" });
    assert.equal(await stand.db.audit.count(), before, "nothing changed, so there is nothing to tell");
    await sam.siteTenants.edit({ tenant: "analytics", name: "Analytics", limits: { nodes: null }, flavor: null });
  });

  it("is given capability sets, one of which its clusters get", async () => {
    const edit = (input: object) => sam.siteTenants.edit({ tenant: "analytics", ...input });
    const sets = async () => {
      const { capabilitySets, capabilitySet } = await sam.siteTenants.get({ tenant: "analytics" });
      return [capabilitySets, capabilitySet];
    };
    assert.deepEqual(await sets(), [["default"], "default"]);
    await edit({ capabilitySets: ["tools", "strict"], capabilitySet: "tools" });
    assert.deepEqual(await sets(), [["strict", "tools"], "tools"]);
    assert.match(
      JSON.stringify((await audited("tenant.edit"))?.detail),
      /capability sets: Default → Strict, Tools; usual set: Default → Tools/,
    );
    const home = await (await stand.as("dana")).tenants.home({ tenant: "analytics" });
    assert.deepEqual([home.capabilitySets, home.capabilitySet], [["strict", "tools"], "tools"]);
    await edit({ capabilitySets: ["strict", "full"] });
    assert.deepEqual(await sets(), [["strict", "full"], "strict"], "never a wider one by itself");
    await assert.rejects(edit({ capabilitySets: [] }), /at least one capability set/);
    await assert.rejects(
      edit({ capabilitySet: "tools" }),
      /may not use Tools, so it cannot be what its clusters get\. It may use: Strict, Full/,
    );
    await assert.rejects(edit({ capabilitySets: ["root"] }), /strict, default, tools or full/);
    await assert.rejects(stand.db.tenant.updateMany({ data: { capabilitySet: "tools" } }), "the database keeps to it too");
    await edit({ capabilitySets: ["default"] });
    assert.deepEqual(await sets(), [["default"], "default"]);
  });

  it("may use listed distributions only, in form, command and database; what it has stays and starts", async () => {
    const edit = (input: object) => sam.siteTenants.edit({ tenant: "analytics", ...input });
    const dana = await stand.as("dana");
    const offered = async () => (await dana.catalogue.distributions({ tenant: "analytics" })).map(({ id }) => id);
    const all = await offered();
    const spark = all.find((id) => id.startsWith("spark")) ?? "";
    assert.ok(all.includes("utility") && spark);
    const create = (name: string, more: object) => dana.clusters.create({ tenant: "analytics", name, ...more });
    const { id } = await create("pristine", { type: "utility", workerCount: 0 });

    await edit({ distribution: "utility" });
    assert.equal((await offered())[0], "utility", "offered first");
    await edit({ distributions: [spark] });
    assert.deepEqual((await audited("tenant.edit"))?.detail, {
      what: `distribution: utility → none; distributions: all → ${spark}`,
      before: { distribution: "utility", distributions: "all" },
      after: { distribution: "none", distributions: spark },
    });
    const view = await sam.siteTenants.get({ tenant: "analytics" });
    assert.deepEqual([view.distributions, view.distribution, await offered()], [[spark], null, [spark]]);
    assert.deepEqual(
      (await (await stand.as("rhea")).catalogue.distributions({ tenant: "research" })).length,
      all.length,
      "of this tenant alone",
    );

    const named = new RegExp(`Analytics may not use .*\\. It may use: ${spark}\\. A site administrator can change that`);
    await assert.rejects(create("other", { distribution: "utility", workerCount: 0 }), named);
    await assert.rejects(dana.clusters.fit({ tenant: "analytics", distribution: "utility", workerCount: 0 }), named);
    await assert.rejects(create("other", { type: "utility", workerCount: 0 }), /Analytics may use no distribution of the type utility/);
    await assert.rejects(create("other", { distribution: "nowhere" }), new RegExp(`no distribution nowhere\\. Choose one of: ${spark}\\.`));
    const row = await stand.db.cluster.findUniqueOrThrow({ where: { id } });
    const { phaseReason: _, refusal: __, ...made } = row;
    await assert.rejects(
      stand.db.cluster.create({ data: { ...made, id: "cforced", name: "forced" } }),
      /may not use the distribution utility/,
    );

    await dana.clusters.stop({ tenant: "analytics", cluster: id });
    await dana.clusters.start({ tenant: "analytics", cluster: id });
    assert.equal((await dana.clusters.get({ tenant: "analytics", cluster: id })).desired, "running", "it never alters what there is");

    await assert.rejects(
      edit({ distribution: "utility" }),
      new RegExp(`may not use .*, so it cannot be offered first\\. It may use: ${spark}\\.`),
    );
    await assert.rejects(edit({ distributions: [] }), /at least one distribution/);
    await assert.rejects(edit({ distributions: ["spark-1"] }), /There is no distribution spark-1\. Choose among: .*utility/);
    await assert.rejects(edit({ distribution: "spark-1" }), /There is no distribution spark-1/);
    // One that is gone from the catalogue leaves nothing, never everything.
    await stand.db.distribution.update({ where: { id: spark }, data: { retired: true } });
    try {
      assert.deepEqual(await offered(), []);
      await assert.rejects(
        create("other", { distribution: "utility", workerCount: 0 }),
        /may not use .*\. A site administrator can change that/,
      );
    } finally {
      await stand.db.distribution.update({ where: { id: spark }, data: { retired: false } });
    }
    await edit({ distributions: null });
    assert.deepEqual(await offered(), all);
  });

  it("is given hosts of its own, and told whose nodes are there and what they lack", async () => {
    const of = async (tenant: string, name: string) => (await sam.siteTenants.hosts({ tenant })).find((row) => row.name === name);
    const { name } = await stand.db.host.findUniqueOrThrow({ where: { id: hostId } });
    const tenantId = stand.tenantId("research");
    const { id } = await (await stand.as("rhea")).clusters.create({ tenant: "research", name: "theirs" });
    await stand.db.volume.create({ data: { id: "vtheirs", tenantId, hostId, name: "kindling-2", sizeMb: 64, state: "attached" } });
    const size = { vcpus: 1, memoryMb: 512, rootGb: 1, dataMb: 64, imageTag: "i" };
    await stand.db.node.create({
      data: { id: "ntheirs", clusterId: id, hostId, number: 2, name: "kindling-2", role: "master", volumeId: "vtheirs", ...size },
    });
    await sam.siteTenants.edit({ tenant: "analytics", hostTags: ["ssd"] });
    const free = await of("analytics", name);
    assert.deepEqual([free?.keptFor, free?.nodes, free?.others, free?.lacks], [null, 0, 1, ["ssd"]]);

    await sam.hosts.configure({ host: name, tenant: "analytics", tags: ["ssd"] });
    const given = await of("analytics", name);
    assert.deepEqual([given?.keptFor?.slug, given?.others, given?.lacks], ["analytics", 1, []]);
    const theirs = await of("research", name);
    assert.deepEqual([theirs?.keptFor?.slug, theirs?.nodes, theirs?.others], ["analytics", 1, 0]);
    assert.deepEqual((await sam.siteTenants.get({ tenant: "analytics" })).contents.hosts, [name]);
    // Nobody else is told what is free there, or that it is there at all.
    const rhea = await stand.as("rhea");
    assert.deepEqual((await rhea.tenants.home({ tenant: "research" })).free, { vcpus: 0, memoryMb: 0, dataGb: 0, gpus: 0 });
    assert.equal((await rhea.clusters.fit({ tenant: "research" })).refusal, "needs a host that the tenant may use; there is none");
    assert.notEqual((await (await stand.as("dana")).tenants.home({ tenant: "analytics" })).free.vcpus, 0);

    await sam.hosts.configure({ host: name, tenant: null, tags: [] });
    assert.equal((await of("analytics", name))?.keptFor, null);
    await assert.rejects(sam.siteTenants.hosts({ tenant: "nobody" }), /NOT_FOUND|no such tenant/i);
    await sam.siteTenants.edit({ tenant: "analytics", hostTags: [] });
    await stand.db.node.deleteMany();
  });

  it("has a list of what its nodes reach, which is checked, told and kept by the database", async () => {
    const edit = (input: object) => sam.siteTenants.edit({ tenant: "analytics", ...input });
    const egressList = ["10.1.2.0/24 TCP 8000-8100,443", "10.9.0.1/32", "10.9.0.1"];
    await edit({ egress: "listed", egressList });
    const view = await sam.siteTenants.get({ tenant: "analytics" });
    assert.deepEqual([view.egress, view.egressList], ["listed", ["10.1.2.0/24 tcp 443,8000-8100", "10.9.0.1"]]);
    assert.deepEqual((await audited("tenant.edit"))?.detail, {
      what: "egress: open → listed; egress list: none → 10.1.2.0/24 tcp 443,8000-8100; 10.9.0.1",
      before: { egress: "open", "egress list": "none" },
      after: { egress: "listed", "egress list": "10.1.2.0/24 tcp 443,8000-8100; 10.9.0.1" },
    });
    const { tenants } = await loadSnapshot(stand.db);
    assert.deepEqual(tenants.find((tenant) => tenant.egress === "listed")?.egressList[0], {
      network: "10.1.2.0/24",
      protocol: "tcp",
      ports: [
        [443, 443],
        [8000, 8100],
      ],
    });
    await assert.rejects(edit({ egressList: ["10.9.0.1", "example.com"] }), /example\.com is no IPv4 address or network/);
    await assert.rejects((await stand.as("tina")).siteTenants.edit({ tenant: "analytics", egressList: [] }));
    assert.equal((await sam.siteTenants.get({ tenant: "analytics" })).egressList.length, 2);

    // A host whose agent is older keeps it closed in, which is said.
    const dana = await stand.as("dana");
    const { id } = await dana.clusters.create({ tenant: "analytics", name: "runs" });
    await stand.db.volume.create({ data: { id: "vruns", tenantId: view.id, hostId, name: "kindling-1", sizeMb: 64, state: "attached" } });
    const size = { vcpus: 1, memoryMb: 512, rootGb: 1, dataMb: 64, imageTag: "i" };
    await stand.db.node.create({
      data: { id: "nruns", clusterId: id, hostId, number: 1, name: "kindling-1", role: "master", volumeId: "vruns", ...size },
    });
    assert.equal((await sam.siteTenants.get({ tenant: "analytics" })).egressIgnorant.length, 1);
    const said = "only 10.1.2.0/24 tcp 443,8000-8100; 10.9.0.1";
    assert.equal((await dana.clusters.get({ tenant: "analytics", cluster: id })).rights.outside, said, "its people are told, too");
    assert.equal((await dana.clusters.fit({ tenant: "analytics" })).rights.outside, said);
    await edit({ egress: "closed" });
    assert.deepEqual((await sam.siteTenants.get({ tenant: "analytics" })).egressIgnorant, []);
    await stand.db.node.deleteMany();

    const written = (data: object) => stand.db.tenant.updateMany({ where: { slug: "analytics" }, data });
    const many = Array.from({ length: 51 }, (_, n) => ({ network: `10.9.0.${n}`, protocol: null, ports: [] }));
    await assert.rejects(written({ egressList: many }), "at most 50");
    await assert.rejects(written({ egressList: { network: "10.9.0.1" } }), "a list");
    await assert.rejects(written({ egress: "some" }), "one of three words");
    await edit({ egress: "open", egressList: [] });
  });

  it("while suspended lets nobody create, start or change; its page and its services say so; what there is stays", async () => {
    const dana = await stand.as("dana");
    const tina = await stand.as("tina");
    const { id } = await dana.clusters.create({ tenant: "analytics", name: "runs" });
    const own = { tenant: "analytics", cluster: id };
    await dana.clusters.share({ ...own, with: { kind: "role", role: "member" }, level: "use" });
    const program = { tenant: "analytics", account: "leaving" };
    await tina.accounts.create({ tenant: "analytics", name: "leaving" });
    const { token } = await tina.accounts.createToken({ ...program, name: "ci", days: 1 });
    await stand.token("dana");
    const [mine] = await dana.me.tokens();
    await sam.siteTenants.suspend({ tenant: "analytics", reason: "the contract ended." });
    const words =
      /The tenant Analytics was suspended on \d{4}-\d\d-\d\d by sam: the contract ended\. Nothing can be created, started or changed/;
    for (const work of [
      () => dana.clusters.create({ tenant: "analytics", name: "more" }),
      () => dana.clusters.resize({ tenant: "analytics", cluster: id, workerCount: 3 }),
      () => dana.clusters.stop({ tenant: "analytics", cluster: id }),
      () => tina.clusters.delete({ tenant: "analytics", cluster: id, confirm: "runs" }),
      () => tina.tenants.setPersonLimits({ tenant: "analytics", person: "dana", limits: null }),
      () => sam.clusters.create({ tenant: "analytics", name: "more" }),
      () => sam.clusters.resize({ tenant: "analytics", cluster: id, workerCount: 3 }),
    ])
      await assert.rejects(work(), words);
    // Taking access away is always possible, and only that.
    const [share] = await dana.clusters.shares(own);
    await dana.clusters.unshare({ ...own, share: share?.id ?? "" });
    assert.equal((await dana.clusters.shares(own)).length, 0);
    await assert.rejects(dana.clusters.share({ ...own, with: { kind: "role", role: "member" }, level: "use" }), words);
    await tina.accounts.revokeToken({ ...program, id: token.id });
    await tina.accounts.suspend(program);
    for (const work of [() => tina.accounts.resume(program), () => tina.accounts.createToken({ ...program, name: "new", days: 1 })])
      await assert.rejects(work(), words);
    await tina.accounts.delete({ ...program, confirm: "leaving" });
    await dana.me.revokeToken({ id: mine?.id ?? "" });
    const view = await dana.clusters.get({ tenant: "analytics", cluster: id });
    assert.equal(view.desired, "running");
    assert.match(view.actions.resize.reason ?? "", words);
    assert.ok(view.links.every((link) => !link.ready && /closed while the tenant is suspended/.test(link.reason ?? "")));
    assert.match((await dana.tenants.home({ tenant: "analytics" })).closed ?? "", words);
    const fit = await dana.clusters.fit({ tenant: "analytics" });
    assert.deepEqual([fit.fits, fit.nearest], [false, null]);
    assert.match(fit.refusal ?? "", words);
    const look = await dana.handover.look({ cluster: id, endpoint: "jupyter" });
    assert.deepEqual([look.phase, look.ready], ["suspended", false]);
    await assert.rejects(dana.handover.create({ clusterId: id, endpoint: "jupyter", nonceHash: "0".repeat(64) }), words);
    // A site administrator may still bring things to rest.
    await sam.clusters.stop({ tenant: "analytics", cluster: id });
    await assert.rejects(sam.siteTenants.suspend({ tenant: "analytics", reason: "again" }), words);
    assert.ok((await stand.db.audit.count({ where: { action: "cluster.create", outcome: "refused", actorId: "udana" } })) > 0);
    await sam.siteTenants.resume({ tenant: "analytics" });
    assert.deepEqual((await audited("tenant.resume"))?.detail, {
      what: "was suspended: the contract ended.",
      before: { state: "suspended", reason: "the contract ended." },
      after: { state: "active", reason: "none" },
    });
    await dana.clusters.start({ tenant: "analytics", cluster: id });
  });

  it("is deleted only when its short name is typed and kept volumes may go; then everything in it is on its way", async () => {
    await sam.siteTenants.create({ slug: "finance", name: "Finance" });
    const dana = await joined("finance");
    const { id } = await dana.clusters.create({ tenant: "finance", name: "books" });
    const { id: tenantId } = await stand.db.tenant.findUniqueOrThrow({ where: { slug: "finance" } });
    await stand.db.volume.create({
      data: { id: "vkept1", tenantId, hostId, name: "kindling-9", sizeMb: 2048, state: "kept", ownerId: "udana" },
    });
    const remove = (more: object) => sam.siteTenants.delete({ tenant: "finance", confirm: "finance", ...more });
    await assert.rejects(remove({ confirm: "Finance?" }), /Type the tenant's short name, finance/);
    await assert.rejects(remove({}), /People of Finance kept 1 volume: kindling-9\. Say that they go too/);
    const before = await sam.siteTenants.get({ tenant: "finance" });
    assert.deepEqual(
      [before.contents.clusters.map(({ name }) => name), before.contents.keptVolumes, before.contents.segments.length],
      [["books"], [{ name: "kindling-9", sizeMb: 2048, owner: "dana", origin: null }], 1],
    );
    await remove({ keptVolumes: true });
    const view = await sam.siteTenants.get({ tenant: "finance" });
    assert.deepEqual([view.state, view.by], ["deleting", "sam"]);
    assert.match(view.waits ?? "", /^still to be removed: 1 cluster and 1 volume/);
    assert.equal((await stand.db.cluster.findUniqueOrThrow({ where: { id } })).desired, "deleted");
    await assert.rejects(dana.clusters.create({ tenant: "finance", name: "more" }), /The tenant Finance is being deleted since/);
    await assert.rejects(sam.segments.create({ owner: "finance", name: "late" }), /is being deleted/);
    await assert.rejects(sam.siteTenants.resume({ tenant: "finance" }), /is being deleted/);
    await assert.rejects(sam.siteTenants.create({ slug: "finance", name: "Finance" }), /is still being deleted\. Wait until it is gone/);
    assert.match(JSON.stringify((await audited("tenant.delete"))?.detail), /1 cluster, 1 kept volume \(2 GB\), 1 segment/);
  });

  it("lets its administrators say what one person may use, and shows who uses what", async () => {
    const tina = await stand.as("tina");
    const dana = await stand.as("dana");
    const limits = { clusters: 1, nodes: null, vcpus: null, memoryMb: null, dataGb: null };
    await tina.tenants.setPersonLimits({ tenant: "analytics", person: "dana", limits });
    await dana.clusters.create({ tenant: "analytics", name: "only" });
    await assert.rejects(dana.clusters.create({ tenant: "analytics", name: "next" }), /You may use 1 cluster in Analytics/);
    const { people } = await tina.tenants.people({ tenant: "analytics" });
    const row = people.find(({ username }) => username === "dana");
    assert.deepEqual([row?.own, row?.usage.clusters], [true, { used: 1, limit: 1 }]);
    // What an administrator grows counts with its owner, and the refusal names them.
    await tina.tenants.setPersonLimits({ tenant: "analytics", person: "dana", limits: { ...limits, nodes: 2 } });
    const cluster = (await dana.clusters.list({ tenant: "analytics" })).rows[0]?.id ?? "";
    await assert.rejects(
      tina.clusters.resize({ tenant: "analytics", cluster, workerCount: 5 }),
      /dana may use 2 nodes in Analytics; 2 are taken/,
    );
    assert.equal((await tina.clusters.fitResize({ tenant: "analytics", cluster, workerCount: 2 })).whose, "dana");
    await tina.tenants.setPersonLimits({ tenant: "analytics", person: "dana", limits: null });
    await dana.clusters.create({ tenant: "analytics", name: "next" });
    await assert.rejects(
      tina.tenants.setPersonLimits({ tenant: "analytics", person: "rhea", limits: null }),
      /Nobody in the tenant has the sign-in name rhea/,
    );
    const entry = await audited("tenant.limits");
    assert.deepEqual([entry?.actorName, entry?.resourceName], ["tina", "dana"]);
  });

  it("counts a volume that is kept, and one that a deleted cluster is about to leave", async () => {
    const dana = await stand.as("dana");
    await stand.db.tenant.update({ where: { slug: "analytics" }, data: { maxDataGb: 6 } });
    const { id } = await dana.clusters.create({ tenant: "analytics", name: "leaves", masterFlavor: "mini", workerCount: 0 });
    await dana.clusters.delete({ tenant: "analytics", cluster: id, confirm: "leaves", keepData: true });
    await assert.rejects(
      dana.clusters.create({ tenant: "analytics", name: "next", masterFlavor: "mini", workerCount: 0 }),
      /6 GB of disk; 4 GB is taken and this needs 4 GB/,
    );
    await stand.db.tenant.update({ where: { slug: "analytics" }, data: { maxDataGb: null } });
  });
});
