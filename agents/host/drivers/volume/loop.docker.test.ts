import assert from "node:assert/strict";
import { mkdir, mkdtemp, open, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../exec.ts";
import { mountAt } from "../../mounts.ts";
import { readContent } from "./content.ts";
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

test("a disk that came from elsewhere says nothing of how it is to be mounted, nor what is to become of the host at an error", async () => {
  const dir = await mkdtemp(join(tmpdir(), "kindling loop #"));
  const [files, mounts, theirs] = [join(dir, "files"), join(dir, "mnt"), join(dir, "theirs.img")];
  await Promise.all([mkdir(files), mkdir(mounts)]);
  const volumes = loopVolumes({ files, mounts, budgetMb: null, overcommit: 1 });
  try {
    const handle = await open(theirs, "w");
    await handle.truncate(64 * mb).finally(() => handle.close());
    await run("mkfs.ext4", ["-q", "-F", "-m", "0", theirs]);
    await run("tune2fs", ["-e", "panic", "-o", "debug,nobarrier", "-E", "mount_opts=abort", theirs]);
    await volumes.receive({ id: "volumeone", sizeMb: 64 }, await readContent(theirs), new AbortController().signal);
    const said = await run("dumpe2fs", ["-h", join(files, "volumeone.img")]);
    assert.match(said, /^Errors behavior: +Continue$/m);
    assert.match(said, /^Default mount options: +user_xattr acl$/m);
    assert.doesNotMatch(said, /^Mount options:/m);
    await volumes.ensure({ id: "volumeone", sizeMb: 64 });
  } finally {
    await volumes.remove("volumeone");
    await rm(dir, { recursive: true });
  }
});
