import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, beforeEach, describe, it } from "node:test";
import { WebSocket } from "ws";
import { checkAccess } from "../gateway/access.ts";
import { type Stand, startStand } from "../portal/testing/stand.ts";
import { hashSecret } from "../secrets.ts";
import { account, base, disabled, group, type Slapd, searchDn, searchPassword, startSlapd } from "./directory/testing/slapd.ts";
import { touchSession } from "./sessions.ts";

const dn = (uid: string): string => `uid=${uid},ou=people,${base}`;
const groupDn = (cn: string): string => `cn=${cn},ou=groups,${base}`;

describe("people who are signed in follow the directory", () => {
  let slapd: Slapd;
  let stand: Stand;
  before(async () => {
    slapd = await startSlapd(
      [
        ...["dana", "rhea", "tina", "sam", "mia"].map((uid) => account(uid)),
        group("engineers", "uid=dana,ou=people"),
        group("science", "cn=engineers,ou=groups", "uid=rhea,ou=people", "uid=mia,ou=people"),
        group("leads", "uid=tina,ou=people"),
        group("admins", "uid=sam,ou=people"),
      ].join("\n"),
    );
    stand = await startStand();
    const sam = await stand.as("sam");
    for (const [group, role, tenant] of [
      ["science", "member", "analytics"],
      ["leads", "admin", "analytics"],
      ["admins", "site-admin", null],
    ] as const)
      await sam.directory.addMapping({ group: groupDn(group), role, tenant, anyway: true });
    await sam.directory.set({
      servers: slapd.startTls.servers,
      ca: slapd.ca,
      base,
      bindDn: searchDn,
      bindPassword: searchPassword,
    });
  });
  after(async () => {
    await stand.stop();
    await slapd.remove();
  });
  beforeEach(() => stand.db.user.updateMany({ data: { barredAt: null, barredFor: null, confirmedAt: new Date() } }));

  const round = async () => {
    await stand.parts.reread.round();
    return stand.parts.reread.status();
  };
  const sign = (name: string) =>
    stand.parts.context(null, null).signIn({ username: name, password: `pass-${name}`, ip: null, userAgent: null });
  const who = async (secret: string) => (await stand.parts.authenticate({ authorization: `Bearer ${secret}` }, null))?.username ?? null;

  it("signs people in by the directory that was set, whose password nobody is ever shown", async () => {
    const { userId } = await sign("dana");
    assert.deepEqual(
      (await stand.db.membership.findMany({ where: { userId } })).map(({ role }) => role),
      ["member"],
    );
    await assert.rejects(
      stand.parts.context(null, null).signIn({ username: "dana", password: stand.password("dana"), ip: null, userAgent: null }),
      /name or the password is wrong/,
    );
    const sam = await stand.as("sam");
    const shown = JSON.stringify([
      await sam.directory.show(),
      await stand.db.directorySettings.findMany(),
      await stand.db.audit.findMany().then((rows) => rows.map(({ detail }) => detail)),
    ]);
    assert.ok(!shown.includes(searchPassword));
    assert.equal((await sam.directory.show()).hasPassword, true);
  });

  it("ends pages, sockets, tokens and services of a person who is disabled, and says so in the audit trail", async () => {
    const { userId } = await sign("mia");
    await stand.db.user.update({ where: { id: userId }, data: { id: "umia" } });
    const { cookie, id } = await stand.session("mia");
    const secret = await stand.token("mia");
    const port = new URL(stand.url).port;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/ws`, {
      headers: { host: `localhost:${port}`, origin: `http://localhost:${port}`, cookie },
    });
    await once(socket, "open");
    const closed = once(socket, "close");
    const hash = hashSecret("a service's cookie");
    const later = new Date(Date.now() + 3600_000);
    await stand.db.gatewaySession.create({ data: { hash, sessionId: id, clusterId: "cnone", endpoint: "jupyter", expiresAt: later } });
    const host = { clusterId: "cnone", endpoint: "jupyter", origin: "http://x" } as Parameters<typeof checkAccess>[1];
    assert.equal((await checkAccess(stand.db, host, hash, new Date(), false)).kind, "not-found");
    assert.equal(await who(secret), "mia");
    assert.equal((await round()).state, "ok");
    assert.equal(await who(secret), "mia");

    await slapd.modify(disabled("mia"));
    await round();
    assert.equal((await closed)[0], 4401);
    assert.equal(await who(secret), null);
    assert.equal(await touchSession(stand.db, id, new Date()), null);
    assert.equal((await checkAccess(stand.db, host, hash, new Date(), false)).kind, "signed-out");
    const row = await stand.db.audit.findFirstOrThrow({ where: { action: "person.bar", resourceName: "mia" } });
    assert.deepEqual([row.actorName, Reflect.get(Object(row.detail), "what")], ["The directory", "disabled in the directory"]);
    assert.equal(row.tenantId, stand.tenantId("analytics"), "the tenant's administrators see it, too");
    await assert.rejects(sign("mia"), /name or the password is wrong/);
    await round();
    assert.equal(await stand.db.audit.count({ where: { action: "person.bar", resourceName: "mia" } }), 1);

    await slapd.modify(disabled("mia").replace("514", "512"));
    await sign("mia");
    assert.equal(await who(secret), "mia");
  });

  it("takes a role away that a group no longer gives, deep below it, and gives new ones, with before and after", async () => {
    await sign("dana");
    await slapd.modify(`dn: ${groupDn("engineers")}\nchangetype: modify\nreplace: member\nmember: ${dn("sam")}\n`);
    await round();
    assert.equal(await stand.db.membership.count({ where: { userId: "udana" } }), 0);
    await slapd.modify(`dn: ${groupDn("leads")}\nchangetype: modify\nadd: member\nmember: ${dn("dana")}\n`);
    await round();
    assert.deepEqual(
      (await stand.db.membership.findMany({ where: { userId: "udana" } })).map(({ role }) => role),
      ["admin"],
    );
    const rows = await stand.db.audit.findMany({ where: { action: "person.roles", resourceName: "dana" }, orderBy: { id: "asc" } });
    assert.deepEqual(
      rows.slice(-2).map(({ detail }) => detail),
      [
        { before: "member of analytics", after: "nothing" },
        { before: "nothing", after: "admin of analytics" },
      ],
    );
  });

  it("is not kept from anybody else by one person's entry, however odd", async () => {
    await sign("dana");
    await sign("tina");
    await slapd.modify(`dn: ${dn("dana")}\nchangetype: modify\nreplace: displayName\ndisplayName:: ${btoa("Dana\u0000\u0007x")}\n`);
    assert.equal((await round()).state, "ok");
    assert.equal((await stand.db.user.findUniqueOrThrow({ where: { id: "udana" } })).displayName, "Dana  x");

    // What the database refuses of one of them: everybody after them in the list is looked at all the same.
    await stand.db.user.updateMany({ data: { confirmedAt: new Date(Date.now() - 3600_000) } });
    await slapd.modify(`dn: ${dn("dana")}\nchangetype: modify\nreplace: displayName\ndisplayName: Dana Again\n`);
    await stand.db.$executeRaw`ALTER TABLE "User" ADD CONSTRAINT "odd" CHECK ("displayName" <> 'Dana Again')`;
    assert.equal((await round()).state, "ok");
    await stand.db.$executeRaw`ALTER TABLE "User" DROP CONSTRAINT "odd"`;
    const [dana, tina] = await Promise.all(["udana", "utina"].map((id) => stand.db.user.findUniqueOrThrow({ where: { id } })));
    assert.ok(tina && Date.now() - tina.confirmedAt.getTime() < 600_000, "confirmed");
    assert.ok(dana && Date.now() - dana.confirmedAt.getTime() > 600_000, "out when the grace is over, unless it is mended");
    assert.equal(dana.barredAt, null);
  });

  it("ends whoever is removed from the directory", async () => {
    await sign("rhea");
    await slapd.modify(`dn: ${dn("rhea")}\nchangetype: delete\n`);
    await round();
    const rhea = await stand.db.user.findUniqueOrThrow({ where: { username: "rhea" } });
    assert.equal(rhea.barredFor, "missing");
    assert.equal(await stand.db.session.count({ where: { userId: rhea.id, revokedAt: null } }), 0);
  });

  it("takes a name that was given to somebody else for somebody else, who gets nothing that the first one had", async () => {
    const { userId, sessionId } = await sign("dana");
    const secret = await stand.token("dana");
    assert.equal(await who(secret), "dana");
    const again = account("dana").replace("\n", "\nchangetype: add\n");
    await slapd.modify(`dn: ${dn("dana")}\nchangetype: delete\n\n${again}`);
    await round();
    assert.deepEqual([await who(secret), await touchSession(stand.db, sessionId, new Date())], [null, null]);
    const other = await sign("dana");
    assert.notEqual(other.userId, userId);
    const [first, second] = await Promise.all(
      [userId, other.userId].map((id) => stand.db.user.findUniqueOrThrow({ where: { id }, include: { memberships: true, tokens: true } })),
    );
    assert.deepEqual([first?.username, first?.barredFor, first?.memberships.length], [`dana~${userId}`, "replaced", 0]);
    assert.deepEqual([second?.username, second?.barredFor, second?.memberships.length, second?.tokens.length], ["dana", null, 1, 0]);
    await round();
    assert.equal(await who(secret), null, "not after the next reading either");
    assert.equal(await touchSession(stand.db, other.sessionId, new Date()), other.userId);
  });

  it("does not take a directory that was moved for other people", async () => {
    const { userId } = await sign("tina");
    await stand.db.user.update({
      where: { id: userId },
      data: { entry: "dc=old,dc=example entryUUID=00000000-0000-0000-0000-000000000001" },
    });
    assert.equal((await sign("tina")).userId, userId);
    const { entry } = await stand.db.user.findUniqueOrThrow({ where: { id: userId } });
    assert.match(entry ?? "", new RegExp(`^${base} entryUUID=[0-9a-f-]{36}$`));
  });

  it("throws nobody out while no server answers, until the grace is over; then all, and lets tokens count again once it answers", async () => {
    const { sessionId } = await sign("tina");
    const secret = await stand.token("tina");
    await slapd.stop();
    const failing = await round();
    assert.equal(failing.state, "failing");
    assert.match(failing.problem ?? "", /Nothing listens there/);
    assert.ok(failing.since && failing.endsAt);
    assert.equal(await touchSession(stand.db, sessionId, new Date()), "utina");
    await stand.db.user.update({ where: { id: "utina" }, data: { confirmedAt: new Date(Date.now() - 241 * 60_000) } });
    await round();
    assert.equal(await touchSession(stand.db, sessionId, new Date()), null);
    assert.equal(await who(secret), null);
    assert.equal((await stand.db.user.findUniqueOrThrow({ where: { id: "utina" } })).barredFor, "unconfirmed");
    await slapd.start();
    assert.equal((await round()).state, "ok");
    assert.equal(await who(secret), "tina");
    assert.equal(await touchSession(stand.db, sessionId, new Date()), null);
  });

  it("accepts none of 500 names and passwords that mean something to a filter, a name or a string", async () => {
    const pieces = [
      "*",
      "(",
      ")",
      "\\",
      "\0",
      "|",
      "&",
      "!",
      "=",
      ",",
      "+",
      "#",
      ";",
      "<",
      ">",
      '"',
      "'",
      " ",
      "dana",
      "uid",
      "cn=",
      "*)(uid=*",
      "))(|(uid=*",
      "\\2a",
      "%00",
      "\r\n",
      "\u202e",
      "'; --",
      "admin)(&)",
    ];
    const directory = await stand.parts.deps.directory.directory();
    let accepted = 0;
    for (let at = 0; at < 500; at += 1) {
      const text = [pieces[at % 29], pieces[(at * 7 + 3) % 29], pieces[(at * 13 + 5) % 29]].join("");
      const asName = at % 2 === 0;
      const [name, password] = asName ? [text, "pass-dana"] : ["dana", text];
      const viaPage = stand.parts.context(null, null).signIn({ username: name, password, ip: `192.0.2.${at % 250}`, userAgent: null });
      accepted += await viaPage.then(
        () => 1,
        () => 0,
      );
      // Without the check of shapes before it, too.
      accepted += (await directory.authenticate(name, password)) === null ? 0 : 1;
    }
    assert.equal(accepted, 0);
    assert.ok(await directory.authenticate("dana", "pass-dana"));
  });
});
