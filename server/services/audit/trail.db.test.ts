import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { after, before, describe, it } from "node:test";
import { z } from "zod";
import { type Stand, startStand } from "../../portal/testing/stand.ts";
import { tellRepeats } from "./refusal.ts";

const Line = z.looseObject({ id: z.number(), action: z.string(), position: z.number().optional(), hash: z.string().optional() });

describe("the audit trail", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand({ KINDLING_TRUSTED_PROXIES: "127.0.0.1,::1" });
    const dana = await stand.as("dana");
    const { id } = await dana.clusters.create({ tenant: "analytics", name: "flights" });
    await dana.clusters.stop({ tenant: "analytics", cluster: id });
    const odd = { actorName: "rhea", tenantId: stand.tenantId("research"), action: "cluster.create", resource: "cluster:c" };
    await stand.db.audit.create({ data: { ...odd, resourceName: "flights-50%" } });
    await (await stand.as("sam")).site.setSettings({ placement: "pack" });
  });
  after(() => stand.stop());

  const last = (action: string) => stand.db.audit.findFirstOrThrow({ where: { action }, orderBy: { id: "desc" } });
  /** As a proxy that is trusted passes it on. */
  const get = async (person: string, path: string, from = "198.51.100.7"): Promise<Response> =>
    fetch(`${stand.url}${path}`, { headers: { cookie: (await stand.session(person)).cookie, "x-forwarded-for": from } });

  it("says what was before and what is after", async () => {
    const { rows } = await (await stand.as("tina")).tenants.audit({ tenant: "analytics", action: "cluster.stop" });
    assert.deepEqual(rows[0]?.changes, [{ name: "wanted", before: "running", after: "stopped" }]);
    const site = await (await stand.as("sam")).site.audit({ action: "site.settings" });
    assert.deepEqual(site.rows[0]?.changes, [{ name: "placement", before: "spread", after: "pack" }]);
  });

  it("says from where, past trusted proxies only, and with what", async () => {
    const token = await stand.token("tina");
    const input = JSON.stringify({ json: { tenant: "analytics", person: "dana", limits: null } });
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "x-forwarded-for": "203.0.113.9, 198.51.100.7",
    };
    await fetch(`${stand.url}/api/trpc/tenants.setPersonLimits`, { method: "POST", headers, body: input });
    await fetch(`${stand.url}/api/trpc/siteTenants.suspend`, {
      method: "POST",
      headers,
      body: '{"json":{"tenant":"research","reason":"x"}}',
    });
    const row = await last("tenant.suspend");
    assert.deepEqual([row.outcome, row.ip, row.via?.startsWith("token:k")], ["refused", "198.51.100.7", true]);
    assert.match(
      (await get("sam", "/api/site/audit.csv")).headers.get("content-disposition") ?? "",
      /filename="kindling-audit-site-[\d-]+\.csv"/,
    );
    const exported = await last("audit.export");
    assert.deepEqual([exported.ip, exported.via?.startsWith("session:s")], ["198.51.100.7", true]);
  });

  it("has every refusal because of who asks: of strangers in a tenant, of members, at the site", async () => {
    const rhea = await stand.as("rhea");
    await assert.rejects(rhea.clusters.create({ tenant: "analytics", name: "mine" }));
    const stranger = await last("cluster.create");
    assert.deepEqual(
      [stranger.actorName, stranger.outcome, stranger.tenantId, stranger.resourceName],
      ["rhea", "refused", stand.tenantId("analytics"), "mine"],
    );
    await assert.rejects(rhea.siteTenants.create({ slug: "mine", name: "Mine", network: null }));
    const site = await last("tenant.create");
    assert.deepEqual(
      [site.actorName, site.outcome, site.tenantId, site.resource, site.resourceName],
      ["rhea", "refused", null, "tenant:mine", "Mine"],
    );
    await assert.rejects(rhea.site.setSettings({ placement: "pack" }));
    assert.deepEqual([(await last("site.settings")).resource, (await last("site.settings")).resourceName], ["site:settings", "the site"]);
    await assert.rejects(rhea.hosts.cordon({ host: "rack-1" }));
    assert.equal((await last("host.cordon")).resource, "host:rack-1");
    const dana = await stand.as("dana");
    await assert.rejects(dana.tenants.setPersonLimits({ tenant: "analytics", person: "dana", limits: null }));
    assert.deepEqual([(await last("tenant.limits")).outcome, (await last("tenant.limits")).actorName], ["refused", "dana"]);
    // Pages ask again by themselves: one entry says that somebody looks where they have no business.
    for (let n = 0; n < 3; n++) await assert.rejects(dana.tenants.people({ tenant: "analytics" }));
    await assert.rejects(dana.tenants.audit({ tenant: "analytics" }));
    assert.equal(await stand.db.audit.count({ where: { actorId: "udana", outcome: "refused", action: "tenant.look" } }), 1);
    await assert.rejects((await stand.as("sam")).siteTenants.create({ slug: "research", name: "Again", network: null }));
    assert.deepEqual([(await last("tenant.create")).outcome, (await last("tenant.create")).actorName], ["refused", "sam"]);
  });

  it("names the cluster and the tenant where a token is not good enough", async () => {
    const { id } = await stand.db.cluster.findFirstOrThrow({ where: { name: "flights" } });
    const token = await stand.token("dana", "read");
    const ask = (path: string, json: object) =>
      fetch(`${stand.url}/api/trpc/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ json }),
      });
    assert.equal((await ask("clusters.start", { tenant: "analytics", cluster: id })).status, 403);
    const row = await last("cluster.start");
    assert.deepEqual(
      [row.outcome, row.tenantId, row.resource, row.resourceName],
      ["refused", stand.tenantId("analytics"), `cluster:${id}`, "flights"],
    );
    assert.match(JSON.stringify(row.detail), /needs \\"use\\"/);
    // Where dana has no business, nothing is looked up.
    assert.equal((await ask("clusters.start", { tenant: "research", cluster: id })).status, 403);
    assert.deepEqual([(await last("cluster.start")).tenantId, (await last("cluster.start")).resourceName], [null, "research"]);
  });

  it("tells the same refusal of the same thing once, and then how often it came again", async () => {
    const rhea = await stand.as("rhea");
    const rows = () => stand.db.audit.findMany({ where: { actorId: "urhea", action: "tenant.suspend" }, orderBy: { id: "asc" } });
    for (let n = 0; n < 25; n += 1) await assert.rejects(rhea.siteTenants.suspend({ tenant: "research", reason: "x" }));
    assert.equal((await rows()).length, 1);
    // Another thing has a row of its own.
    await assert.rejects(rhea.siteTenants.suspend({ tenant: "analytics", reason: "x" }));
    assert.equal((await rows()).length, 2);
    await tellRepeats(stand.db, new Date(Date.now() + 61_000));
    const [, , counted, ...more] = await rows();
    assert.deepEqual([counted?.outcome, counted?.resourceName, more], ["refused", "research", []]);
    assert.deepEqual(counted?.detail, { what: "has no business there (24 times more within a minute)", times: 24 });
    // In a loop over ever other names: thirty rows, and one that counts the rest.
    for (let n = 0; n < 40; n += 1) await assert.rejects(rhea.siteTenants.suspend({ tenant: `t${n}`, reason: "x" }));
    assert.equal((await rows()).length, 3 + 30);
    await tellRepeats(stand.db, new Date(), true);
    const last_ = (await rows()).at(-1);
    assert.deepEqual(
      [(await rows()).length, last_?.detail],
      [34, { what: "has no business there (with other things that were refused, 10 times within a minute)", times: 10 }],
    );
  });

  it("refuses an action that there is not, with those that there are", async () => {
    const sam = await stand.as("sam");
    await assert.rejects(
      sam.site.audit({ action: "bogus" }),
      /There is no action bogus\. An action is of account, .*tenant, .* and volume: cluster for all/,
    );
    await assert.rejects(sam.site.audit({ action: "cluster.delte" }), /Of cluster there are cluster\.create, cluster\.delete, /);
    await assert.rejects((await stand.as("tina")).tenants.audit({ tenant: "analytics", action: "bogus.x" }), /There is no action bogus\.x/);
    assert.equal((await get("sam", "/api/site/audit.csv?action=bogus")).status, 400);
    assert.deepEqual((await sam.site.audit({ action: "volume.delete" })).rows, []);
    // Refused under a name that nothing done has: it is there, so it may be asked for.
    await stand.db.audit.create({ data: { actorName: "x", action: "odd.thing", resource: "x:y", outcome: "refused" } });
    assert.equal((await sam.site.audit({ action: "odd" })).rows.length, 1);
    await assert.rejects((await stand.as("tina")).tenants.audit({ tenant: "analytics", action: "odd.thing" }), /There is no action/);
  });

  it("is filtered by person, action, thing, tenant, result and time", async () => {
    const sam = await stand.as("sam");
    const found = async (filter: Parameters<typeof sam.site.audit>[0]) => (await sam.site.audit(filter)).rows;
    assert.ok((await found({ person: "DAN" })).every(({ actor }) => actor === "dana"));
    assert.ok((await found({ person: "dana" })).length >= 2);
    assert.ok((await found({ action: "cluster" })).every(({ action }) => action.startsWith("cluster.")));
    assert.deepEqual(
      (await found({ thing: "s-50%" })).map(({ resource }) => resource),
      ["flights-50%"],
    );
    assert.deepEqual(await found({ thing: "%" }).then((rows) => rows.map(({ resource }) => resource)), ["flights-50%"]);
    assert.deepEqual(await found({ thing: "_" }), []);
    assert.ok((await found({ tenant: "research" })).every(({ tenant }) => tenant === "Research"));
    assert.ok((await found({ tenant: "-" })).every(({ tenant }) => tenant === null));
    assert.ok((await found({ result: "refused" })).every(({ outcome }) => outcome === "refused"));
    // Two days at midnight.
    const { at: first } = await stand.db.audit.findFirstOrThrow({ orderBy: { id: "asc" } });
    const [from, to] = [first, new Date()].map((at) => at.toISOString().slice(0, 10));
    assert.equal((await found({ to: "2020-01-01" })).length, 0);
    assert.equal((await found({ from, to })).length, (await found({})).length);
    assert.equal((await found({ from: new Date(Date.now() + 60_000).toISOString() })).length, 0);
    await assert.rejects(sam.site.audit({ person: "a\nb" }), /one line/);
    await assert.rejects(sam.site.audit({ from: "yesterday" }), /A time is 2026-03-01/);
  });

  it("shows a tenant's administrator the tenant's only, whatever is asked", async () => {
    const tina = await stand.as("tina");
    const all = await tina.tenants.audit({ tenant: "analytics" });
    const own = async () =>
      new Set((await stand.db.audit.findMany({ where: { tenantId: stand.tenantId("analytics") } })).map(({ id }) => String(id)));
    const shown = await own();
    assert.ok(all.rows.length > 0 && all.rows.every(({ id }) => shown.has(id)));
    for (const path of ["/api/site/audit.csv", "/api/t/research/audit.csv", "/api/t/nowhere/audit.jsonl"])
      assert.equal((await get("tina", path)).status, 404);
    assert.equal((await get("dana", "/api/t/analytics/audit.csv")).status, 403);
    assert.equal((await fetch(`${stand.url}/api/site/audit.csv`)).status, 401);
    assert.equal((await get("tina", "/api/t/analytics/audit.jsonl?tenant=research&result=nonsense")).status, 400);
    const text = await (await get("tina", "/api/t/analytics/audit.jsonl?tenant=research")).text();
    const lines = text
      .trim()
      .split("\n")
      .map((line) => Line.parse(JSON.parse(line)));
    const ids = await own();
    assert.ok(lines.length > 0 && lines.every(({ id, position }) => ids.has(String(id)) && position === undefined));
  });

  it("is exported whole, in order, with its chain; many more rows than one reading takes", async () => {
    const rows = Array.from({ length: 2500 }, (_, n) => ({
      actorName: n % 2 ? "=cmd()" : "x",
      action: "a.b",
      resource: "x:y",
      resourceName: `"${n}"\nz`,
    }));
    await stand.db.audit.createMany({ data: rows });
    const count = await stand.db.audit.count();
    const lines = (await (await get("sam", "/api/site/audit.jsonl")).text()).trim().split("\n");
    // And the entry that says that it was exported.
    assert.equal(lines.length, count + 1);
    const parsed = lines.map((line) => Line.parse(JSON.parse(line)));
    assert.ok(parsed.every(({ id }, n) => n === 0 || id > (parsed[n - 1]?.id ?? 0)));
    const link = await stand.db.auditLink.findUniqueOrThrow({ where: { auditId: parsed[7]?.id ?? 0 } });
    assert.deepEqual([parsed[7]?.position, parsed[7]?.hash], [Number(link.position), link.hash]);
    const csv = await (await get("sam", "/api/site/audit.csv?person==cmd")).text();
    assert.match(csv, /^"id","time","who",/);
    assert.equal(csv.split(`"'=cmd()"`).length - 1, 1250);
    assert.ok(!csv.includes('"=cmd'));
    assert.equal((await (await stand.as("sam")).site.verifyAudit({})).fault, null);
  });

  it("is exported twice at a time to one person, and no further when they may no longer", async () => {
    const { id, cookie } = await stand.session("sam");
    const large = { actorName: "x", action: "a.b", resource: "x:y", resourceName: "z".repeat(100_000) };
    // More than lies between a portal and whoever does not read.
    await stand.db.audit.createMany({ data: Array.from({ length: 300 }, () => large) });
    const begun = async (session = cookie) => {
      const [answer]: IncomingMessage[] = await once(
        request(`${stand.url}/api/site/audit.jsonl`, { headers: { cookie: session } }).end(),
        "response",
      );
      assert.ok(answer);
      return answer;
    };
    const made: IncomingMessage[] = [];
    const going = [await begun(), await begun()];
    const third = await begun();
    assert.deepEqual(
      [...going, third].map(({ statusCode }) => statusCode),
      [200, 200, 409],
    );
    third.resume();
    await (await stand.as("sam")).me.revokeSession({ id });
    // Nobody reads them: only the portal can end them, and then there is room again, for both.
    const other = (await stand.session("sam")).cookie;
    for (const room of [1, 2]) {
      let next = await begun(other);
      for (; next.statusCode === 409; next = await begun(other)) next.resume();
      assert.equal(next.statusCode, 200, `room for ${room}`);
      next.on("error", () => undefined);
      made.push(next);
    }
    for (const answer of made) answer.destroy();
    for (const answer of going) {
      const [error] = await once(answer.resume(), "error");
      assert.equal(error.code, "ECONNRESET");
    }
  });
});
