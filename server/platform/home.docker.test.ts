import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chown, lstat, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { promisify } from "node:util";
import { readEnv } from "../env.ts";
import { prepareHome } from "./home.ts";
import { Part } from "./part.ts";

// Nobody's in particular: only the number counts.
const user = { uid: 64_321, gid: 64_321, name: "kindling-test" };

describe("the installation's folders", () => {
  let base: string;
  const env = () => readEnv({ KINDLING_HOME: join(base, "home"), KINDLING_RUN: join(base, "run") });
  const asUser = (program: string, args: string[]) =>
    promisify(execFile)(program, args, { uid: user.uid, gid: user.gid, cwd: "/" }).then(
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
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  it("lets the service user keep files, but not replace what root reads and writes", async () => {
    const { logs, agent, installation } = await prepareHome(env(), user);
    const home = env().KINDLING_HOME;
    assert.deepEqual(await owner(home), [0, user.gid, "1770"]);
    assert.equal(await asUser("touch", [join(home, "site.key")]), true);
    for (const name of [logs, agent.state, join(home, "installation.json")]) {
      assert.equal(await asUser("mv", [name, `${name}.old`]), false, name);
      assert.equal(await asUser("rm", ["-rf", name]), false, name);
    }
    assert.equal(await asUser("ln", ["-s", "/etc/passwd", join(logs, "portal.log")]), false);
    assert.equal((await prepareHome(env(), user)).installation, installation);
  });

  it("takes a home that the service user owned, and follows no link that was left in it", async () => {
    const home = env().KINDLING_HOME;
    const elsewhere = join(base, "elsewhere");
    for (const dir of [home, elsewhere]) await mkdir(dir);
    await chown(home, user.uid, user.gid);
    await symlink(elsewhere, join(home, "logs"));
    await assert.rejects(prepareHome(env(), user), /logs is not a folder/);
    assert.deepEqual(await owner(elsewhere), [0, 0, "755"]);
    await rm(join(home, "logs"));
    await mkdir(join(home, "agent"));
    await chown(join(home, "agent"), user.uid, user.gid);
    await assert.rejects(prepareHome(env(), user), /agent belongs to user 64321/);
    await rename(join(home, "agent"), join(home, "planted"));
    await prepareHome(env(), user);
    assert.equal((await stat(join(home, "agent"))).uid, 0);
  });

  it("opens a part's log where it is, never through a link", async () => {
    const victim = join(base, "victim");
    await writeFile(victim, "untouched");
    await symlink(victim, join(base, "portal.log"));
    const part = new Part({ name: "portal", entry: "none.ts", root: base, node: process.execPath, logs: base, env: {}, user: null });
    await assert.rejects(part.start(), { code: "ELOOP" });
    assert.equal(await readFile(victim, "utf8"), "untouched");
  });
});
