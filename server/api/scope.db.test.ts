import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TRPCError } from "@trpc/server";
import { loadActor } from "../auth/actor.ts";
import { type Stand, startStand } from "../portal/testing/stand.ts";
import { tellRepeats } from "../services/audit/refusal.ts";
import { type Caller, createCaller } from "./root.ts";
import { sampleOf, stringPlaces } from "./testing/inputs.ts";
import { proceduresOf } from "./testing/procedures.ts";

const procedures = proceduresOf().map((one) => ({ ...one, mutation: one.kind === "mutation" }));

/** Those that name a cluster beside the tenant. */
const aboutClusters = procedures.filter(
  ({ scope, kind, inputs }) =>
    scope?.startsWith("tenant") &&
    kind !== "subscription" &&
    inputs.some((schema) => stringPlaces(schema).some((at) => at.join() === "cluster")),
);

async function call(api: Caller, path: string, input: unknown): Promise<unknown> {
  const found = path.split(".").reduce<unknown>((at, name) => Reflect.get(Object(at), name), api);
  assert.equal(typeof found, "function", path);
  const answer: unknown = await Reflect.apply(Object(found), undefined, [input]);
  // A subscription begins with its first value: asking for it runs the checks.
  if (typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer) return "a stream";
  return answer;
}

async function refusal(api: Caller, path: string, input: unknown): Promise<TRPCError> {
  const answer = await call(api, path, input).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  assert.ok("error" in answer && answer.error instanceof TRPCError, `${path} was answered: ${JSON.stringify(answer)}`);
  return answer.error;
}

const said = ({ code, message }: TRPCError) => ({ code, message });

