import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createCaller } from "../../api/root.ts";
import { localPerson } from "../../auth/local-admin.ts";
import { openSession } from "../../auth/sessions.ts";
import { newId } from "../../ids.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";

describe("service accounts of a tenant", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  /** The API as a program has it: by the secret alone. */
  const by = async (secret: string) =>
    createCaller(stand.parts.context(await stand.parts.authenticate({ authorization: `Bearer ${secret}` }, "192.0.2.5"), "192.0.2.5"));
  const at = { tenant: "analytics", account: "nightly" };

  it("are made by its administrators, act by their tokens in it, and nowhere else", async () => {
    const tina = await stand.as("tina");
    await tina.accounts.create({ tenant: "analytics", name: "nightly" });
    await assert.rejects(tina.accounts.create({ tenant: "analytics", name: "nightly" }), { code: "CONFLICT" });
    const { secret } = await tina.accounts.createToken({ ...at, name: "ci", days: 7, scope: "manage" });
    const program = await by(secret);
    await program.clusters.create({ tenant: "analytics", name: "batch" });
    const me = await program.me.get();
    assert.deepEqual(
      [me.username, me.siteAdmin, me.tenants.map(({ slug, role }) => [slug, role])],
      ["analytics/nightly", false, [["analytics", "member"]]],
    );
    for (const tenant of ["research", "nowhere"]) await assert.rejects(program.clusters.list({ tenant }), { code: "NOT_FOUND" });
    await assert.rejects(program.site.overview(), { code: "NOT_FOUND" });
    await assert.rejects(program.accounts.list({ tenant: "analytics" }), { code: "FORBIDDEN" });
    const [view] = await tina.accounts.list({ tenant: "analytics" });
    assert.deepEqual(
      [
        view?.name,
        view?.state,
        view?.createdBy,
        view?.clusters.map(({ name }) => name),
        view?.tokens.map(({ name, scope }) => [name, scope]),
      ],
      ["nightly", "active", "tina", ["batch"], [["ci", "manage"]]],
    );
    assert.ok(view?.lastUsedAt);
    const row = await stand.db.audit.findFirstOrThrow({ where: { action: "cluster.create" }, orderBy: { id: "desc" } });
    assert.deepEqual([row.actorName, row.ip], ["nightly (service account)", "192.0.2.5"]);
    assert.ok(
      (await (await stand.as("tina")).clusters.list({ tenant: "analytics", scope: "all" })).rows.some(({ owner }) =>
        /nightly/.test(owner.name),
      ),
    );
  });

  it("are nobody's who is not the tenant's administrator, and not found from another tenant", async () => {
    await assert.rejects((await stand.as("dana")).accounts.create({ tenant: "analytics", name: "mine" }), { code: "FORBIDDEN" });
    const sam = await stand.as("sam");
    for (const call of [
      () => sam.accounts.suspend({ tenant: "research", account: "nightly" }),
      () => sam.accounts.delete({ tenant: "research", account: "nightly", confirm: "nightly" }),
      () => sam.accounts.createToken({ tenant: "research", account: "nightly", name: "x", days: 1 }),
    ])
      await assert.rejects(call(), { code: "NOT_FOUND", message: /no such service account/ });
  });

  it("cannot sign in, have no session, and are no name that the directory could give somebody", async () => {
    const anonymous = await stand.as(null);
    const attempt = { username: "analytics/nightly", password: "x", name: "n", days: 1 };
    await assert.rejects(anonymous.auth.token(attempt), /user name or the password is wrong/);
    const { id: userId } = await stand.db.user.findUniqueOrThrow({ where: { username: "analytics/nightly" } });
    await assert.rejects(openSession(stand.db, { newId, now: new Date(), userId, ip: null, userAgent: null }), /no session/);
    await assert.rejects(stand.db.user.update({ where: { id: userId }, data: { siteAdmin: true } }), /User_service_check/);
    // The directory's word about people is not about them: they are not barred because it does not know them.
    await stand.parts.reread.round();
    assert.equal((await stand.db.user.findUniqueOrThrow({ where: { id: userId } })).barredAt, null);
  });

  it("do not take the row of the local administrator, whatever a tenant is called", async () => {
    const sam = await stand.as("sam");
    await sam.siteTenants.create({ slug: "local", name: "Local" });
    await assert.rejects(sam.accounts.create({ tenant: "local", name: "admin" }), { code: "CONFLICT", message: /Take another name/ });
    const { kind, siteAdmin } = await stand.db.user.findUniqueOrThrow({ where: { id: await localPerson(stand.db, newId) } });
    assert.deepEqual([kind, siteAdmin], ["local", true]);
    await sam.accounts.create({ tenant: "local", name: "nightly" });
  });

  it("lose everything at once when suspended, and have it again when resumed", async () => {
    const tina = await stand.as("tina");
    const { secret } = await tina.accounts.createToken({ ...at, name: "second", days: 7, scope: "read" });
    await tina.accounts.suspend(at);
    await assert.rejects((await by(secret)).me.get(), { code: "UNAUTHORIZED" });
    await assert.rejects(tina.accounts.createToken({ ...at, name: "third", days: 1 }), /suspended/);
    await tina.accounts.resume(at);
    assert.equal((await (await by(secret)).me.get()).username, "analytics/nightly");
    const [view] = await tina.accounts.list({ tenant: "analytics" });
    await tina.accounts.revokeToken({ ...at, id: view?.tokens.find(({ name }) => name === "second")?.id ?? "" });
    await assert.rejects((await by(secret)).me.get(), { code: "UNAUTHORIZED" });
  });

  it("made administrators manage others, but no token outlives the one that made it", async () => {
    const tina = await stand.as("tina");
    await tina.accounts.setRole({ ...at, role: "admin" });
    const { secret, token } = await tina.accounts.createToken({ ...at, name: "admin", days: 2 });
    const program = await by(secret);
    await program.accounts.create({ tenant: "analytics", name: "child" });
    const made = await program.accounts.createToken({ tenant: "analytics", account: "child", name: "long", days: 300 });
    assert.equal(made.token.expiresAt, token.expiresAt);
    await assert.rejects(program.me.createToken({ name: "own", days: 1 }), { code: "FORBIDDEN" });
    // Nor its revocation, and what was made with that one in turn.
    const child = { tenant: "analytics", account: "child" };
    await tina.accounts.setRole({ ...child, role: "admin" });
    const grown = await (await by(made.secret)).accounts.createToken({ ...child, name: "grandchild", days: 1 });
    const other = await tina.accounts.createToken({ ...child, name: "by a person", days: 1 });
    assert.equal((await (await by(grown.secret)).me.get()).username, "analytics/child");
    await tina.accounts.revokeToken({ ...at, id: token.id });
    for (const dead of [made.secret, grown.secret]) await assert.rejects((await by(dead)).me.get(), { code: "UNAUTHORIZED" });
    assert.equal((await (await by(other.secret)).me.get()).username, "analytics/child");
    const told = await stand.db.audit.findMany({ where: { action: "token.revoke", actorName: "Kindling" }, orderBy: { id: "asc" } });
    assert.deepEqual(told.map((row) => [row.resourceName, row.detail]).sort(), [
      ["grandchild of child", { what: "with the token that it was made with, long" }],
      ["long of child", { what: "with the token that it was made with, admin" }],
    ]);
    const tenantId = told[0]?.tenantId;
    assert.ok(tenantId && told.every((row) => row.tenantId === tenantId && Math.abs(row.at.getTime() - Date.now()) < 60_000));
    // Somebody who was let in a moment ago, and whose token is revoked before it makes another.
    const late = await tina.accounts.createToken({ ...at, name: "late", days: 2 });
    const inside = await by(late.secret);
    await tina.accounts.revokeToken({ ...at, id: late.token.id });
    await assert.rejects(inside.accounts.createToken({ ...child, name: "too late", days: 1 }), /does not count any more/);
    const roles = await stand.db.audit.findFirstOrThrow({ where: { action: "account.role" } });
    assert.deepEqual(roles.detail, { before: { role: "member" }, after: { role: "admin" } });
  });

  it("are deleted with their tokens when they own nothing, their name typed again", async () => {
    const tina = await stand.as("tina");
    await assert.rejects(tina.accounts.delete({ ...at, confirm: "nightly" }), /owns a cluster: batch/);
    const child = { tenant: "analytics", account: "child" };
    await assert.rejects(tina.accounts.delete({ ...child, confirm: "nightly" }), { code: "BAD_REQUEST" });
    await tina.accounts.delete({ ...child, confirm: "child" });
    assert.equal(await stand.db.token.count({ where: { name: "long" } }), 0);
    // Its name is free again, and the new one is another account.
    await tina.accounts.create({ tenant: "analytics", name: "child" });
    assert.deepEqual((await tina.accounts.list({ tenant: "analytics" })).map(({ name, tokens }) => [name, tokens.length]).slice(0, 1), [
      ["child", 0],
    ]);
    await tina.accounts.delete({ ...child, confirm: "child" });
    assert.deepEqual(
      (await tina.accounts.list({ tenant: "analytics" })).map(({ name }) => name),
      ["nightly"],
    );
    const actions = (await tina.tenants.audit({ tenant: "analytics", action: "account" })).rows.map(
      ({ action, resource }) => `${action} ${resource}`,
    );
    assert.ok(actions.includes("account.delete child") && actions.includes("account.suspend nightly"));
  });

  it("end one's other sessions, and not the one that is asked with", async () => {
    const own = await stand.session("dana");
    const others = [await stand.session("dana"), await stand.session("dana")];
    const foreign = await stand.session("tina");
    const actor = await stand.parts.authenticate({ cookie: own.cookie }, null);
    const dana = createCaller(stand.parts.context(actor, null));
    const listed = await dana.me.sessions();
    assert.ok(listed.every(({ idleEndsAt, endsAt, lastSeenAt }) => lastSeenAt < idleEndsAt && idleEndsAt <= endsAt));
    assert.deepEqual(await dana.me.endOtherSessions(), { ended: 2 });
    assert.ok(await stand.parts.authenticate({ cookie: own.cookie }, null));
    assert.ok(await stand.parts.authenticate({ cookie: foreign.cookie }, null));
    for (const { cookie } of others) assert.equal(await stand.parts.authenticate({ cookie }, null), null);
  });
});
