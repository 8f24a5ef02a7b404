import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { createCaller } from "../api/root.ts";
import { createDb, poolConfig } from "../db.ts";
import { newId } from "../ids.ts";
import { localAdminStatus, switchOff, switchOn } from "../platform/local-admin.ts";
import { roles } from "../platform/roles.ts";
import { asRole } from "../platform/testing/as-role.ts";
import { type Stand, startStand } from "../portal/testing/stand.ts";
import { loadActor } from "./actor.ts";
import { hashPassword, localName, verifyPassword } from "./local-admin.ts";
import { createRateLimit } from "./rate-limit.ts";
import { touchSession } from "./sessions.ts";
import { signIn } from "./sign-in.ts";

const cheap = { N: 16, r: 8, p: 1 };

describe("a local administrator's password", () => {
  it("is kept as scrypt with a salt of its own, and dear to try", async () => {
    const [one, two] = [await hashPassword("secret", cheap), await hashPassword("secret", cheap)];
    assert.notEqual(one, two);
    assert.ok(!one.includes("secret"));
    assert.ok((await verifyPassword("secret", one)) && !(await verifyPassword("Secret", one)) && !(await verifyPassword("", one)));
    assert.match(await hashPassword("x"), /^scrypt\$65536\$8\$2\$/);
  });
  it("is nobody's when what is stored makes no sense", async () => {
    for (const stored of ["", "secret", "scrypt$16$8$1$$", "scrypt$99999999999$8$1$YQ$YQ", "scrypt$16$8$1$YQ$", "md5$16$8$1$YQ$YQ"])
      assert.equal(await verifyPassword("", stored), false, stored);
  });
});

