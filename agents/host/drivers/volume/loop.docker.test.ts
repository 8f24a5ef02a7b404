import assert from "node:assert/strict";
import { mkdir, mkdtemp, open, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../exec.ts";
import { mountAt } from "../../mounts.ts";
import { fileSystemSize, loopVolumes } from "./loop.ts";

const mb = 1024 * 1024;

test("how large a file system is says its superblock, not its file", async () => {
  const dir = await mkdtemp(join(tmpdir(), "kindling loop #"));
  const file = join(dir, "disk.img");
  try {
    const handle = await open(file, "w");
    await handle.truncate(64 * mb).finally(() => handle.close());
    assert.equal(await fileSystemSize(file), Number.POSITIVE_INFINITY, "nothing is cut off what nobody knows");
    await run("mkfs.ext4", ["-q", "-F", "-m", "0", file]);
    assert.equal(await fileSystemSize(file), 64 * mb);
    await truncate(file, 128 * mb);
    assert.equal(await fileSystemSize(file), 64 * mb);
    await run("e2fsck", ["-f", "-p", file]);
    await run("resize2fs", [file]);
    assert.equal(await fileSystemSize(file), 128 * mb);
  } finally {
    await rm(dir, { recursive: true });
  }
});

test("a disk in use that grew says so on its device at once", async () => {
  const dir = await mkdtemp(join(tmpdir(), "kindling loop #"));
  const [files, mounts] = [join(dir, "files"), join(dir, "mnt")];
  await Promise.all([mkdir(files), mkdir(mounts)]);
  const volumes = loopVolumes({ files, mounts, budgetMb: null, overcommit: 1 });
  try {
    const { path } = await volumes.ensure({ id: "volumeone", sizeMb: 64 });
    await volumes.ensure({ id: "volumeone", sizeMb: 128 });
    assert.equal(await fileSystemSize((await mountAt(path))?.source ?? ""), 128 * mb);
  } finally {
    await volumes.remove("volumeone");
    await rm(dir, { recursive: true });
  }
});
