import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { z } from "zod";
import { notify } from "../server/db.ts";
import { hear } from "../server/portal/testing/host.ts";
import { type Stand, startStand } from "../server/portal/testing/stand.ts";
import { enrolInfoFile } from "../server/services/hosts/enrol-info.ts";
import { programIn } from "./testing/program.ts";

describe("kindling, the program", () => {
  let stand: Stand;
  let elsewhere: string;
  before(async () => {
    stand = await startStand();
    await hear(stand.db);
    elsewhere = await mkdtemp(join(tmpdir(), "kindling-cli-"));
  });
  after(async () => {
    await stand.stop();
    await rm(elsewhere, { recursive: true });
  });

  const kindling: ReturnType<typeof programIn> = (words, options) => programIn(elsewhere)(words, options);
  const asDana = async () => ({ env: { KINDLING_URL: stand.url, KINDLING_TOKEN: await stand.token("dana") } });

  it("says what it is and which exit codes it has", async () => {
    const { code, out } = await kindling(["--help"]);
    assert.equal(code, 0);
    for (const word of ["login", "flavors", "cluster", "volume", "Exit codes", "KINDLING_TOKEN"]) assert.match(out, new RegExp(word));
  });

  it("says its version, and after a mistake where the help for that command is", async () => {
    const { code, out } = await kindling(["--version"]);
    assert.equal(code, 0);
    assert.match(out, /^\d+\.\d+\.\d+\n$/);
    assert.match((await kindling(["cluster", "create"])).err, /missing required argument 'name'\n\("kindling cluster create --help"/);
    assert.match((await kindling(["frobnicate"])).err, /\("kindling --help"/);
  });

  it("signs in with the company account, keeps the token for its owner only, and signs out", async () => {
    const login = await kindling(["login", stand.url, "--username", "dana", "--password-stdin"], { input: `${stand.password("dana")}\n` });
    assert.deepEqual([login.code, login.out], [0, ""]);
    const file = join(elsewhere, "config", "kindling", "config.json");
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const saved = z.object({ token: z.string() }).parse(JSON.parse(await readFile(file, "utf8")));
    assert.ok(!login.err.includes(saved.token) && !(await readFile(file, "utf8")).includes(stand.password("dana")));
    const who = await kindling(["whoami", "--json"]);
    assert.equal(z.object({ username: z.string() }).parse(JSON.parse(who.out)).username, "dana");
    assert.equal((await kindling(["logout"])).code, 0);
    const after = await kindling(["whoami"]);
    assert.deepEqual([after.code, after.out], [3, ""]);
    assert.match(after.err, /kindling login/);
    assert.equal((await kindling(["whoami"], { env: { KINDLING_URL: stand.url, KINDLING_TOKEN: saved.token } })).code, 3);
  });

  it("does not sign in with a wrong or an empty password", async () => {
    for (const [input, words] of [
      ["wrong\n", /user name or the password is wrong/],
      ["\n", /Enter your password/],
    ] as const) {
      const { code, err } = await kindling(["login", stand.url, "-u", "rhea", "--password-stdin"], { input });
      assert.notEqual(code, 0);
      assert.match(err, words);
    }
  });

  it("sends no token over a network in the clear, and says when nobody answers", async () => {
    const clear = await kindling(["whoami"], { env: { KINDLING_URL: "http://spark.example.com", KINDLING_TOKEN: "kdl_x" } });
    assert.equal(clear.code, 2);
    assert.match(clear.err, /not encrypted/);
    const silent = await kindling(["whoami"], { env: { KINDLING_URL: "http://localhost:1", KINDLING_TOKEN: "kdl_x" } });
    assert.equal(silent.code, 8);
    assert.match(silent.err, /does not answer at http:\/\/localhost:1/);
  });

  it("gives a saved token only to the address it was made for", async () => {
    await kindling(["login", stand.url, "-u", "dana", "--password-stdin"], { input: stand.password("dana") });
    const { code, err } = await kindling(["whoami"], { env: { KINDLING_URL: "http://localhost:1" } });
    assert.equal(code, 3);
    assert.match(err, /not signed in at http:\/\/localhost:1/);
    await kindling(["logout"]);
  });

  it("shows, exports and verifies the audit trail, for administrators only", async () => {
    const sam = { env: { KINDLING_URL: stand.url, KINDLING_TOKEN: await stand.token("sam") } };
    const tina = { env: { KINDLING_URL: stand.url, KINDLING_TOKEN: await stand.token("tina") } };
    await stand.db.audit.create({
      data: {
        actorName: "eve",
        tenantId: stand.tenantId("analytics"),
        action: "cluster.stop",
        resource: "cluster:c",
        resourceName: "=flights",
      },
    });
    await stand.db.audit.create({ data: { actorName: "eve", action: "site.settings", resource: "site:i", resourceName: "settings" } });
    const listed = await kindling(["audit", "list", "--person", "eve"], sam);
    assert.match(listed.out, /eve +site\.settings +settings +done[\s\S]*eve +cluster\.stop +=flights +done/);
    assert.doesNotMatch((await kindling(["audit", "list", "--person", "eve"], tina)).out, /site\.settings/);
    assert.match(
      (await kindling(["audit", "export", "--thing", "=flights"], tina)).out,
      /"cluster\.stop","done","cluster:c","'=flights","Analytics"/,
    );
    const whole = await kindling(["audit", "export", "--format", "jsonl"], sam);
    assert.equal(whole.out.trim().split("\n").length, await stand.db.audit.count());
    for (const words of [
      ["audit", "list"],
      ["audit", "export"],
    ])
      assert.equal((await kindling(words, await asDana())).code, 5);
    assert.equal((await kindling(["audit", "verify"], tina)).code, 4);
    const verified = await kindling(["audit", "verify", "--json"], sam);
    const { head } = z.object({ head: z.string(), fault: z.null() }).parse(JSON.parse(verified.out));
    assert.equal((await kindling(["audit", "verify", "--noted", head], sam)).code, 0);
    const forged = await kindling(["audit", "verify", "--noted", head.replace(/.$/, (last) => (last === "0" ? "1" : "0"))], sam);
    assert.equal(forged.code, 9);
    assert.match(forged.err, /The audit trail was changed\. Link \d+ is not the one that was noted/);
  });

  it("makes tokens with a scope, for oneself with the password, for service accounts as their administrator", async () => {
    const dana = await asDana();
    const made = await kindling(["token", "create", "reader", "--scope", "read", "-t", "analytics", "-u", "dana", "--password-stdin"], {
      env: { KINDLING_URL: stand.url },
      input: stand.password("dana"),
    });
    assert.match(made.out, /^kdl_[\w-]{43}\n$/);
    const reader = { env: { KINDLING_URL: stand.url, KINDLING_TOKEN: made.out.trim() } };
    assert.match((await kindling(["whoami"], reader)).out, /token +good for read in analytics until/);
    const refused = await kindling(["cluster", "create", "no", "-t", "analytics"], reader);
    assert.equal(refused.code, 5);
    assert.match(refused.err, /good for "read" only/);
    assert.match((await kindling(["token", "list"], dana)).out, /reader +k\w+ +read +analytics/);
    assert.equal((await kindling(["token", "revoke", "reader"], dana)).code, 0);
    assert.equal((await kindling(["whoami"], reader)).code, 3);

    const tina = { env: { KINDLING_URL: stand.url, KINDLING_TOKEN: await stand.token("tina") } };
    assert.equal((await kindling(["account", "create", "nightly"], await asDana())).code, 5);
    assert.equal((await kindling(["account", "create", "nightly"], tina)).code, 0);
    const secret = (await kindling(["account", "token", "nightly", "ci", "--scope", "use", "--days", "300"], tina)).out.trim();
    const program = { env: { KINDLING_URL: stand.url, KINDLING_TOKEN: secret } };
    assert.match((await kindling(["whoami"], program)).out, /analytics\/nightly/);
    assert.equal((await kindling(["account", "suspend", "nightly"], tina)).code, 0);
    assert.equal((await kindling(["whoami"], program)).code, 3);
    assert.match((await kindling(["account", "list"], tina)).out, /nightly +member +suspended +1 /);
    assert.equal((await kindling(["account", "resume", "nightly"], tina)).code, 0);
    assert.equal((await kindling(["account", "revoke", "nightly", "ci"], tina)).code, 0);
    assert.equal((await kindling(["whoami"], program)).code, 3);
    assert.equal((await kindling(["account", "delete", "nightly", "--confirm", "nightly"], tina)).code, 0);
  });

  it("lists and ends browser sessions", async () => {
    const dana = await asDana();
    const { cookie, id } = await stand.session("dana");
    assert.match((await kindling(["session", "list"], dana)).out, new RegExp(id));
    assert.equal((await kindling(["session", "end", id], dana)).code, 0);
    assert.equal(await stand.parts.authenticate({ cookie }, null), null);
    await stand.session("dana");
    assert.match((await kindling(["session", "end"], dana)).out, /(One session is|\d+ sessions are) ended/);
    assert.match((await kindling(["session", "list"], dana)).out, /signed in nowhere/);
  });

  it("shows and tries the directory and maps its groups, for site administrators only", async () => {
    const sam = { env: { KINDLING_URL: stand.url, KINDLING_TOKEN: await stand.token("sam") } };
    assert.match((await kindling(["directory", "show"], sam)).out, /^directory\s+the demo directory/);
    const tested = await kindling(["directory", "test", "--username", "dana"], sam);
    assert.equal(tested.code, 0);
    assert.match(tested.out, /^ok\s+Roles here\s+member of Analytics$/m);
    const unsaved = ["--server", "ldaps://localhost:1", "--base", "dc=x", "--bind", "anonymous"];
    const failed = await kindling(["directory", "test", ...unsaved], sam);
    assert.equal(failed.code, 1);
    assert.match(failed.out, /failed\s+Connect .* Nothing listens there/);
    const refused = await kindling(["directory", "set", ...unsaved], sam);
    assert.equal(refused.code, 6);
    assert.match(refused.err, /Nothing was saved: sam could not sign in/);
    const night = ["directory", "map", "CN=Night,OU=groups,DC=x", "admin", "research"];
    const unknown = await kindling(night, sam);
    assert.equal(unknown.code, 4);
    assert.match(unknown.err, /The directory has no group cn=night,ou=groups,dc=x\. Look its name up, or map it anyway/);
    const mapped = await kindling(["--json", ...night, "--anyway"], sam);
    const { id } = z.object({ id: z.string(), group: z.literal("cn=night,ou=groups,dc=x") }).parse(JSON.parse(mapped.out));
    assert.match(
      (await kindling(["directory", "mappings"], sam)).out,
      new RegExp(`^${id}\\s+admin\\s+research\\s+cn=night,ou=groups,dc=x \\(not in the directory\\)$`, "m"),
    );
    const shown = (await kindling(["directory", "show"], sam)).out;
    assert.match(
      shown,
      /^1 mapping names a group that this directory does not have:\n {2}cn=night,ou=groups,dc=x \(administrator of research\)$/m,
    );
    const gone = await kindling(["directory", "unmap", "--missing"], sam);
    assert.deepEqual([gone.code, gone.out], [0, "1 mapping is removed.\n"]);
    assert.match((await kindling(["directory", "unmap", "--missing"], sam)).out, /^Every mapping's group is in the directory/);
    assert.equal((await kindling(["directory", "unmap"], sam)).code, 2);
    // The last that makes site administrators stays, and keeps none of the others.
    const [admins] = await stand.db.groupMapping.findMany({ where: { role: "site-admin" } });
    assert.ok(admins && (await stand.db.groupMapping.count({ where: { role: "site-admin" } })) === 1);
    const renamed = (group: string) => stand.db.groupMapping.update({ where: { id: admins.id }, data: { group } });
    await renamed("cn=gone,dc=x");
    await kindling([...night, "--anyway"], sam);
    const kept = await kindling(["directory", "unmap", "--missing"], sam);
    await renamed(admins.group);
    assert.deepEqual([kept.code, kept.out], [6, "1 mapping is removed.\n"]);
    assert.match(kept.err, /cn=gone,dc=x still gives site administrator\. It is the last group/);
    const trail = await stand.db.audit.findMany({ where: { action: "mapping.remove" }, orderBy: { id: "asc" } });
    assert.deepEqual(
      trail.slice(-2).map(({ outcome, detail }) => [outcome, z.object({ what: z.string() }).parse(detail).what.slice(0, 24)]),
      [
        ["refused", "It is the last group who"],
        ["done", "cn=night,ou=groups,dc=x"],
      ],
    );
    await kindling([...night, "--anyway"], sam);
    const again = (await kindling(["--json", "directory", "mappings"], sam)).out;
    const left = z
      .array(z.object({ id: z.string(), found: z.boolean() }))
      .parse(JSON.parse(again))
      .filter(({ found }) => !found);
    assert.equal((await kindling(["directory", "unmap", left[0]?.id ?? ""], sam)).code, 0);
    for (const words of [["show"], ["mappings"], ["unmap", id], ["test"]])
      assert.equal((await kindling(["directory", ...words], await asDana())).code, 4);
  });

  it("shows flavors and distributions", async () => {
    const dana = await asDana();
    assert.match((await kindling(["flavors"], dana)).out, /^medium\s+Medium\s+2\s+6 GB\s+10 GB\s+20 GB$/m);
    assert.match((await kindling(["distributions", "-t", "analytics"], dana)).out, /^spark-3-5-jupyter\s+Spark 3.5 with Jupyter\s+spark/m);
  });

  it("creates, shows, lists and links", async () => {
    const dana = await asDana();
    const made = await kindling(
      ["cluster", "create", "flights", "--tenant", "analytics", "--master", "medium", "--workers", "2", "--worker", "small"],
      dana,
    );
    assert.deepEqual([made.code, made.err], [0, ""]);
    const listed = await kindling(["cluster", "list", "--json"], dana);
    const [row] = z.array(z.object({ name: z.string(), size: z.string() })).parse(JSON.parse(listed.out));
    assert.deepEqual(row, { name: "flights", size: "1 Medium + 2 Small" });
    assert.match((await kindling(["cluster", "show", "flights"], dana)).out, /^cluster\s+flights \(c\w+\)\nstate\s+queued/);
    const links = await kindling(["cluster", "links", "flights", "--json"], dana);
    assert.match(links.out, new RegExp(`"href": "${stand.url}/go/c\\w+/jupyter"`));
    await kindling(["cluster", "create", "plain", "--type", "utility"], dana);
    assert.match((await kindling(["cluster", "links", "plain"], dana)).out, /^plain has no pages of its own/);
  });

  it("has a sentence and a code for each refusal", async () => {
    const dana = await asDana();
    // A host that is silent may come back with room for anything; this one speaks for as long as the test lasts.
    await hear(stand.db, { at: new Date(Date.now() + 600_000) });
    await kindling(["cluster", "create", "taken"], dana);
    for (const [words, code, sentence] of [
      [["cluster", "create", "taken"], 6, /already has a cluster named taken/],
      [["cluster", "create", "Bad_Name"], 2, /Use lower-case letters/],
      [["cluster", "create", "a", "--workers", "-1"], 2, /cannot be negative/],
      [["cluster", "create", "a", "--workers", "many"], 2, /It must be a number/],
      [["cluster", "create", "a", "--master", "huge"], 2, /no flavor huge/],
      [["cluster", "create", "a", "--master", "tiny"], 2, /needs at least 2 GB/],
      [["cluster", "create", "a", "--workers", "100"], 7, /cannot fit here: needs/],
      [["cluster", "create", "a", "--tenant", "research"], 4, /no such tenant/],
      [["cluster", "show", "nothing"], 4, /no cluster named nothing/],
      [["cluster", "delete", "taken", "--confirm", "other"], 2, /Type the cluster's name, taken/],
      [["cluster", "delete", "taken"], 2, /--confirm/],
      [["cluster", "start", "taken"], 6, /running already/],
      [["node", "log", "taken", "kindling-1", "jupyter"], 4, /has no node kindling-1/],
      [["cluster", "frobnicate"], 2, /unknown command/],
    ] as const) {
      const answer = await kindling(words, dana);
      assert.equal(answer.code, code, `${words.join(" ")}: ${answer.err}`);
      assert.match(answer.err, sentence);
      assert.equal(answer.out, "");
    }
    assert.equal(await stand.db.cluster.count({ where: { name: "a" } }), 0);
  });

  it("writes errors as JSON too", async () => {
    const { err } = await kindling(["cluster", "show", "nothing", "--json"], await asDana());
    assert.equal(z.object({ error: z.object({ kind: z.string() }) }).parse(JSON.parse(err)).error.kind, "not_found");
  });

  it("asks which tenant where there are several", async () => {
    const env = { KINDLING_URL: stand.url, KINDLING_TOKEN: await stand.token("sam") };
    const asked = await kindling(["cluster", "list"], { env });
    assert.equal(asked.code, 2);
    assert.match(asked.err, /--tenant: analytics, research/);
    assert.equal((await kindling(["cluster", "list"], { env: { ...env, KINDLING_TENANT: "research" } })).code, 0);
  });

  describe("waiting", () => {
    const changed = async (id: string, data: object) => {
      await stand.db.cluster.update({ where: { id }, data });
      await notify(stand.db, "observed", id);
    };
    it("goes on until the cluster rests, and shows it", async () => {
      const dana = await asDana();
      await kindling(["cluster", "create", "rests"], dana);
      const stopped = await kindling(["cluster", "stop", "rests", "--wait"], dana);
      assert.equal(stopped.code, 0, stopped.err);
      assert.match(stopped.err, /rests: stopped/);
      assert.match(stopped.out, /^state\s+stopped/m);
    });
    it("ends when the cluster is gone", async () => {
      const dana = await asDana();
      await kindling(["cluster", "create", "goes"], dana);
      const { id } = await stand.db.cluster.findFirstOrThrow({ where: { name: "goes" } });
      const going = kindling(["cluster", "delete", "goes", "--confirm", "goes", "--wait"], dana);
      // What the reconciler does once the host has nothing left of it.
      for (;;) {
        const row = await stand.db.cluster.findUniqueOrThrow({ where: { id } });
        if (row.desired === "deleted") break;
      }
      await stand.db.cluster.delete({ where: { id } });
      const { code, out } = await going;
      assert.deepEqual([code, out], [0, "goes is gone.\n"]);
    });
    it("gives up after its time, with a code of its own, and breaks nothing", async () => {
      const dana = await asDana();
      const { code, err } = await kindling(["cluster", "create", "slow", "--wait", "--timeout", "1"], dana);
      assert.equal(code, 10);
      assert.match(err, /slow is still queued.*after 1 s\. It goes on without you/);
      const { id, desired } = await stand.db.cluster.findFirstOrThrow({ where: { name: "slow" } });
      assert.equal(desired, "running");
      const at = new Date();
      await stand.db.step.create({ data: { clusterId: id, attempt: 1, step: "placed", startedAt: at, endedAt: at, done: 1, of: 1 } });
      await stand.db.step.create({
        data: { clusterId: id, attempt: 1, step: "containers", startedAt: at, failed: true, message: "the image could not be built" },
      });
      await changed(id, { refusal: null });
      const failed = await kindling(["cluster", "retry", "slow"], dana);
      assert.equal(failed.code, 0, failed.err);
    });
    it("says that a cluster failed, with why", async () => {
      const dana = await asDana();
      await kindling(["cluster", "create", "fails"], dana);
      const { id } = await stand.db.cluster.findFirstOrThrow({ where: { name: "fails" } });
      const at = new Date();
      await stand.db.step.create({ data: { clusterId: id, attempt: 2, step: "placed", startedAt: at, endedAt: at, done: 1, of: 1 } });
      await stand.db.step.create({
        data: { clusterId: id, attempt: 2, step: "containers", startedAt: at, failed: true, message: "the image could not be built" },
      });
      await kindling(["cluster", "stop", "fails"], dana);
      const { code, err } = await kindling(["cluster", "start", "fails", "--wait"], dana);
      assert.equal(code, 9, err);
      assert.match(err, /fails failed: the image could not be built\. "kindling cluster retry fails" tries again/);
    });
  });

  it("says what another size takes and where it fits, and changes nothing", async () => {
    const dana = await asDana();
    await hear(stand.db, { memoryMb: 64 * 1024, at: new Date(Date.now() + 600_000) });
    const more = await kindling(["cluster", "resize", "flights", "--workers", "3", "--dry-run"], dana);
    assert.equal(more.code, 0, more.err);
    assert.match(more.out, /^nodes\s+1\s+no limit$/m);
    assert.match(more.out, /^memory\s+4 GB\s+no limit$/m);
    assert.match(more.out, /Fits now:\n {2}this-host: master and 3 workers/);
    await hear(stand.db, { memoryMb: 20 * 1024, at: new Date(Date.now() + 600_000) });
    const much = await kindling(["cluster", "resize", "flights", "--workers", "90", "--dry-run", "--json"], dana);
    assert.equal(much.code, 7);
    const answer = z.object({ fits: z.boolean(), refusal: z.string(), workers: z.number() }).parse(JSON.parse(much.out));
    assert.deepEqual([answer.fits, answer.workers], [false, 3]);
    const made = await kindling(["cluster", "create", "thought", "--master", "extra-large", "--workers", "6", "--dry-run"], dana);
    assert.equal(made.code, 7);
    assert.match(made.out, /Does not fit now: .*GB.*\nThis would fit: --master \S+ --worker \S+$/m);
    assert.equal((await stand.db.cluster.findFirstOrThrow({ where: { name: "flights" } })).workerCount, 2);
    assert.equal(await stand.db.cluster.count({ where: { name: "thought" } }), 0);
  });

  it("lists kept volumes, starts a cluster with one by its name, and deletes one", async () => {
    const dana = await asDana();
    assert.match((await kindling(["volume", "list"], dana)).out, /No volume is kept/);
    const { id: hostId } = await stand.db.host.findFirstOrThrow();
    const tenantId = stand.tenantId("analytics");
    const disk = (id: string, name: string, state: string) =>
      stand.db.volume.create({
        data: {
          id,
          name,
          state,
          tenantId,
          hostId,
          sizeMb: 2048,
          ownerId: "udana",
          ...(state === "kept" ? { origin: "cluster trips", keptAt: new Date() } : {}),
        },
      });
    await disk("vtrips", "kindling-70", "kept");
    await disk("vspare", "kindling-71", "kept");
    await disk("vbusy", "kindling-72", "attached");
    const listed = (await kindling(["volume", "list"], dana)).out;
    assert.match(listed, /^kindling-70\s+vtrips\s+2 GB\s+not known\s+kept\s.*trips\s+Dana Moreau/m);
    assert.doesNotMatch(listed, /vbusy/);
    assert.match((await kindling(["volume", "list", "--all"], dana)).out, /^kindling-72\s+vbusy\s+2 GB\s+not known\s+in use/m);
    const made = await kindling(["cluster", "create", "again", "--workers", "0", "--data", "kindling-70"], dana);
    assert.equal(made.code, 0, made.err);
    assert.equal((await stand.db.cluster.findFirstOrThrow({ where: { name: "again" } })).dataVolumeId, "vtrips");
    for (const [words, code, sentence] of [
      [["cluster", "create", "b", "--data", "kindling-72"], 6, /kindling-72 is not free: it is in use/],
      [["cluster", "create", "b", "--data", "nothing"], 4, /no kept volume nothing in analytics\. "kindling volume list"/],
      [["volume", "delete", "kindling-71", "--confirm", "kindling-70"], 2, /Type the volume's name, kindling-71/],
      [["volume", "delete", "vbusy", "--confirm", "kindling-72"], 6, /not free/],
    ] as const) {
      const answer = await kindling(words, dana);
      assert.equal(answer.code, code, `${words.join(" ")}: ${answer.err}`);
      assert.match(answer.err, sentence);
    }
    assert.equal((await kindling(["volume", "delete", "vspare", "--confirm", "kindling-71"], dana)).code, 0);
    assert.equal((await stand.db.volume.findUniqueOrThrow({ where: { id: "vspare" } })).state, "deleting");
  });

  it("shows a service's log and restarts it", async () => {
    const dana = await asDana();
    const { id: clusterId, tenantId } = await stand.db.cluster.findFirstOrThrow({ where: { name: "flights" } });
    const { id: hostId } = await stand.db.host.findFirstOrThrow();
    await stand.db.volume.create({ data: { id: "vlogs", tenantId, hostId, name: "kindling-1", sizeMb: 64, state: "attached" } });
    const size = { vcpus: 1, memoryMb: 2048, rootGb: 20, dataMb: 64, imageTag: "kindling/spark:test" };
    await stand.db.node.create({
      data: { id: "nlogs", clusterId, hostId, number: 1, name: "kindling-1", role: "master", volumeId: "vlogs", ...size },
    });
    assert.equal((await kindling(["node", "log", "flights", "kindling-1", "jupyter"], dana)).out, "the last line\n");
    assert.equal((await kindling(["node", "restart", "flights", "kindling-1.bdlocal", "jupyter"], dana)).code, 0);
    assert.match((await kindling(["node", "list", "flights"], dana)).out, /^kindling-1\.bdlocal\s+master/m);
    assert.match(
      (await kindling(["node", "log", "flights", "kindling-1", "sshd"], dana)).err,
      /runs no sshd\. It runs: spark-master, spark-worker, jupyter/,
    );
  });

  it("adds hosts, shows and changes them, for site administrators", async () => {
    const info = enrolInfoFile(stand.env);
    await mkdir(dirname(info), { recursive: true });
    await writeFile(info, JSON.stringify({ url: "https://192.0.2.7:3002", pin: "cGlu", caFingerprint: "f".repeat(64) }));
    const sam = { env: { KINDLING_URL: stand.url, KINDLING_TOKEN: await stand.token("sam") } };
    const added = await kindling(["host", "add", "rack-1", "--tags", "ssd,gpu", "--for", "analytics", "--address", "192.0.2.9"], sam);
    assert.equal(added.code, 0, added.err);
    assert.match(
      added.out,
      /Run this on the machine that becomes rack-1 within 15 minutes; it works once:\n\n {2}\{ echo KINDLING_HOST_TOKEN=kde_[\w-]{43}; curl -fsS --pinnedpubkey 'sha256\/\/cGlu' -k /,
    );
    const { settings, id } = await stand.db.enrolment.findFirstOrThrow({ where: { hostName: "rack-1" } });
    assert.deepEqual(z.object({ tags: z.array(z.string()), address: z.string() }).parse(settings), {
      tags: ["ssd", "gpu"],
      address: "192.0.2.9",
    });
    assert.match((await kindling(["host", "pending"], sam)).out, /^rack-1\s+e\w+\s+a new host\s+sam\s+15 min$/m);
    assert.equal((await kindling(["host", "withdraw", id], sam)).code, 0);
    assert.match((await kindling(["host", "pending"], sam)).out, /No command waits/);
    const { name } = await stand.db.host.findFirstOrThrow();
    assert.match((await kindling(["host", "list"], sam)).out, new RegExp(`^${name} +ready `, "m"));
    assert.equal((await kindling(["host", "set", name, "--tags", "lab"], sam)).code, 0);
    assert.equal((await kindling(["host", "cordon", name], sam)).code, 0);
    const shown = await kindling(["host", "show", name], sam);
    assert.match(shown.out, /state +ready \(takes no new nodes\)/);
    assert.doesNotMatch(shown.out, /GPU/, "one without cards is not told of them");
    assert.deepEqual((await stand.db.host.findFirstOrThrow()).tags, ["lab"]);
    assert.equal((await kindling(["host", "activate", name], sam)).code, 0);
    assert.equal((await kindling(["host", "uncordon", name], sam)).code, 0, "as others call it");
    assert.doesNotMatch((await kindling(["host", "--help"], sam)).out, /uncordon/);
    const refused = await kindling(["host", "revoke", name, "--confirm", name], sam);
    assert.deepEqual([refused.code, /platform's own machine/.test(refused.err)], [6, true]);
    assert.equal((await kindling(["host", "remove", name], sam)).code, 2, "without the name repeated");
    assert.equal((await kindling(["host", "list"], await asDana())).code, 4);
  });

  it("shares a cluster, shows with whom, takes it back and hands it over", async () => {
    const dana = await asDana();
    assert.equal((await kindling(["cluster", "create", "together"], dana)).code, 0);
    await stand.db.user.update({ where: { id: "utina" }, data: { groups: ["cn=the team,dc=corp"] } });
    const shared = await kindling(["cluster", "share", "together", "--group", "The Team", "--may", "manage"], dana);
    assert.deepEqual([shared.code, shared.err], [0, ""]);
    assert.match(shared.out, /the team +group +manage +1 /);
    assert.equal((await kindling(["cluster", "share", "together", "--everybody", "--may", "view"], dana)).code, 0);
    assert.match((await kindling(["cluster", "list"], dana)).out, /together .* with 2 /);
    for (const [words, code, why] of [
      [["share", "together"], 2, /Say with whom/],
      [["share", "together", "--person", "tina", "--everybody"], 2, /Say with whom/],
      [["share", "together", "--person", "rhea"], 4, /Nobody in the tenant has the sign-in name rhea/],
      [["share", "together", "--person", "tina", "--may", "break"], 2, /view, use or manage/],
      [["share", "together", "--group", "nobody's"], 4, /Nobody in the tenant is in a group named/],
      [["unshare", "together", "--administrators"], 4, /is not shared like that/],
      [["hand-over", "together", "--to", "rhea"], 4, /Nobody in the tenant/],
    ] as const) {
      const refused = await kindling(["cluster", ...words], dana);
      assert.deepEqual([refused.code, refused.out], [code, ""], words.join(" "));
      assert.match(refused.err, why);
    }
    assert.equal((await kindling(["cluster", "unshare", "together", "--everybody"], dana)).code, 0);
    assert.equal((await kindling(["cluster", "hand-over", "together", "--to", "tina", "--keep", "view"], dana)).code, 0);
    assert.match((await kindling(["cluster", "list", "--shared"], dana)).out, /together .* you may view/);
    assert.equal((await kindling(["cluster", "stop", "together"], dana)).code, 5);
    assert.equal((await kindling(["cluster", "shares", "together"], dana)).code, 5);
  });

  it("says what containers may do, and compares them with what was approved", async () => {
    const sam = { env: { KINDLING_URL: stand.url, KINDLING_TOKEN: await stand.token("sam") } };
    const dana = await asDana();
    const refused = await kindling(["cluster", "create", "rooted", "--type", "utility", "--capability-set", "tools"], dana);
    assert.deepEqual([refused.code, /may not use the capability set Tools\. It may use: Default/.test(refused.err)], [2, true]);
    const wrong = await kindling(["tenant", "edit", "analytics", "--capability-sets", "strict,root"], sam);
    assert.deepEqual([wrong.code, /--capability-sets takes strict, default, tools, full; it was root/.test(wrong.err)], [2, true]);
    assert.equal((await kindling(["tenant", "edit", "analytics", "--capability-sets", "strict,default,tools"], sam)).code, 0);
    assert.match((await kindling(["tenant", "show", "analytics"], sam)).out, /^capability sets +strict, default \(usual\), tools$/m);
    const tried = await kindling(["cluster", "create", "rooted", "--type", "utility", "--capability-set", "tools", "--dry-run"], dana);
    assert.match(tried.out, /^Its containers: Tools, \d+ capabilities \(.*CHOWN.*\), with sudo$/m);
    assert.match(tried.out, /^ {2}Tools does not grant DAC_READ_SEARCH/m);
    assert.equal((await kindling(["cluster", "create", "rooted", "--type", "utility", "--capability-set", "tools"], dana)).code, 0);
    assert.equal((await stand.db.cluster.findFirstOrThrow({ where: { name: "rooted" } })).capabilitySet, "tools");
    assert.match((await kindling(["cluster", "show", "rooted"], dana)).out, /^containers +Tools, with sudo$/m);

    const whole = await kindling(["attest"], sam);
    assert.equal(whole.code, 0, whole.err);
    assert.deepEqual(z.object({ kind: z.string(), about: z.string() }).parse(JSON.parse(whole.out)), {
      kind: "kindling-container-attestation",
      about: "the whole site",
    });
    assert.match(whole.err, /the whole site: 0 of 0 containers as approved/);
    assert.equal((await kindling(["attest"], dana)).code, 4);
    assert.equal((await kindling(["attest", "--tenant", "analytics"], dana)).code, 5);
    assert.equal((await kindling(["attest", "--cluster", "rooted"], dana)).code, 0);
    // It runs as far as anybody was told, but its host (which the test pretends) says nothing of it.
    const cluster = await stand.db.cluster.findFirstOrThrow({ where: { name: "rooted" } });
    const { id: hostId } = await stand.db.host.findFirstOrThrow();
    const ours = { clusterId: cluster.id, hostId, number: 90, name: "kindling-90", role: "master", volumeId: "vrooted" };
    await stand.db.volume.create({
      data: { id: "vrooted", tenantId: cluster.tenantId, hostId, name: "kindling-90", sizeMb: 64, state: "attached" },
    });
    await stand.db.node.create({
      data: { id: "nrooted", ...ours, vcpus: 1, memoryMb: 512, rootGb: 20, dataMb: 64, imageTag: "kindling/utility:1" },
    });
    await stand.db.step.create({ data: { clusterId: cluster.id, attempt: 1, step: "placed", startedAt: new Date(), endedAt: new Date() } });
    const unsaid = await kindling(["attest", "--cluster", "rooted"], dana);
    assert.deepEqual([unsaid.code, /kindling-90 on .*: Its container does not run just now/.test(unsaid.err)], [8, true]);
    await stand.db.node.delete({ where: { id: "nrooted" } });
  });

  it("shows people with their hours, sets limits and maps groups, for the tenant's administrators", async () => {
    const tina = { env: { KINDLING_URL: stand.url, KINDLING_TOKEN: await stand.token("tina"), KINDLING_TENANT: "analytics" } };
    const run = async (words: string[], code = 0) => {
      const done = await kindling(["people", ...words], tina);
      assert.equal(done.code, code, done.err);
      return code === 0 ? done.out : done.err;
    };
    const at = new Date(Date.now() - 3_600_000);
    const size = { nodes: 2, vcpus: 3, memoryMb: 2048, startedAt: at, endedAt: new Date() };
    const tenantId = stand.tenantId("analytics");
    await stand.db.usageSpan.create({ data: { tenantId, userId: "udana", clusterId: "cgone", clusterName: "gone", ...size } });
    assert.match(await run(["list", "--search", "dana", "--sort", "hours"]), /^dana +.* member +.* +3\.\d +2\.\d$/m);
    assert.match(await run(["list", "--period", "week"], 2), /A period is 30d, month or last-month/);
    await run(["limits", "dana", "--clusters", "9", "--memory", "none"]);
    const limit = await stand.db.personLimit.findFirstOrThrow({ where: { userId: "udana" } });
    assert.deepEqual([limit.maxClusters, limit.maxMemoryMb, limit.maxVcpus], [9, null, null]);
    assert.equal(limit.ownGpus, false, "of GPUs nothing was said: what holds for everybody holds");
    await run(["limits", "dana", "--gpus", "1"]);
    await run(["limits", "dana", "--clusters", "8"]);
    const now = await stand.db.personLimit.findFirstOrThrow({ where: { userId: "udana" } });
    assert.deepEqual([now.maxClusters, now.ownGpus, now.maxGpus], [8, true, 1]);
    const told = await run(["limits", "dana"]);
    assert.match(told, /^dana has limits of their own\.$/m);
    assert.match(told, /^clusters +\d+ +8$/m);
    assert.match(told, /^GB of memory +[\d.]+ +none$/m);
    assert.match(await run(["limits", "nobody"], 4), /Nobody in the tenant has the sign-in name nobody\./);
    await run(["limits", "dana", "--usual", "--clusters", "1"], 2);
    await run(["limits", "dana", "--usual"]);
    assert.match(await run(["limits", "dana"]), /^dana may use what everybody may\.$/m);
    assert.equal(await stand.db.personLimit.count(), 0);
    assert.match(await run(["map", "cn=Fraud,dc=corp", "member"], 4), /The directory has no group cn=fraud,dc=corp/);
    const made = await run(["map", "cn=Fraud,dc=corp", "member", "--anyway"]);
    assert.match(
      made,
      /^cn=fraud,dc=corp gives member of analytics now\. The directory does not have this group: it counts once it does\.$/m,
    );
    const id = /^(m\w+) +member +cn=fraud,dc=corp$/m.exec(await run(["groups"]))?.[1] ?? "";
    await run(["unmap", id]);
    assert.doesNotMatch(await run(["groups"]), /fraud/);
    assert.match(await run(["map", "cn=fraud,dc=corp", "site-admin"], 2), /A role in a tenant is member or admin/);
    assert.equal((await kindling(["people", "list"], await asDana())).code, 5);
  });

  it("makes, changes, suspends and deletes tenants and flavors, for site administrators", async () => {
    const sam = { env: { KINDLING_URL: stand.url, KINDLING_TOKEN: await stand.token("sam") } };
    const run = async (words: string[], code = 0) => {
      const done = await kindling(words, sam);
      assert.equal(done.code, code, done.err);
      return code === 0 ? done.out : done.err;
    };
    await run(["tenant", "create", "finance", "--name", "Finance", "--vcpus", "8", "--memory", "1.5", "--person-clusters", "2"]);
    const row = await stand.db.tenant.findUniqueOrThrow({ where: { slug: "finance" } });
    assert.deepEqual([row.maxVcpus, row.maxMemoryMb, row.maxNodes, row.userMaxClusters], [8, 1536, null, 2]);
    assert.match(
      await run(["tenant", "list"]),
      /^finance +Finance +active +0 +0 +0 of 8 +0 GB of 1\.5 GB +0 GB, no limit +10\.35\.\d+\.0\/24$/m,
    );
    await run(["tenant", "edit", "finance", "--vcpus", "none", "--flavor", "small", "--host-tags", "ssd,gpu"]);
    assert.deepEqual((await stand.db.tenant.findUniqueOrThrow({ where: { slug: "finance" } })).hostTags, ["ssd", "gpu"]);
    assert.match(await run(["tenant", "hosts", "finance"]), /finance has no host of its own/);
    await run(["host", "set", "this-host", "--for", "finance"]);
    assert.match(await run(["tenant", "hosts", "finance"]), /^this-host +\S+ +finance +0 +\d+/m);
    await run(["host", "set", "this-host", "--for", "none"]);
    assert.match(await run(["tenant", "hosts", "finance", "--all"]), /^this-host/m);
    await run(["tenant", "edit", "finance", "--distributions", "utility", "--distribution", "utility"]);
    const shown = await run(["tenant", "show", "finance"]);
    assert.match(shown, /^distributions +utility\nCreate offers +utility, small\nhost tags +ssd, gpu$/m);
    assert.match(shown, /^each person +clusters 2\ngroups +none: nobody can come in$/m);
    assert.match(await run(["tenant", "edit", "finance"], 2), /Say what to change: "kindling tenant edit --help"/);
    assert.match(await run(["host", "set", "this-host"], 2), /Say what to change/);
    await run(["tenant", "edit", "finance", "--distributions", "all"]);
    await run(["tenant", "edit", "finance", "--egress", "listed", "--egress-list", "10.1.2.0/24 tcp 443,8000-8100; 10.9.0.1"]);
    assert.match(await run(["tenant", "show", "finance"]), /^egress list +10\.1\.2\.0\/24 tcp 443,8000-8100; 10\.9\.0\.1$/m);
    assert.match(await run(["tenant", "edit", "finance", "--egress-list", "10.1.2.0/24; 10.9.0.1 icmp"], 2), /icmp is neither tcp nor udp/);
    assert.match(await run(["tenant", "edit", "finance", "--egress", "some"], 2), /open, listed or closed/);
    await run(["tenant", "edit", "finance", "--egress", "open", "--egress-list", "none"]);
    assert.doesNotMatch(await run(["tenant", "show", "finance"]), /egress list/);
    assert.match(await run(["tenant", "edit", "finance", "--vcpus", "many"], 2), /--vcpus is a number, or "none"/);
    assert.match(await run(["tenant", "create", "analytics"], 6), /The tenant analytics is Analytics/);
    assert.match(await run(["tenant", "create", "tin", "--segment", "tin"], 2), /--segment is none, vlan, vxlan or later; it was tin/);
    await run(["tenant", "suspend", "finance", "--reason", "unpaid"]);
    assert.match(await run(["tenant", "show", "finance"]), /^state +suspended for \d+ s, said sam: unpaid$/m);
    await run(["tenant", "resume", "finance"]);
    await run(["tenant", "delete", "finance"], 2);
    await run(["tenant", "delete", "finance", "--confirm", "other"], 2);
    await run(["tenant", "delete", "finance", "--confirm", "finance"]);
    assert.match(await run(["tenant", "show", "finance"]), /^waits +everything is removed; it goes in a moment$/m);

    await run(["flavor", "create", "lab", "--vcpus", "2", "--memory", "2.5", "--tenants", "research"]);
    assert.match(await run(["flavor", "list"]), /^lab +lab +2 +2\.5 GB +10 GB +20 GB +research +0 +yes$/m);
    await run(["flavor", "edit", "lab", "--memory", "3", "--tenants", "everybody"]);
    assert.match(await run(["flavor", "edit", "lab"], 2), /Say what to change/);
    assert.match(await run(["flavor", "edit", "lab", "--memory", "0.1"], 2), /Memory is at least 0\.5 GB/);
    await run(["flavor", "retire", "lab"]);
    assert.match(await run(["flavor", "list"]), /^lab +lab +2 +3 GB +10 GB +20 GB +everybody +0 +no$/m);
    await run(["flavor", "offer", "lab"]);
    await run(["flavor", "delete", "lab", "--confirm", "lab"]);
    assert.doesNotMatch(await run(["flavor", "list"]), /^lab /m);
    assert.equal((await kindling(["tenant", "list"], await asDana())).code, 4);
  });
});
