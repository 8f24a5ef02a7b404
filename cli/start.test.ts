import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";

describe("the program's start", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kindling-start-"));
  });
  after(() => rm(folder, { recursive: true }));
  const version = async (cache: string): Promise<string> => {
    const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: cache, NODE_ENV: "test" as const };
    return (await promisify(execFile)(join(import.meta.dirname, "kindling.mjs"), ["--version"], { env })).stdout;
  };

  it("keeps what it compiled in its user's own cache", async () => {
    assert.match(await version(join(folder, "cache")), /^\d+\.\d+\.\d+\n$/);
    assert.notEqual((await readdir(join(folder, "cache", "kindling"))).length, 0);
  });

  it("does without where nothing can be kept", async () => {
    await writeFile(join(folder, "full"), "");
    assert.match(await version(join(folder, "full")), /^\d+\.\d+\.\d+\n$/);
  });
});