describe("the local administrator", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  const sign = (password: string, ip = "192.0.2.1") =>
    stand.parts.context(null, ip).signIn({ username: localName, password, ip, userAgent: null });
  const on = (minutes = 10) => switchOn(stand.db, { who: "root on box", minutes, now: new Date() });
  const last = (action: string) => stand.db.audit.findFirst({ where: { action }, orderBy: { id: "desc" } });

  it("is off, and then a name like any other", async () => {
    assert.equal(await localAdminStatus(stand.db, new Date()), null);
    await assert.rejects(sign("anything"), { message: "The user name or the password is wrong." });
    assert.equal((await (await stand.as("dana")).me.get()).localAdminUntil, null);
  });

  it("is a site administrator while it is on, also when no directory answers; audited, and said to everybody", async () => {
    const { password, until } = await on();
    assert.match(password, /^([a-z2-9]{6}-){3}[a-z2-9]{6}$/);
    assert.ok(!JSON.stringify([await stand.db.localAdmin.findMany(), (await last("local-admin.on"))?.detail]).includes(password));
    assert.deepEqual([(await last("local-admin.on"))?.actorName, (await last("local-admin.on"))?.outcome], ["root on box", "done"]);
    await stand.parts.demo?.stop();
    await assert.rejects(sign("wrong"), { message: "The user name or the password is wrong." });
    assert.equal((await last("session.open"))?.outcome, "refused");
    const { userId, sessionId } = await sign(password);
    const actor = await loadActor(stand.db, userId, { sessionId, tokenId: null, ip: null });
    const api = createCaller(stand.parts.context(actor, null));
    assert.ok((await api.site.overview()).hosts.length > 0);
    const row = await last("session.open");
    assert.deepEqual(
      [row?.actorName, row?.ip, row?.detail],
      ["Local administrator", "192.0.2.1", { what: "with the local administrator's password" }],
    );
    assert.equal((await (await stand.as("dana")).me.get()).localAdminUntil, until.toISOString());
    // No longer than it is on itself, and no token that would count the next time.
    assert.equal((await stand.db.session.findUniqueOrThrow({ where: { id: sessionId } })).expiresAt.getTime(), until.getTime());
    await assert.rejects(api.me.createToken({ name: "x", days: 1 }), /has no tokens/);
    // It is in no directory, and not barred for that.
    await stand.parts.reread.round();
    assert.ok(await loadActor(stand.db, userId, { sessionId, tokenId: null, ip: null }));
  });

  it("loses everything at once when it is switched off, and does not come back with the old password", async () => {
    const { password } = await on();
    const { userId, sessionId } = await sign(password);
    assert.deepEqual(await switchOff(stand.db, { who: "root on box", now: new Date() }), { was: true, sessions: 1 });
    assert.equal(await touchSession(stand.db, sessionId, new Date()), null);
    assert.equal(await loadActor(stand.db, userId, { sessionId, tokenId: null, ip: null }), null);
    assert.equal((await last("local-admin.off"))?.actorName, "root on box");
    assert.deepEqual(await switchOff(stand.db, { who: "root on box", now: new Date() }), { was: false, sessions: 0 });
    await on();
    await assert.rejects(sign(password, "192.0.2.2"), { message: "The user name or the password is wrong." });
  });

  it("does not open with a password that is replaced or taken away while it is compared", async () => {
    for (const change of [on, () => switchOff(stand.db, { who: "root on box", now: new Date() })]) {
      const { password } = await on();
      // Everything up to the session has been looked at when the host has its say.
      const db = new Proxy(stand.db, {
        get(target, name, receiver) {
          if (name !== "$transaction") return Reflect.get(target, name, receiver);
          return async (work: Parameters<typeof target.$transaction>[0]) => {
            await change();
            return target.$transaction(work);
          };
        },
      });
      const sessions = () => stand.db.session.count({ where: { user: { username: "local/admin" }, revokedAt: null } });
      const before = await sessions();
      const deps = {
        db,
        directory: { authenticate: async () => null },
        limit: createRateLimit({ now: Date.now }),
        newId,
        now: () => new Date(),
      };
      await assert.rejects(signIn(deps, { username: localName, password, ip: "192.0.2.9", userAgent: null }), {
        message: "The user name or the password is wrong.",
      });
      assert.ok((await sessions()) <= before);
      const row = await last("session.open");
      assert.deepEqual([row?.outcome, row?.detail], ["refused", { what: "the password was replaced or taken away meanwhile" }]);
    }
  });

  it("is over when its time is, whoever forgot to switch it off", async () => {
    const { password } = await on();
    const { userId, sessionId } = await sign(password, "192.0.2.3");
    await stand.db.localAdmin.updateMany({ data: { expiresAt: new Date(Date.now() - 1000) } });
    assert.equal(await loadActor(stand.db, userId, { sessionId, tokenId: null, ip: null }), null);
    assert.equal(await localAdminStatus(stand.db, new Date()), null);
  });

  it("can be switched on by no part of the platform", async () => {
    for (const role of Object.values(roles)) {
      const client = new pg.Client(poolConfig(await asRole(stand.env.DATABASE_URL ?? "", role)));
      await client.connect();
      for (const sql of [
        `INSERT INTO "LocalAdmin" (id, hash, "expiresAt", "enabledBy") VALUES ('site', 'x', now(), 'eve')`,
        `UPDATE "LocalAdmin" SET "expiresAt" = now() + interval '1 day'`,
      ])
        await assert.rejects(client.query(sql), { code: "42501" }, `${role}: ${sql}`);
      if (role !== roles.portal) await assert.rejects(client.query(`SELECT hash FROM "LocalAdmin"`), { code: "42501" });
      await client.end();
    }
  });

  it("is known to the gateway as long as it is on, which does not see its hash", async () => {
    const { password } = await on();
    const { userId, sessionId } = await sign(password, "192.0.2.4");
    const gateway = createDb(await asRole(stand.env.DATABASE_URL ?? "", roles.gateway), 2);
    try {
      const look = () => loadActor(gateway, userId, { sessionId, tokenId: null, ip: null });
      assert.equal((await look())?.siteAdmin, true);
      await switchOff(stand.db, { who: "root on box", now: new Date() });
      assert.equal(await look(), null);
    } finally {
      await gateway.$disconnect();
    }
  });

  it("is behind the same limit of attempts as everybody", async () => {
    const { password } = await on();
    // However slow this machine is: the wait doubles, and soon is longer than an attempt takes.
    let said = "";
    for (let i = 0; !said.startsWith("Too many") && i < 20; i += 1)
      said = await sign("wrong", "198.51.100.9").then(String, (error: unknown) => (error instanceof Error ? error.message : ""));
    assert.match(said, /^Too many wrong attempts/);
    assert.ok(await sign(password, "198.51.100.10"), "and nobody is locked out from elsewhere");
  });
});
