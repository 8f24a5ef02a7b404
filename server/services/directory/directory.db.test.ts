import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { base, group, person, type Slapd, searchDn, searchPassword, startSlapd } from "../../auth/directory/testing/slapd.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";

const admins = `cn=admins,ou=groups,${base}`;

describe("setting the directory", () => {
  let slapd: Slapd;
  let stand: Stand;
  before(async () => {
    slapd = await startSlapd(
      [person("sam", "x"), person("ann", "y"), group("admins", "uid=sam,ou=people"), group("hidden", "uid=ann,ou=people")].join("\n"),
    );
    stand = await startStand();
  });
  after(async () => {
    await stand.stop();
    await slapd.remove();
  });
  const wanted = () => ({ servers: slapd.ldaps.servers, ca: slapd.ca, base, bindDn: searchDn, bindPassword: searchPassword });
  const stored = () => stand.db.directorySettings.count();

  it("begins with the demo directory, of whose inside nothing is shown", async () => {
    const view = await (await stand.as("sam")).directory.show();
    assert.deepEqual([view.source, view.settings, view.hasPassword, view.status.servers], ["demo", null, false, []]);
  });

  it("saves nothing with which its author would be locked out", async () => {
    const sam = await stand.as("sam");
    await assert.rejects(sam.directory.set(wanted()), /Nothing was saved: with these settings sam would not be a site administrator/);
    await assert.rejects(
      sam.directory.set({ ...wanted(), bindPassword: "old" }),
      /Nothing was saved: sam could not sign in .* name or its password is wrong/,
    );
    await assert.rejects(sam.directory.set({ ...wanted(), ca: "" }), /authority that is not trusted here/);
    assert.equal(await stored(), 0);
    await sam.directory.addMapping({ group: admins.toUpperCase().replace(/,/g, ", "), role: "site-admin", tenant: null, anyway: true });
    await assert.rejects(sam.directory.set({ ...wanted(), admin: "ann" }), /ann would not be a site administrator/);
    assert.equal((await sam.directory.set(wanted())).source, "stored");
  });

  it("refuses what makes no sense, at its field", async () => {
    const sam = await stand.as("sam");
    for (const [change, words] of [
      [{ servers: ["http://x"] }, /Write ldaps:\/\/server/],
      [{ servers: [] }, /at least one server/],
      [{ servers: ["ldap://dc1.example.com"], startTls: false, bindPassword: "x" }, /in the clear/],
      [{ personFilter: "(uid=*" }, /A filter stands in parentheses/],
      [{ personFilter: "(&(uid=*)" }, /That is no filter/],
      [{ bind: "direct" as const }, /which name people bind with/],
      [{ bindDn: "" }, /Name the account that searches/],
      [{ base: "nowhere" }, /distinguished name/],
      [{ graceMinutes: 100_000 }, /Between 5 minutes and 1 day/],
      [{ ca: "not a certificate" }, /Paste certificates as PEM/],
    ] as const)
      await assert.rejects(
        sam.directory.set({ ...change, servers: change.servers ? [...change.servers] : undefined, anyway: true }),
        words,
      );
  });

  it("never sends the kept password to another server without being told it again", async () => {
    const sam = await stand.as("sam");
    for (const change of [{ servers: ["ldaps://thief.example.com"] }, { ca: `${slapd.ca}\n${slapd.ca}` }, { bindDn: "cn=other" }]) {
      await assert.rejects(sam.directory.set({ ...change, anyway: true }), /Give the account's password again/);
      await assert.rejects(sam.directory.test({ change }), /Give the account's password again/);
    }
    assert.equal((await sam.directory.set({ timeoutSeconds: 7 })).settings?.timeoutSeconds, 7);
  });

  it("tells each step of a test with the roles that come out, for settings that are not saved too", async () => {
    const sam = await stand.as("sam");
    const saved = await sam.directory.test({ username: "sam", password: "x" });
    assert.equal(saved.ok, true);
    assert.deepEqual(
      saved.roles.map(({ role, groups }) => [role, groups]),
      [["site-admin", [admins]]],
    );
    assert.equal(saved.steps.at(-1)?.detail, "site administrator");
    const tried = await sam.directory.test({ change: { base: `ou=services,${base}` }, username: "sam" });
    assert.equal(tried.ok, false);
    assert.match(tried.steps.at(-1)?.detail ?? "", /Nobody is found below/);
    assert.equal((await sam.directory.show()).settings?.base, base);
  });

  it("maps no more groups to one tenant than can be looked at for everybody twice a minute", async () => {
    const sam = await stand.as("sam");
    const tenantId = stand.tenantId("research");
    const had = await stand.db.groupMapping.count({ where: { tenantId } });
    const rows = Array.from({ length: 200 - had }, (_, n) => ({ id: `mmany${n}`, group: `cn=many-${n}`, role: "member", tenantId }));
    await stand.db.groupMapping.createMany({ data: rows });
    const more = { group: `cn=more,${base}`, role: "member" as const, anyway: true };
    await assert.rejects(sam.directory.addMapping({ ...more, tenant: "research" }), /200 mappings, the most there may be\. Take one away/);
    const { id } = await sam.directory.addMapping({ ...more, tenant: "analytics" });
    await sam.directory.removeMapping({ id });
    await stand.db.groupMapping.deleteMany({ where: { id: { startsWith: "mmany" } } });
  });

  it("maps no group that the directory does not have, unless somebody says so, and names those that are left of another directory", async () => {
    const sam = await stand.as("sam");
    const nothing = { group: `cn=nothing,ou=groups,${base}`, role: "member" as const, tenant: "research" };
    await assert.rejects(sam.directory.addMapping(nothing), (error: unknown) => {
      assert.match(String(error), /The directory has no group cn=nothing,ou=groups,.* Look its name up, or map it anyway/);
      return true;
    });
    await assert.rejects(sam.directory.addMapping({ ...nothing, group: "no=such,thing" }), /The directory has no group/);
    const made = await sam.directory.addMapping({ ...nothing, anyway: true });
    const there = await sam.directory.addMapping({ group: admins, role: "member", tenant: "research" });
    assert.deepEqual([made.found, there.found], [false, true]);
    const { asked, mappings } = await sam.directory.missing();
    const names = mappings.map(({ group }) => group);
    // The demo directory's own, too: this is another one.
    assert.deepEqual([asked, names.includes(made.group), names.includes(admins)], [true, true, false]);
    assert.ok(
      names.some((name) => name.endsWith("dc=kindling,dc=demo")),
      names.join(" "),
    );
    for (const { id } of [made, there]) await sam.directory.removeMapping({ id });
  });

  it("removes at once what somebody was shown as missing, and nothing else", async () => {
    const sam = await stand.as("sam");
    const map = (group: string) => sam.directory.addMapping({ group, role: "member", tenant: "research", anyway: true });
    const made = [await map(`cn=one,${base}`), await map(`cn=two,${base}`), await map(`cn=three,${base}`)];
    const there = await map(admins);
    const [one, two, three] = made.map(({ id }) => id);
    const before = (await sam.directory.mappings()).map(({ id }) => id);
    const { removed, stay } = await sam.directory.removeMissing({ ids: [one ?? "", two ?? "", there.id, "mnobody"] });
    assert.deepEqual([removed.map(({ id }) => id).sort(), stay], [[one, two].sort(), []]);
    assert.deepEqual(
      (await sam.directory.mappings()).map(({ id }) => id),
      before.filter((id) => id !== one && id !== two),
    );
    const rows = await stand.db.audit.findMany({
      where: { action: "mapping.remove", resource: { in: made.map(({ id }) => `mapping:${id}`) } },
    });
    assert.deepEqual(
      rows.map(({ resource, actorName, outcome }) => [resource, actorName, outcome]).sort(),
      [
        [`mapping:${one}`, "sam", "done"],
        [`mapping:${two}`, "sam", "done"],
      ].sort(),
    );
    for (const id of [three ?? "", there.id]) await sam.directory.removeMapping({ id });
  });

  it("tells a tenant's administrators of no entry but groups that they may choose from, and maps nobody's entry as a group", async () => {
    const sam = await stand.as("sam");
    const tina = await stand.as("tina");
    await sam.directory.set({ groupFilter: "(!(cn=hidden))" });
    const role = "member" as const;
    const hidden = `cn=hidden,ou=groups,${base}`;
    const said = (group: string) => tina.tenants.addMapping({ tenant: "analytics", group, role }).then(() => "mapped", String);
    for (const there of [hidden, `uid=ann,ou=people,${base}`, searchDn, base])
      assert.equal((await said(there)).replace(there, "X"), (await said(`cn=none,${base}`)).replace(`cn=none,${base}`, "X"), there);
    const forced = await tina.tenants.addMapping({ tenant: "analytics", group: hidden, role, anyway: true });
    assert.equal(forced.found, false);
    await tina.tenants.removeMapping({ tenant: "analytics", id: forced.id });
    await assert.rejects(sam.directory.addMapping({ group: `uid=ann,ou=people,${base}`, role, tenant: "research" }), /has no group/);
    await sam.directory.set({ groupFilter: null });
    const listed = await tina.tenants.addMapping({ tenant: "analytics", group: hidden, role });
    assert.equal(listed.found, true);
    await tina.tenants.removeMapping({ tenant: "analytics", id: listed.id });
  });

  it("takes no name with signs that a terminal would obey, however they are written", async () => {
    const tina = await stand.as("tina");
    for (const value of ["\\1b]0;x", "\u001b[2J", "\\c2\\9b2J", "\\e2\\80\\aex"])
      await assert.rejects(
        tina.tenants.addMapping({ tenant: "analytics", group: `cn=${value},${base}`, role: "member", anyway: true }),
        /characters that cannot be shown/,
        value,
      );
  });

  it("keeps the last group with site administrators that the directory has, whatever else is mapped by request", async () => {
    const sam = await stand.as("sam");
    const made = await sam.directory.addMapping({ group: `cn=to-come,${base}`, role: "site-admin", tenant: null, anyway: true });
    const own = (await sam.directory.mappings()).find(({ group, role }) => group === admins && role === "site-admin");
    await assert.rejects(sam.directory.removeMapping({ id: own?.id ?? "" }), /the last group whose members are site administrators/);
    await sam.directory.removeMapping({ id: made.id });
  });

  it("maps groups, says what each gave before and after, and keeps the last one that makes site administrators", async () => {
    const sam = await stand.as("sam");
    const made = await sam.directory.addMapping({ group: `cn=Staff,ou=groups,${base}`, role: "member", tenant: "research", anyway: true });
    await assert.rejects(
      sam.directory.addMapping({ group: `CN=staff, OU=groups,${base}`, role: "member", tenant: "research", anyway: true }),
      /has that role already/,
    );
    await assert.rejects(sam.directory.addMapping({ group: admins, role: "member", tenant: null }), /Say in which tenant/);
    await assert.rejects(sam.directory.addMapping({ group: admins, role: "member", tenant: "nowhere" }), /no tenant nowhere/);
    await sam.directory.removeMapping({ id: made.id });
    const rows = await stand.db.audit.findMany({ where: { resource: `mapping:${made.id}` }, orderBy: { id: "asc" } });
    assert.deepEqual(
      rows.map(({ action, actorName, detail }) => [
        action,
        actorName,
        Reflect.get(Object(detail), "before"),
        Reflect.get(Object(detail), "after"),
      ]),
      [
        ["mapping.add", "sam", "nothing", "member of research"],
        ["mapping.remove", "sam", "member of research", "nothing"],
      ],
    );
    const siteAdmins = (await sam.directory.mappings()).filter(({ role }) => role === "site-admin");
    for (const { id } of siteAdmins.slice(1)) await sam.directory.removeMapping({ id });
    await assert.rejects(sam.directory.removeMapping({ id: siteAdmins[0]?.id ?? "" }), /the last group/);
  });

  it("goes back to the demo directory", async () => {
    const sam = await stand.as("sam");
    assert.equal((await sam.directory.reset()).source, "demo");
    assert.ok((await sam.directory.missing()).mappings.every(({ group }) => !group.endsWith("dc=kindling,dc=demo")));
    await assert.rejects(sam.directory.reset(), /Nothing is stored/);
  });
});

describe("a directory that the environment sets", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand({
      KINDLING_LDAP_URL: "ldaps://dc1.example.com,ldaps://dc2.example.com",
      KINDLING_LDAP_BASE: "dc=example,dc=com",
    });
  });
  after(() => stand.stop());

  it("decides over the page, which says so", async () => {
    // Without the demo directory there are no tenants, but the people of the stand.
    const sam = await stand.as("sam");
    const view = await sam.directory.show();
    assert.deepEqual(
      [view.source, view.settings?.servers, view.settings?.bind],
      ["environment", ["ldaps://dc1.example.com", "ldaps://dc2.example.com"], "anonymous"],
    );
    assert.deepEqual(view.fixed, { servers: "KINDLING_LDAP_URL", base: "KINDLING_LDAP_BASE" });
    await assert.rejects(sam.directory.set({ servers: ["ldaps://other"], anyway: true }), /environment sets this by KINDLING_LDAP_URL/);
    assert.equal((await sam.directory.set({ timeoutSeconds: 3, anyway: true })).settings?.timeoutSeconds, 3);
  });
});
