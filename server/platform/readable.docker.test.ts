import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { promisify } from "node:util";
import { readableRoot } from "./readable.ts";

const user = { uid: 64_321, gid: 64_321, name: "kindling-test" };
const stranger = { uid: 64_322, gid: 64_322 };
let base: string;
before(async () => {
  base = await mkdtemp(join(tmpdir(), "kindling-readable-"));
  await chmod(base, 0o755);
});
after(() => rm(base, { recursive: true }));

it("shows a checkout in a private folder to the service user, and to nobody else", async () => {
  const folder = join(base, "private");
  const checkout = join(folder, "checkout");
  const runDir = join(base, "run");
  for (const dir of [folder, checkout, runDir]) await mkdir(dir);
  await writeFile(join(checkout, "package.json"), "{}");
  await chmod(folder, 0o700);
  const reads = (who: { uid: number; gid: number }, file: string) =>
    promisify(execFile)("cat", [file], { ...who, cwd: "/" }).then(
      () => true,
      () => false,
    );
  const place = await readableRoot(checkout, runDir, user);
  try {
    const file = join(place.root, "package.json");
    assert.notEqual(place.root, checkout);
    assert.deepEqual([await reads(user, file), await reads(stranger, file)], [true, false]);
  } finally {
    await place.release();
  }
});

it("takes away what a launcher that was killed left mounted, and leaves nothing of its own", async () => {
  const folder = join(base, "private-again");
  const checkout = join(folder, "checkout");
  const runDir = join(base, "run-again");
  for (const dir of [folder, checkout, runDir]) await mkdir(dir);
  await writeFile(join(checkout, "package.json"), "{}");
  await chmod(folder, 0o700);
  const mounts = async () => (await readFile("/proc/self/mounts", "utf8")).split("\n").filter((line) => line.includes(runDir)).length;
  await readableRoot(checkout, runDir, user);
  const place = await readableRoot(checkout, runDir, user);
  assert.equal(await mounts(), 1);
  await place.release();
  assert.equal(await mounts(), 0);
});
