import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { specStore } from "./spec-store.ts";
import { hostSpec } from "./testing/specs.ts";

const mine = { installation: "installone", host: "hostone", generation: 7, segments: [], volumes: [], nodes: [] };

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "kindling-spec-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

it("a kept spec of this host is the floor after a restart", () =>
  inFolder(async (folder) => {
    const file = join(folder, "spec.json");
    await specStore(file, "installone", "hostone").accept(hostSpec(mine));
    const store = specStore(file, "installone", "hostone");
    await store.load();
    assert.deepEqual([store.spec()?.generation, store.generation(), store.knowsSecrets("any")], [7, 7, false]);
    await assert.rejects(store.accept(hostSpec({ ...mine, generation: 6 })), /restored from an older copy/);
  }));

for (const [what, other] of [
  ["another platform", { ...mine, installation: "installold" }],
  ["another host id", { ...mine, host: "hostold" }],
] as const)
  it(`a kept spec of ${what} is set aside: it starts nothing and refuses nothing`, () =>
    inFolder(async (folder) => {
      const file = join(folder, "spec.json");
      await specStore(file, other.installation, other.host).accept(hostSpec(other));
      const text = await readFile(file, "utf8");
      const store = specStore(file, "installone", "hostone");
      await store.load();
      assert.deepEqual([store.spec(), store.generation(), store.halted()], [null, 0, null]);
      const [kept = "", ...more] = await readdir(folder);
      assert.deepEqual([kept === "spec.json", more], [false, []]);
      assert.equal(await readFile(join(folder, kept), "utf8"), text);
      await store.accept(hostSpec({ ...mine, generation: 1 }));
      assert.equal(store.spec()?.generation, 1);
    }));
