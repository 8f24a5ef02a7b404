import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Stand, startStand } from "../portal/testing/stand.ts";
import { absoluteSeconds, idleSeconds, touchSession } from "./sessions.ts";
import { touchToken } from "./tokens.ts";

const from = (ip: string) => ({ ip, userAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0" });

describe("signing in", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());
  const context = () => stand.parts.context(null, null);
  const sign = (username: string, password: string, ip = "192.0.2.7") => context().signIn({ username, password, ...from(ip) });

  it("gives the roles that the directory's groups have now, and takes those away that are gone", async () => {
    const { id: research } = await stand.db.tenant.findUniqueOrThrow({ where: { slug: "research" } });
    await stand.db.membership.create({ data: { userId: "udana", tenantId: research, role: "admin" } });
    await stand.db.user.update({ where: { id: "udana" }, data: { siteAdmin: true, displayName: "old" } });
    const { userId } = await sign("dana", stand.password("dana"));
    assert.equal(userId, "udana");
    const dana = await stand.db.user.findUniqueOrThrow({ where: { id: "udana" }, include: { memberships: { include: { tenant: true } } } });
    assert.deepEqual([dana.siteAdmin, dana.displayName], [false, "Dana Moreau"]);
    assert.deepEqual(
      dana.memberships.map(({ tenant, role }) => [tenant.slug, role]),
      [["analytics", "member"]],
    );
    // Also those that the person is in through others: clusters are shared with groups.
    assert.deepEqual(
      dana.groups.map((group) => group.split(",")[0]),
      ["cn=analytics-engineers", "cn=analytics-members"],
    );
    await sign("sam", stand.password("sam"));
    assert.equal((await stand.db.user.findUniqueOrThrow({ where: { id: "usam" } })).siteAdmin, true);
  });

  it("says the same for a wrong password and an unknown name, and writes both down without the name that nobody has", async () => {
    const sentence = /^The user name or the password is wrong\.$/;
    await assert.rejects(sign("dana", "wrong"), { message: sentence });
    await assert.rejects(sign("my-password", "wrong"), { message: sentence });
    const rows = await stand.db.audit.findMany({ where: { action: "session.open", outcome: "refused" }, orderBy: { id: "asc" } });
    assert.deepEqual(
      rows.map((row) => [row.actorName, row.resourceName]),
      [
        ["Dana Moreau", "dana"],
        ["somebody", "an unknown account"],
      ],
    );
  });

  it("slows one address down without locking the account", async (t) => {
    // The wait is one second, and on a busy machine an attempt may take as long.
    const now = performance.now();
    t.mock.method(performance, "now", () => now);
    for (let i = 0; i < 5; i += 1) await assert.rejects(sign("rhea", "wrong", "198.51.100.1"));
    const early = () => sign("rhea", stand.password("rhea"), "198.51.100.1");
    await assert.rejects(early(), /Too many wrong attempts from here. Try again in 1 second\./);
    await assert.rejects(early(), /Too many wrong attempts/);
    const told = await stand.db.audit.findMany({ where: { actorId: "urhea", outcome: "refused" }, select: { detail: true, ip: true } });
    const what = { wrong: { what: "wrong name or password" }, wait: { what: "too many wrong attempts" } };
    const ip = "198.51.100.1";
    assert.deepEqual(told, [...Array.from({ length: 5 }, () => ({ detail: what.wrong, ip })), { detail: what.wait, ip }]);
    assert.ok(await sign("rhea", stand.password("rhea"), "198.51.100.2"));
  });

  it("opens a session that ends when unused, in any case after its time, and at once when revoked", async () => {
    const { sessionId } = await sign("dana", stand.password("dana"));
    const later = (seconds: number) => new Date(Date.now() + seconds * 1000);
    assert.equal(await touchSession(stand.db, sessionId, later(idleSeconds - 5)), "udana");
    // That was a use, so that the idle time counts from there.
    assert.equal(await touchSession(stand.db, sessionId, later(2 * idleSeconds - 15)), "udana");
    assert.equal(await touchSession(stand.db, sessionId, later(4 * idleSeconds)), null);
    await stand.db.session.update({ where: { id: sessionId }, data: { lastSeenAt: later(absoluteSeconds) } });
    assert.equal(await touchSession(stand.db, sessionId, later(absoluteSeconds + 5)), null);
    assert.equal(await touchSession(stand.db, sessionId, later(absoluteSeconds - 5)), "udana");
    const dana = await stand.as("dana");
    assert.equal((await dana.me.sessions()).find(({ id }) => id === sessionId)?.browser, "Firefox on Linux");
    await dana.me.revokeSession({ id: sessionId });
    assert.equal(await touchSession(stand.db, sessionId, new Date()), null);
  });

  it("ends nobody else's session", async () => {
    const { sessionId } = await sign("dana", stand.password("dana"));
    await assert.rejects((await stand.as("tina")).me.revokeSession({ id: sessionId }), /no such session/);
    assert.equal(await touchSession(stand.db, sessionId, new Date()), "udana");
  });

  it("gives NextAuth the sentence and a signed session", async () => {
    const [provider] = stand.parts.authOptions.providers;
    assert.ok(provider?.type === "credentials");
    const request = { headers: { "x-kindling-address": "192.0.2.9" }, query: {}, body: {}, method: "POST" };
    const authorize = provider.authorize;
    await assert.rejects(
      Promise.resolve(authorize({ username: "dana", password: "wrong" }, request)),
      /user name or the password is wrong/,
    );
    const user = await authorize({ username: "dana", password: stand.password("dana") }, request);
    const row = await stand.db.session.findUniqueOrThrow({ where: { id: user?.id ?? "" } });
    assert.deepEqual([row.userId, row.ip], ["udana", "192.0.2.9"]);
  });

  describe("personal tokens", () => {
    it("are kept as a hash, end in time, and at once when revoked", async () => {
      const dana = await stand.as("dana");
      const { secret, token } = await dana.me.createToken({ name: "night job", days: 30 });
      assert.match(secret, /^kdl_[\w-]{43}$/);
      assert.ok(!JSON.stringify(await stand.db.token.findMany()).includes(secret));
      assert.equal((await touchToken(stand.db, secret, new Date()))?.userId, "udana");
      assert.equal(await touchToken(stand.db, secret, new Date(Date.now() + 31 * 86_400_000)), null);
      assert.equal(await touchToken(stand.db, `${secret.slice(0, -1)}x`, new Date()), null);
      await dana.me.revokeToken({ id: token.id });
      assert.equal(await touchToken(stand.db, secret, new Date()), null);
      assert.deepEqual(await dana.me.tokens(), []);
    });

    it("have a name each, which is free again once its token has ended", async () => {
      const dana = await stand.as("dana");
      const { token } = await dana.me.createToken({ name: "ci", days: 1 });
      await assert.rejects(dana.me.createToken({ name: "ci", days: 1 }), /a token named ci already/);
      await dana.me.revokeToken({ id: token.id });
      await dana.me.createToken({ name: "ci", days: 1 });
      for (const days of [0, 366, 1.5]) await assert.rejects(dana.me.createToken({ name: "x", days }));
    });

    it("have a name each, and are no more than one may have, also when they are made at once", async () => {
      const dana = await stand.as("dana");
      const before = (await dana.me.tokens()).length;
      const asked = [...Array.from({ length: 6 }, () => "twice"), ...Array.from({ length: 60 }, (_, i) => `many-${i}`)];
      const told = await Promise.all(
        asked.map((name) =>
          dana.me.createToken({ name, days: 1 }).then(
            () => "made",
            (error: unknown) => String(error),
          ),
        ),
      );
      assert.equal(told.slice(0, 6).filter((word) => word === "made").length, 1);
      for (const word of told.slice(0, 6)) assert.match(word, /^made$|There is a token named twice already|There are 50 tokens/);
      assert.equal(told.filter((word) => word === "made").length, 50 - before);
      for (const { id, name } of await dana.me.tokens()) if (/^twice|^many-/.test(name)) await dana.me.revokeToken({ id });
    });

    it("cannot make others, nor be ended by others", async () => {
      const { createCaller } = await import("../api/root.ts");
      const { loadActor } = await import("./actor.ts");
      const { id: tokenId } = (await (await stand.as("dana")).me.createToken({ name: "maker", days: 1 })).token;
      const actor = await loadActor(stand.db, "udana", { sessionId: null, tokenId, ip: null });
      assert.equal(await loadActor(stand.db, "udana", { sessionId: null, tokenId: "knone", ip: null }), null);
      await assert.rejects(createCaller(stand.parts.context(actor, null)).me.createToken({ name: "y", days: 1 }), /cannot make another/);
      const { token } = await (await stand.as("dana")).me.createToken({ name: "mine", days: 1 });
      await assert.rejects((await stand.as("sam")).me.revokeToken({ id: token.id }), /no such token/);
    });

    it("are given for a password, and the session that it took is over", async () => {
      const anonymous = await stand.as(null);
      const asked = { username: "tina", password: stand.password("tina"), name: "kindling on laptop", days: 30 };
      const first = await anonymous.auth.token(asked);
      await assert.rejects(anonymous.auth.token(asked), /There is a token named kindling on laptop already/);
      assert.equal((await touchToken(stand.db, first.secret, new Date()))?.userId, "utina", "it goes on counting");
      const second = await anonymous.auth.token({ ...asked, replace: true });
      assert.equal(await stand.db.audit.count({ where: { action: "token.revoke", resource: `token:${first.token.id}` } }), 1);
      assert.equal(await touchToken(stand.db, first.secret, new Date()), null);
      assert.equal((await touchToken(stand.db, second.secret, new Date()))?.userId, "utina");
      assert.equal(await stand.db.session.count({ where: { userId: "utina", revokedAt: null } }), 0);
      await assert.rejects(anonymous.auth.token({ ...asked, password: "wrong" }), /user name or the password is wrong/);
      await assert.rejects(anonymous.auth.token({ ...asked, password: "" }), /Enter your password/);
    });
  });
});
