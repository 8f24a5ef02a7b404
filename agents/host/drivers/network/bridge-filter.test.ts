import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { bypassHostFilter, plainBridges } from "./bridge-filter.ts";

it("the host's filter is told apart from none, and switched off only where it is there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kindling-bridges-"));
  try {
    await bypassHostFilter(folder);
    assert.equal(await plainBridges(folder), true, "no module, nothing to pass");
    await writeFile(join(folder, "bridge-nf-call-iptables"), "1\n");
    assert.equal(await plainBridges(folder), false);
    await bypassHostFilter(folder);
    assert.equal(await plainBridges(folder), true);
    assert.equal((await readFile(join(folder, "bridge-nf-call-iptables"), "utf8")).trim(), "0");
    await assert.rejects(readFile(join(folder, "bridge-nf-call-arptables")), /ENOENT/, "nothing is made");
  } finally {
    await rm(folder, { recursive: true });
  }
});
