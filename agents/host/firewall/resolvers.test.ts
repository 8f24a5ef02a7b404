import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { nameServers, resolvers } from "./resolvers.ts";

test("name servers that nodes may ask are the host's, those behind its loopback, or the engine's own", async () => {
  assert.deepEqual(nameServers("# nameserver 192.0.2.9\nnameserver 192.0.2.1\n nameserver\tfe80::1\nsearch nameserver\n"), [
    "192.0.2.1",
    "fe80::1",
  ]);
  const folder = await mkdtemp(join(tmpdir(), "kindling-dns-"));
  try {
    const file = join(folder, "resolv.conf");
    await writeFile(file, "nameserver 192.0.2.7\nnameserver 127.0.0.1\n");
    assert.deepEqual(await resolvers(["127.0.0.53", "192.0.2.1", "::1"], file), ["192.0.2.1"]);
    assert.deepEqual(await resolvers(["127.0.0.53"], file), ["192.0.2.7"]);
    assert.deepEqual(await resolvers(["127.0.0.53"], join(folder, "none")), ["8.8.8.8", "8.8.4.4"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
