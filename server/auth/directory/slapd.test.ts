import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkDirectory } from "./check.ts";
import { createDirectory } from "./directory.ts";
import { firstName } from "./names.ts";
import { base, group, person, type Slapd, startSlapd } from "./testing/slapd.ts";

const ldif = [
  person("ann", "right horse").replace("cn: ann", "cn: Ann Example"),
  person("bob", "battery"),
  person("twin", "one"),
  person("twin", "two").replace("ou=people", "ou=guests"),
  // A person with two names, and one who was given a name that means something in a distinguished name.
  person("eve", "twice").replace("uid: eve\n", "uid: evelyn\nuid: eve\n"),
  person("o\\+x", "plus").replace("uid: o\\+x", "uid: o+x"),
  group("staff", "uid=ann,ou=people"),
  group("level2", "cn=staff,ou=groups"),
  group("level3", "cn=level2,ou=groups"),
  group("level4", "cn=level3,ou=groups"),
  group("everybody", "cn=level4,ou=groups", "cn=loop,ou=groups"),
  // Groups that hold each other exist in every grown directory.
  group("loop", "cn=everybody,ou=groups"),
  `dn: cn=posix,ou=groups,${base}\nobjectClass: posixGroup\ncn: posix\ngidNumber: 4000\nmemberUid: bob\n`,
].join("\n");

