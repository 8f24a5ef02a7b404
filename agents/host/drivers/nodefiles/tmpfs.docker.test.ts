import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { mountAt } from "../../mounts.ts";
import type { NodeFilesDriver, NodeFilesSpec } from "./port.ts";
import { tmpfsNodeFiles } from "./tmpfs.ts";

describe("a node's files", () => {
  let base: string;
  let files: NodeFilesDriver;
  const spec: NodeFilesSpec = {
    node: "nodeone",
    config: [
      { path: "node.json", content: "{}", mode: 0o444 },
      { path: "conf/deep.conf", content: "a=1", mode: 0o444 },
    ],
    hosts: "127.0.0.1\tlocalhost\n10.1.1.1\tnode-1\n",
    secrets: { "spark-auth": "hush" },
  };
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), "kindling files #"));
    files = tmpfsNodeFiles(base);
  });
  afterEach(async () => {
    await files.remove("nodeone");
    await rm(base, { recursive: true, force: true });
  });

  it("lie in memory, with the modes that they are given", async () => {
    await files.write(spec);
    const at = files.paths("nodeone");
    assert.equal((await mountAt(join(base, "nodeone")))?.fsType, "tmpfs");
    assert.equal(await readFile(join(at.config, "conf/deep.conf"), "utf8"), "a=1");
    const secret = await stat(join(at.secrets, "spark-auth"));
    assert.deepEqual([secret.mode & 0o777, secret.uid, secret.gid], [0o440, 0, 1000]);
    assert.deepEqual(await files.secrets("nodeone"), ["spark-auth"]);
    assert.deepEqual(await files.list(), ["nodeone"]);
  });

  it("follow the spec: changed, removed, and untouched where nothing changed", async () => {
    await files.write(spec);
    const at = files.paths("nodeone");
    const before = await stat(join(at.config, "node.json"));
    await files.write({ ...spec, config: [spec.config[0]!, { path: "new.conf", content: "b", mode: 0o444 }] });
    assert.deepEqual(
      (await readdir(at.config, { recursive: true, withFileTypes: true }))
        .filter((e) => e.isFile())
        .map((e) => e.name)
        .sort(),
      ["new.conf", "node.json"],
    );
    assert.equal((await stat(join(at.config, "node.json"))).ino, before.ino);
  });

  it("keep the hosts file's inode, so that nodes that run see new names, also when it gets shorter", async () => {
    await files.write(spec);
    const path = files.paths("nodeone").hosts;
    const { ino } = await stat(path);
    await files.write({ ...spec, hosts: "127.0.0.1\tlocalhost\n" });
    assert.equal((await stat(path)).ino, ino);
    assert.equal(await readFile(path, "utf8"), "127.0.0.1\tlocalhost\n");
  });

  it("keep the secrets that the agent does not know any more", async () => {
    await files.write(spec);
    await files.write({ ...spec, secrets: null });
    assert.equal(await readFile(join(files.paths("nodeone").secrets, "spark-auth"), "utf8"), "hush");
  });

  it("cannot be led out of their directory", async () => {
    for (const path of ["../escape", "/etc/escape", "a/../../escape"])
      await assert.rejects(files.write({ ...spec, config: [{ path, content: "", mode: 0o444 }] }), /outside its directory/);
  });

  it("leave room to others when a node fills its own directory", async () => {
    await files.write(spec);
    await assert.rejects(writeFile(join(files.paths("nodeone").run, "junk"), Buffer.alloc(16 * 1024 * 1024)), /ENOSPC/);
  });

  it("go without a trace, and again without complaint", async () => {
    await files.write(spec);
    await files.remove("nodeone");
    await files.remove("nodeone");
    assert.deepEqual(await readdir(base), []);
  });
});
