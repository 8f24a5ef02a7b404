/** What an agent that was killed while it prepared a node leaves mounted: its `mount` lives on and ends after the next agent has looked. */
import assert from "node:assert/strict";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { run } from "./exec.ts";
import { readMounts } from "./mounts.ts";
import { volume } from "./testing/specs.ts";
import { type Stack, startStack } from "./testing/stack.ts";

let stack: Stack;
before(async () => {
  stack = await startStack({ env: { KINDLING_ORPHAN_GRACE: "0" } });
});
after(() => stack.dispose());

const mounted = async () =>
  (await readMounts())
    .map(({ target }) => target)
    .filter((target) => target.startsWith(stack.dirs.state) || target.startsWith(stack.dirs.run));
/** The agent looks again within its own rhythm. */
const until = async (what: string, condition: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; !(await condition()); tries += 1) {
    assert.ok(tries < 600, `${what}: ${(await mounted()).join(", ")}`);
    await pause(100);
  }
};

it("is found and released, and what a node uses stays", { timeout: 120_000 }, async () => {
  const { dirs } = stack;
  const kept = volume("volumeone", "tenantone");
  const put = await stack.put({ segments: [], volumes: [kept], nodes: [] });
  assert.equal(put.status, 200, put.body);
  await stack.until("the disk", (o) => o.volumes.some((v) => v.id === "volumeone" && v.state === "mounted"));

  // A disk whose file was removed while the dead agent's `mount` had it open.
  const file = join(dirs.volumes, "ghost.img");
  const point = join(dirs.mounts, "ghost");
  await run("truncate", ["-s", "32M", file]);
  await run("mkfs.ext4", ["-q", "-F", file]);
  await mkdir(point);
  await run("mount", ["-o", "loop", file, point]);
  await rm(file);
  // A node's files, bound there after the first look.
  const files = join(dirs.nodes, "ghostnode");
  await mkdir(files);
  await run("mount", ["-t", "tmpfs", "kindling-node", files]);
  assert.deepEqual((await mounted()).sort(), [point, join(dirs.mounts, "volumeone"), files].sort());

  await stack.put({ segments: [], volumes: [kept], nodes: [] });
  await until("released", async () => (await mounted()).length === 1);
  assert.deepEqual(await mounted(), [join(dirs.mounts, "volumeone")]);
  await until("its folder is gone", async () => (await readdir(dirs.nodes)).length === 0);
  assert.doesNotMatch(await run("losetup", ["--list", "--output", "BACK-FILE"]), new RegExp(file));
});
