import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, chown, link, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { promisify } from "node:util";
import { readEnv } from "../env.ts";
import { loadPortalKey, loadSiteKeys } from "../secrets.ts";
import { prepareHome } from "./home.ts";
import { handKeys } from "./keys.ts";
import { Part } from "./part.ts";

// Nobody's in particular: only the numbers count.
const gid = 64_321;
const account = (name: string, uid: number) => ({ uid, gid, name: `kindling-test-${name}` });
const accounts = {
  database: account("database", 64_321),
  portal: account("portal", 64_322),
  gateway: account("gateway", 64_323),
  reconciler: account("reconciler", 64_324),
  directory: account("directory", 64_325),
  authority: account("authority", 64_326),
};
const user = accounts.database;

describe("the installation's folders", () => {
  let base: string;
  const env = () => readEnv({ KINDLING_HOME: join(base, "home"), KINDLING_RUN: join(base, "run") });
  const asUser = (program: string, args: string[], { uid } = user) =>
    promisify(execFile)(program, args, { uid, gid, cwd: "/" }).then(
      () => true,
      () => false,
    );
  const owner = async (path: string) => {
    const { uid, gid, mode } = await lstat(path);
    return [uid, gid, (mode & 0o7777).toString(8)];
  };
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), "kindling-home-"));
    await chown(base, user.uid, user.gid);
    await chmod(base, 0o711);
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  it("has a folder for what each part has compiled, which no other account may look into, and starts without what another one left", async () => {
    const { compiled } = await prepareHome(env(), accounts);
    for (const [part, one] of Object.entries(accounts).filter(([name]) => name !== "database")) {
      assert.deepEqual(await owner(join(compiled, part)), [one.uid, gid, "700"]);
      assert.equal(await asUser("touch", [join(compiled, part, "code")], one), true);
      assert.equal(await asUser("ls", [join(compiled, "agent")], one), false);
      assert.equal(await asUser("ls", [join(compiled, part)], part === "portal" ? accounts.gateway : accounts.portal), false);
    }
    await chown(join(compiled, "gateway"), accounts.portal.uid, gid);
    await prepareHome(env(), accounts);
    assert.deepEqual(await readdir(join(compiled, "portal")), ["code"]);
    assert.deepEqual(await readdir(join(compiled, "gateway")), []);
    assert.deepEqual(await owner(join(compiled, "gateway")), [accounts.gateway.uid, gid, "700"]);
  });

  it("is root's: the parts' accounts pass through it, and neither list nor write it", async () => {
    const { logs, agent, installation } = await prepareHome(env(), accounts);
    const home = env().KINDLING_HOME;
    assert.deepEqual(await owner(home), [0, gid, "710"]);
    for (const one of Object.values(accounts)) {
      assert.equal(await asUser("stat", [logs], one), true);
      assert.equal(await asUser("ls", [home], one), false);
      assert.equal(await asUser("touch", [join(home, "site.key")], one), false);
      for (const name of [logs, agent.state, join(home, "installation.json")]) {
        assert.equal(await asUser("mv", [name, `${name}.old`], one), false, name);
        assert.equal(await asUser("rm", ["-rf", name], one), false, name);
      }
      assert.equal(await asUser("ln", ["-s", "/etc/passwd", join(logs, "portal.log")], one), false);
    }
    assert.equal((await prepareHome(env(), accounts)).installation, installation);
  });

  it("hands each part the keys that it needs, and keeps them from the others", async () => {
    const home = env().KINDLING_HOME;
    const { keys } = await prepareHome(env(), accounts);
    await Promise.all([loadSiteKeys(home), loadPortalKey(home)]);
    const portal = await handKeys(home, keys, "portal", accounts.portal, ["site.key", "portal.key"]);
    const gateway = await handKeys(home, keys, "gateway", accounts.gateway, ["site.key"]);
    const readers = async (file: string): Promise<string[]> => {
      const tried = await Promise.all(
        Object.entries(accounts).map(async ([name, one]) => ((await asUser("cat", [file], one)) ? [name] : [])),
      );
      return tried.flat();
    };
    assert.deepEqual(await readers(join(portal, "portal.key")), ["portal"]);
    assert.deepEqual(await readers(join(portal, "site.key")), ["portal"]);
    assert.deepEqual(await readers(join(gateway, "site.key")), ["gateway"]);
    for (const name of ["site.key", "portal.key"]) assert.deepEqual(await readers(join(home, name)), [], name);
    assert.deepEqual(await readdir(gateway), ["site.key"]);
    // Again at the next start, with the same content.
    await handKeys(home, keys, "gateway", accounts.gateway, ["site.key"]);
    assert.deepEqual(await readFile(join(gateway, "site.key")), await readFile(join(home, "site.key")));
  });

  it("takes over the secrets of an earlier version, whose parts were one account, and no link in their place", async () => {
    const home = env().KINDLING_HOME;
    await mkdir(home);
    await chown(home, user.uid, gid);
    const key = join(home, "site.key");
    await writeFile(key, "k".repeat(32), { mode: 0o600 });
    await chown(key, user.uid, gid);
    await prepareHome(env(), accounts);
    assert.deepEqual([await owner(key), await readFile(key, "utf8")], [[0, 0, "600"], "k".repeat(32)]);
    const victim = join(base, "victim");
    await writeFile(victim, "theirs", { mode: 0o644 });
    for (const plant of [symlink, link]) {
      await rm(key, { force: true });
      await plant(victim, key);
      await assert.rejects(prepareHome(env(), accounts), /site.key is not a plain file/);
      assert.deepEqual(await owner(victim), [0, 0, "644"]);
    }
  });

  it("takes a home that the service user owned, and follows no link that was left in it", async () => {
    const home = env().KINDLING_HOME;
    const elsewhere = join(base, "elsewhere");
    for (const dir of [home, elsewhere]) await mkdir(dir);
    await chown(home, user.uid, user.gid);
    await symlink(elsewhere, join(home, "logs"));
    await assert.rejects(prepareHome(env(), accounts), /logs is not a folder/);
    assert.deepEqual(await owner(elsewhere), [0, 0, "755"]);
    await rm(join(home, "logs"));
    await mkdir(join(home, "agent"));
    await chown(join(home, "agent"), user.uid, user.gid);
    await assert.rejects(prepareHome(env(), accounts), /agent belongs to user 64321/);
    await rename(join(home, "agent"), join(home, "planted"));
    await prepareHome(env(), accounts);
    assert.equal((await stat(join(home, "agent"))).uid, 0);
  });

  it("opens a part's log where it is, never through a link", async () => {
    const victim = join(base, "victim");
    await writeFile(victim, "untouched");
    await symlink(victim, join(base, "portal.log"));
    const part = new Part({
      name: "portal",
      entry: "none.ts",
      root: base,
      node: process.execPath,
      logs: base,
      compiled: base,
      env: {},
      user: null,
    });
    await assert.rejects(part.start(), { code: "ELOOP" });
    assert.equal(await readFile(victim, "utf8"), "untouched");
  });
});