describe("whose data a procedure touches", () => {
  let stand: Stand;
  let cluster: string;
  before(async () => {
    stand = await startStand();
    const dana = await stand.as("dana");
    cluster = (await dana.clusters.create({ tenant: "analytics", name: "flights" })).id;
  });
  after(() => stand.stop());

  // Enough for every input of ours, so that only the scope can be the reason of a refusal.
  const input = (tenant: string, id: string) => ({
    tenant,
    cluster: id,
    clusterId: id,
    id,
    name: "mine",
    node: "nnobody",
    service: "jupyter",
    volume: "vnobody",
    confirm: "flights",
    workerCount: 2,
    distribution: "utility",
    endpoint: "jupyter",
    nonceHash: "0".repeat(64),
    days: 1,
    with: { kind: "role", role: "member" },
    level: "use",
    share: "xnobody",
    text: "",
    to: "tina",
  });

  it("is said by every one of them", () => {
    assert.ok(procedures.length > 30);
    for (const { path, scope } of procedures) assert.ok(scope, `${path} has no scope`);
    assert.deepEqual(
      procedures.filter(({ scope }) => scope === "public").map(({ path }) => path),
      ["auth.token"],
    );
  });

  for (const { path, scope } of procedures.filter((one) => one.scope !== "public")) {
    it(`${path} is nothing for whoever is not signed in`, async () => {
      assert.equal((await refusal(await stand.as(null), path, input("analytics", cluster))).code, "UNAUTHORIZED");
    });
    if (scope?.startsWith("tenant"))
      it(`${path} hides another tenant as if it did not exist`, async () => {
        const rhea = await stand.as("rhea");
        const foreign = await refusal(rhea, path, input("analytics", cluster));
        assert.equal(foreign.code, "NOT_FOUND");
        assert.deepEqual(said(foreign), said(await refusal(rhea, path, input("nowhere", "cnothing"))));
      });
    if (scope === "tenant-admin")
      it(`${path} is for administrators of the tenant`, async () => {
        assert.equal((await refusal(await stand.as("dana"), path, input("analytics", cluster))).code, "FORBIDDEN");
      });
    if (scope === "site")
      it(`${path} does not exist for others than site administrators`, async () => {
        for (const person of ["dana", "tina"] as const) assert.equal((await refusal(await stand.as(person), path, {})).code, "NOT_FOUND");
      });
  }

  it("there are procedures about clusters", () => assert.ok(aboutClusters.length > 10));
  for (const { path, inputs } of aboutClusters)
    it(`${path} does not find another tenant's cluster through one's own tenant`, async () => {
      const rhea = await stand.as("rhea");
      const about = (id: string) => sampleOf(inputs, { ...input("research", id), person: "dana" });
      const foreign = await refusal(rhea, path, about(cluster));
      assert.deepEqual(said(foreign), said(await refusal(rhea, path, about("cnothing"))));
      assert.equal(foreign.code, "NOT_FOUND", foreign.message);
    });

  for (const verb of ["look", "create"] as const)
    it(`handover.${verb} does not find another tenant's cluster`, async () => {
      const rhea = await stand.as("rhea");
      const foreign = await refusal(rhea, `handover.${verb}`, input("research", cluster));
      assert.deepEqual(said(foreign), said(await refusal(rhea, `handover.${verb}`, input("research", "cnothing"))));
    });

  describe("in a tenant that is suspended", () => {
    before(() => stand.db.tenant.update({ where: { slug: "analytics" }, data: { state: "suspended", stateReason: "unpaid" } }));
    after(() => stand.db.tenant.update({ where: { slug: "analytics" }, data: { state: "active", stateReason: null } }));
    const changes = procedures.filter(({ scope, mutation }) => mutation && scope?.startsWith("tenant"));
    it("only what takes access away goes on", async () => {
      const open = changes.filter(({ takesAway }) => takesAway).map(({ path }) => path);
      assert.deepEqual(open.sort(), ["accounts.delete", "accounts.revokeToken", "accounts.suspend", "clusters.unshare"]);
      for (const path of open) {
        assert.doesNotMatch((await refusal(await stand.as("tina"), path, input("analytics", cluster))).message, /suspended/);
        assert.equal((await refusal(await stand.as("rhea"), path, input("analytics", cluster))).code, "NOT_FOUND");
      }
    });
    for (const { path } of changes.filter(({ takesAway }) => !takesAway))
      it(`${path} is refused, with the reason, to its members and administrators`, async () => {
        const refused = await refusal(await stand.as("tina"), path, { ...input("analytics", cluster), person: "dana", limits: null });
        assert.equal(refused.code, "FORBIDDEN");
        assert.match(refused.message, /^The tenant Analytics was suspended on .*: unpaid\. Nothing can be created, started or changed/);
        const foreign = await refusal(await stand.as("rhea"), path, input("analytics", cluster));
        assert.equal(foreign.code, "NOT_FOUND", "others do not learn that it exists");
      });
    it("what there is can still be seen", async () => {
      assert.equal((await (await stand.as("dana")).clusters.get({ tenant: "analytics", cluster })).name, "flights");
    });
  });

  it("leaves the foreign cluster untouched by all of that", async () => {
    const row = await stand.db.cluster.findUniqueOrThrow({ where: { id: cluster } });
    assert.deepEqual([row.desired, row.generation, row.workerCount], ["running", 1, 1]);
  });

  it("is answered for those whose data it is", async () => {
    for (const person of ["dana", "tina", "sam"] as const)
      assert.equal((await (await stand.as(person)).clusters.get({ tenant: "analytics", cluster })).name, "flights");
    assert.ok((await (await stand.as("sam")).site.overview()).hosts.length > 0);
    assert.ok((await (await stand.as("tina")).tenants.audit({ tenant: "analytics" })).rows.some((row) => row.action === "cluster.create"));
  });

  describe("for another member of the tenant", () => {
    const mate = async (): Promise<Caller> =>
      createCaller(stand.parts.context(await loadActor(stand.db, "umate", { sessionId: "s", tokenId: null, ip: null }), null));
    before(async () => {
      const memberships = { create: { tenantId: stand.tenantId("analytics"), role: "member" } };
      await stand.db.user.create({ data: { id: "umate", username: "mate", displayName: "Mate", dn: "x", memberships } });
    });

    for (const { path, inputs } of aboutClusters.filter((one) => one.scope === "tenant-member"))
      it(`${path} hides a cluster that is not shared with them as if it did not exist`, async () => {
        const about = (id: string) => sampleOf(inputs, { ...input("analytics", id), person: "dana" });
        const hidden = await refusal(await mate(), path, about(cluster));
        assert.equal(hidden.code, "NOT_FOUND", hidden.message);
        assert.deepEqual(said(hidden), said(await refusal(await mate(), path, about("cnothing"))));
      });
    for (const verb of ["look", "create"] as const)
      it(`handover.${verb} hides it, too`, async () => {
        const hidden = await refusal(await mate(), `handover.${verb}`, input("analytics", cluster));
        assert.deepEqual(said(hidden), said(await refusal(await mate(), `handover.${verb}`, input("analytics", "cnothing"))));
      });
    it("does not say whose a name is that is taken, nor count it", async () => {
      const taken = await refusal(await mate(), "clusters.create", { tenant: "analytics", name: "flights" });
      assert.equal(taken.message, "The tenant already has a cluster named flights. Take another name.");
      const { counts } = await (await mate()).tenants.home({ tenant: "analytics" });
      assert.deepEqual(counts, { mine: 0, shared: 0, all: 0 });
    });
  });

  it("shows a member a cluster that is shared for viewing, and does not let them change it or open its services", async () => {
    await (await stand.as("dana")).clusters.share({
      ...{ tenant: "analytics", cluster },
      with: { kind: "person", username: "mate" },
      level: "view",
    });
    const mate = createCaller(stand.parts.context(await loadActor(stand.db, "umate", { sessionId: "s", tokenId: null, ip: null }), null));
    const view = await mate.clusters.get({ tenant: "analytics", cluster });
    // What was refused before has been told by now.
    await tellRepeats(stand.db, new Date(), true);
    const { id: last } = await stand.db.audit.findFirstOrThrow({ orderBy: { id: "desc" } });
    assert.deepEqual(
      Object.values(view.actions).map(({ allowed }) => allowed),
      [false, false, false, false, false],
    );
    assert.equal(
      view.actions.stop.reason,
      "Only dana, somebody who manages it with them, or an administrator of the tenant can stop this cluster.",
    );
    assert.equal(view.actions.delete.reason, "Only dana or an administrator of the tenant can delete this cluster.");
    assert.deepEqual(view.links, []);
    assert.deepEqual(view.may, { inspect: false, notebook: false, change: false, own: false });
    for (const verb of ["look", "create"])
      assert.equal((await refusal(mate, `handover.${verb}`, input("analytics", cluster))).code, "NOT_FOUND");
    for (const path of ["clusters.shares", "clusters.shareTargets"])
      assert.equal((await refusal(mate, path, input("analytics", cluster))).code, "FORBIDDEN");
    for (const path of ["stop", "delete", "resize", "share", "unshare", "handOver"].map((verb) => `clusters.${verb}`))
      assert.equal((await refusal(mate, path, input("analytics", cluster))).code, "FORBIDDEN");
    const refused = await stand.db.audit.findMany({
      where: { actorId: "umate", outcome: "refused", id: { gt: last } },
      orderBy: { id: "asc" },
    });
    assert.deepEqual(
      refused.map((row) => [row.action, row.resourceName]),
      ["service.open", ...["stop", "delete", "resize", "share", "unshare", "hand-over"].map((verb) => `cluster.${verb}`)].map((action) => [
        action,
        "flights",
      ]),
    );
  });
});