// A directory as companies have it: OpenLDAP's own server, with LDAPS and StartTLS under a certificate authority of its own.
describe("sign-in against OpenLDAP", () => {
  let slapd: Slapd;
  before(async () => {
    slapd = await startSlapd(ldif);
  });
  after(() => slapd.remove());
  const sign = (name: string, password: string, change = {}) => createDirectory({ ...slapd.plain, ...change }).authenticate(name, password);

  it("knows a person with groups that are nested five deep and go in circles", async () => {
    const ann = await sign("ann", "right horse");
    assert.deepEqual([ann?.displayName, ann?.email, ann?.dn], ["Ann Example", "ann@example.com", `uid=ann,ou=people,${base}`]);
    assert.deepEqual(ann?.groups.map(firstName), ["everybody", "level2", "level3", "level4", "loop", "staff"]);
    assert.deepEqual((await sign("bob", "battery"))?.groups.map(firstName), ["posix"]);
    assert.deepEqual((await sign("ann", "right horse", { nested: "none" }))?.groups.map(firstName), ["staff"]);
  });

  it("walks where a server was said to have the in-chain rule and has it not", async () => {
    assert.equal((await sign("ann", "right horse", { nested: "chain" }))?.groups.length, 6);
  });

  it("answers the same for a wrong password and an unknown name", async () => {
    assert.equal(await sign("ann", "wrong"), null);
    assert.equal(await sign("nobody", "wrong"), null);
  });

  it("lets a name in that means two people as little as none", async () => {
    for (const password of ["one", "two"]) assert.equal(await sign("twin", password), null);
  });

  it("is one account whichever of their names a person types", async () => {
    assert.equal((await sign("evelyn", "twice"))?.username, "eve");
    assert.equal((await sign("eve", "twice"))?.username, "eve");
    assert.equal((await sign("ann@example.com", "right horse", { loginAttributes: ["uid", "mail"] }))?.username, "ann");
  });

  it("accepts no empty password and none with a NUL in it, whoever is asked", async () => {
    const direct = { bind: "direct", userDn: `uid={username},ou=people,${base}` };
    for (const password of ["", "\0", "right horse\0", "right horse\0anything", "\0right horse"])
      for (const change of [{}, direct]) {
        assert.equal(await sign("ann", password, change), null, JSON.stringify(password));
        assert.equal(await sign("", password, change), null);
      }
  });

  it("keeps to the filters and bases that were set", async () => {
    const level3 = `cn=level3,ou=groups,${base}`;
    assert.ok(await sign("ann", "right horse", { personFilter: "(mail=ann@*)" }));
    assert.equal(await sign("bob", "battery", { personFilter: "(mail=ann@*)" }), null);
    assert.equal(await sign("ann", "right horse", { base: `ou=guests,${base}` }), null);
    assert.deepEqual(
      (await sign("ann", "right horse", { base: `ou=people,${base}`, groupBase: `ou=groups,${base}`, groupFilter: "(!(cn=level3))" }))
        ?.groups,
      [`cn=level2,ou=groups,${base}`, `cn=staff,ou=groups,${base}`],
    );
    assert.ok((await sign("ann", "right horse"))?.groups.includes(level3));
  });

  it("lets people bind themselves: by a distinguished name, which is escaped, and nobody else's", async () => {
    const direct = { bind: "direct", userDn: `uid={username},ou=people,${base}`, bindDn: null, bindPassword: undefined };
    assert.equal((await sign("ann", "right horse", direct))?.groups.length, 6);
    assert.equal((await sign("o+x", "plus", direct))?.username, "o+x");
    assert.equal(await sign("ann", "battery", direct), null);
    for (const name of ["ann,ou=people", "ann+uid=ann", "bob,ou=people,dc=example,dc=com"])
      assert.equal(await sign(name, "battery", direct), null);
    // The name of an entry is that entry, also where another one has the same value.
    assert.equal((await sign("twin", "two", { ...direct, userDn: `uid={username},ou=guests,${base}` }))?.dn, `uid=twin,ou=guests,${base}`);
    await assert.rejects(createDirectory({ ...slapd.plain, ...direct, bind: "direct" }).look(["ann"]));
  });

  it("speaks LDAPS under the site's own certificate authority, and to no other", async () => {
    assert.ok(await createDirectory(slapd.ldaps).authenticate("ann", "right horse"));
    await assert.rejects(createDirectory({ ...slapd.ldaps, ca: undefined }).authenticate("ann", "right horse"), /does not answer/);
  });

  it("refuses a certificate that is for another name", async () => {
    const config = { ...slapd.ldaps, servers: [`ldaps://127.0.0.1:${slapd.tlsPort}`] };
    await assert.rejects(createDirectory(config).authenticate("ann", "right horse"), /does not answer/);
    const { steps } = await checkDirectory(config, {}, () => new Date());
    assert.match(steps.find(({ id }) => id === "tls")?.detail ?? "", /for another name/);
  });

  it("upgrades a plain connection by StartTLS, or sends no password at all", async () => {
    assert.ok(await createDirectory(slapd.startTls).authenticate("ann", "right horse"));
    await assert.rejects(createDirectory({ ...slapd.startTls, ca: undefined }).authenticate("ann", "right horse"), /does not answer/);
  });

  it("says that the directory does not answer when the searching account is wrong", async () => {
    await assert.rejects(sign("ann", "right horse", { bindPassword: "old" }), /does not answer/);
    await assert.rejects(sign("ann", "right horse", { bindPassword: undefined }), /does not answer/);
  });

  it("reads people again without their passwords, and says who is gone", async () => {
    const found = await createDirectory(slapd.plain).look(["ann", "bob", "twin", "nobody"]);
    assert.deepEqual(
      ["ann", "bob", "twin", "nobody"].map((name) => found.get(name)?.state),
      ["here", "here", "missing", "missing"],
    );
    const ann = found.get("ann");
    assert.ok(ann?.state === "here" && ann.user.groups.length === 6);
  });

  it("believes nobody's absence of a directory that shows nobody at all", async () => {
    await assert.rejects(createDirectory({ ...slapd.plain, base: `ou=services,${base}` }).look(["ann"]), /shows nobody below its base/);
  });

  it("offers groups to choose from", async () => {
    assert.deepEqual((await createDirectory(slapd.plain).groups("level")).map(firstName).sort(), ["level2", "level3", "level4"]);
    assert.equal((await createDirectory(slapd.plain).groups(")(cn=*")).length, 0);
  });

  it("tells each step of a test, and in plain words which one failed", async () => {
    const now = () => new Date();
    const steps = async (change: object, who = {}) => {
      const { steps } = await checkDirectory({ ...slapd.ldaps, ...change }, who, now);
      return steps.map(({ id, outcome }) => `${id} ${outcome}`);
    };
    assert.deepEqual(await steps({}, { username: "ANN", password: "right horse" }), [
      ...["connect ok", "tls ok", "bind ok", "base ok", "person ok", "password ok", "groups ok"],
    ]);
    assert.deepEqual((await steps({}, { username: "ann", password: "wrong" })).slice(-2), ["password failed", "groups ok"]);
    assert.deepEqual((await steps({}, { username: "nobody" })).at(-1), "person failed");
    assert.deepEqual(await steps({ ca: undefined }), ["connect ok", "tls failed"]);
    assert.deepEqual(await steps({ bindPassword: "old" }), ["connect ok", "tls ok", "bind failed"]);
    assert.deepEqual((await steps({ base: "dc=nowhere" })).at(-1), "person failed");
    assert.deepEqual(await steps({ servers: ["ldaps://localhost:1"] }), ["connect failed"]);
    const { steps: words } = await checkDirectory({ ...slapd.ldaps, servers: ["ldaps://localhost:1"] }, {}, now);
    assert.match(words[0]?.detail ?? "", /Nothing listens there/);
    const { steps: ca } = await checkDirectory({ ...slapd.ldaps, ca: undefined }, {}, now);
    assert.match(ca[1]?.detail ?? "", /authority that is not trusted here/);
  });
});
