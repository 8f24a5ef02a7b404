import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);

// What a script of ours does first, and then what a part of the platform has to be able to do.
const script = `
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { asAdministrator } from "./lib/reachable.mjs";
import { root } from "./lib/paths.mjs";
asAdministrator("npm start", async () => {
  const gid = Number(spawnSync("getent", ["passwd", "kindling"]).stdout.toString().split(":")[3]);
  const reads = (who) => spawnSync("test", ["-r", fileURLToPath(import.meta.url)], { uid: 65534, gid: who, cwd: "/" }).status === 0;
  process.stdout.write(JSON.stringify({ root, words: process.argv.slice(2), own: reads(gid), others: reads(65534) }));
  process.exitCode = 7;
});
`;

interface Said {
  root: string;
  words: string[];
  /** Whether the platform's accounts can read it, and others. */
  own: boolean;
  others: boolean;
}

describe("a checkout in a home that is closed to others", () => {
  let home: string;
  let checkout: string;
  before(async () => {
    home = await mkdtemp("/var/tmp/kindling-home-");
    checkout = join(home, "kindling");
    await mkdir(join(checkout, "scripts"), { recursive: true });
    await cp(join(import.meta.dirname, "lib"), join(checkout, "scripts", "lib"), { recursive: true });
    await writeFile(join(checkout, "package.json"), '{"type":"module"}\n');
    await writeFile(join(checkout, "scripts", "try.mjs"), script);
  });
  after(() => rm(home, { recursive: true }));

  const begin = () =>
    run(process.execPath, [join(checkout, "scripts", "try.mjs"), "one", "two words"]).then(
      () => assert.fail("its exit code was lost"),
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
    );
  const mounts = async () => (await readFile("/proc/self/mountinfo", "utf8")).split("\n").filter((line) => line.includes(home)).length;

  it("is read by the platform's accounts nevertheless and by nobody else, and nothing stays mounted", async () => {
    await chmod(home, 0o700);
    const { code, stdout } = await begin();
    const said: Said = JSON.parse(stdout);
    assert.deepEqual([code, said.words, said.own, said.others], [7, ["one", "two words"], true, false]);
    assert.notEqual(said.root, checkout);
    assert.equal(await mounts(), 0);
    assert.ok(!(await readdir("/run/kindling-checkouts")).some((name) => said.root.endsWith(name)));
  });

  it("is shown to several who begin and end at the same time, and nothing stays mounted", async () => {
    await chmod(home, 0o700);
    const all = await Promise.all(Array.from({ length: 8 }, begin));
    assert.deepEqual(
      all.map(({ code }) => code),
      all.map(() => 7),
    );
    assert.equal(await mounts(), 0);
  });

  it("takes the place of what was left mounted there of a checkout that is gone", async () => {
    await chmod(home, 0o700);
    const { root }: Said = JSON.parse((await begin()).stdout);
    await mkdir(root, { recursive: true });
    await mkdir(join(home, "before"));
    await run("mount", ["--bind", join(home, "before"), root]);
    const { code, stdout } = await begin();
    const said: Said = JSON.parse(stdout);
    assert.deepEqual([code, said.root, said.own], [7, root, true]);
    assert.equal(await mounts(), 0);
  });

  it("is used where it lies once the home is open", async () => {
    await chmod(home, 0o755);
    const said: Said = JSON.parse((await begin()).stdout);
    assert.deepEqual([said.root, said.own, said.others], [checkout, true, true]);
  });

  it("is refused with the command to run when its own files are closed too", async () => {
    await chmod(home, 0o700);
    await chmod(join(checkout, "package.json"), 0o600);
    const { code, stdout } = await begin();
    assert.equal(code, 1);
    assert.match(stdout, new RegExp(`chmod -R go\\+rX ${checkout}`));
    assert.equal(await mounts(), 0);
  });
});
