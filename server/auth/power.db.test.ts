import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TRPCError } from "@trpc/server";
import { type Caller, createCaller } from "../api/root.ts";
import { sampleOf } from "../api/testing/inputs.ts";
import { type Procedure, proceduresOf } from "../api/testing/procedures.ts";
import { type Stand, startStand } from "../portal/testing/stand.ts";
import { loadActor } from "./actor.ts";
import type { TokenScope } from "./power.ts";

// Written down here once more: a procedure that asks less of a token than others has to be meant.
const enoughIsUse = ["clusters.start", "clusters.stop", "clusters.retry", "clusters.restartService", "handover.create"];
const enoughIsRead = ["me.endThisToken"];
const account = ["me.sessions", "me.revokeSession", "me.endOtherSessions", "me.tokens", "me.createToken", "me.revokeToken"];

describe("what a token is good for", () => {
  let stand: Stand;
  let made = 0;
  before(async () => {
    stand = await startStand();
    await (await stand.as("dana")).clusters.create({ tenant: "analytics", name: "flights" });
  });
  after(() => stand.stop());

  const withToken = async (person: string, scope: TokenScope, tenant: string | null = null): Promise<Caller> => {
    made += 1;
    const id = `ktest${made}`;
    const tenantId = tenant && stand.tenantId(tenant);
    const expiresAt = new Date(Date.now() + 3600_000);
    await stand.db.token.create({ data: { id, userId: `u${person}`, name: id, hash: id, expiresAt, scope, tenantId } });
    return createCaller(stand.parts.context(await loadActor(stand.db, `u${person}`, { sessionId: null, tokenId: id, ip: null }), null));
  };
  /** What it was refused with; null when it went through the checks of who asks. */
  const refusal = async (api: Caller, { path, inputs }: Procedure, tenant = "analytics"): Promise<TRPCError | null> => {
    const call = path.split(".").reduce<unknown>((at, name) => Reflect.get(Object(at), name), api);
    // Things that are not there: whoever gets past the checks finds nothing to change.
    const known = { tenant, account: "nobody", id: "knothing", cluster: "cnothing", clusterId: "cnothing", endpoint: "jupyter" };
    try {
      await Reflect.apply(Object(call), undefined, [inputs.length > 0 ? sampleOf(inputs, known) : undefined]);
      return null;
    } catch (error) {
      assert.ok(error instanceof TRPCError, String(error));
      return error;
    }
  };
  const aboutToken = (error: TRPCError | null): boolean => /^This token is good for/.test(error?.message ?? "");
  const all = proceduresOf().filter(({ scope, kind }) => scope !== "public" && kind !== "subscription");

  it("to read: everything that shows, nothing that changes", async () => {
    const api = await withToken("sam", "read");
    for (const one of all.filter(({ path, kind }) => kind === "mutation" && !enoughIsRead.includes(path))) {
      const error = await refusal(api, one);
      assert.deepEqual([error?.code, aboutToken(error)], ["FORBIDDEN", true], one.path);
    }
    for (const one of all.filter(({ kind }) => kind === "query")) assert.ok(!aboutToken(await refusal(api, one)), one.path);
  });

  it("to use: also start, stop and open what there is", async () => {
    const api = await withToken("sam", "use");
    for (const one of all.filter(({ kind, path }) => kind === "mutation" && !enoughIsRead.includes(path)))
      assert.equal(aboutToken(await refusal(api, one)), !enoughIsUse.includes(one.path), one.path);
    const dana = await withToken("dana", "use");
    const [row] = (await dana.clusters.list({ tenant: "analytics" })).rows;
    await dana.clusters.stop({ tenant: "analytics", cluster: row?.id ?? "" });
    await assert.rejects(
      dana.clusters.create({ tenant: "analytics", name: "more" }),
      /^TRPCError: This token is good for "use" only, and this needs "manage"/,
    );
    const told = await stand.db.audit.findFirstOrThrow({ where: { action: "cluster.create", outcome: "refused", actorId: "udana" } });
    assert.match(told.via ?? "", /^token:ktest/);
  });

  it("to manage: what its owner may, and no more", async () => {
    const dana = await withToken("dana", "manage");
    await dana.clusters.create({ tenant: "analytics", name: "more" });
    await assert.rejects(dana.site.overview(), { code: "NOT_FOUND" });
    await assert.rejects(dana.accounts.list({ tenant: "analytics" }), { code: "FORBIDDEN" });
  });

  it("in one tenant: neither the site, nor another tenant, nor the account; also for a site administrator", async () => {
    const sam = await withToken("sam", "manage", "analytics");
    for (const one of all) {
      const error = await refusal(sam, one, "research");
      if (one.scope === "site" || one.scope?.startsWith("tenant")) assert.equal(error?.code, "NOT_FOUND", one.path);
      else assert.equal(/^This token is good for one tenant only/.test(error?.message ?? ""), account.includes(one.path), one.path);
    }
    const me = await (await withToken("sam", "read", "analytics")).me.get();
    assert.deepEqual([me.siteAdmin, me.tenants.map(({ slug, role }) => [slug, role])], [false, [["analytics", "admin"]]]);
    assert.deepEqual([me.token?.scope, me.token?.tenant], ["read", "analytics"]);
    // Dana has no business in research: a token changes nothing about that.
    assert.deepEqual((await (await withToken("dana", "manage", "research")).me.get()).tenants, []);
  });

  it("is said when it is made, and only where one has business", async () => {
    const dana = await stand.as("dana");
    const { token } = await dana.me.createToken({ name: "reader", days: 3, scope: "read", tenant: "analytics" });
    assert.deepEqual([token.scope, token.tenant?.slug], ["read", "analytics"]);
    for (const tenant of ["research", "nowhere"])
      await assert.rejects(dana.me.createToken({ name: "x", days: 1, tenant }), { code: "NOT_FOUND", message: /no such tenant/ });
    await assert.rejects(withToken("dana", "everything" as TokenScope), /Token_scope_check/);
  });

  it("ends itself, whatever it is good for", async () => {
    const api = await withToken("dana", "read", "analytics");
    const { id } = await api.me.endThisToken();
    assert.ok((await stand.db.token.findUniqueOrThrow({ where: { id } })).revokedAt);
    await assert.rejects((await stand.as("dana")).me.endThisToken(), /not asked with a token/);
  });

  it("holds for downloads and sockets too", async () => {
    const secret = await stand.token("dana");
    await stand.db.token.updateMany({ where: { userId: "udana", scope: "manage" }, data: { scope: "read" } });
    const [row] = (await (await stand.as("dana")).clusters.list({ tenant: "analytics" })).rows;
    const answer = await fetch(`${stand.url}/api/clusters/${row?.id}/notebooks.tar`, { headers: { authorization: `Bearer ${secret}` } });
    assert.equal(answer.status, 403);
  });
});
