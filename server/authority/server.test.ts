import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { connect } from "node:tls";
import { createDb } from "../db.ts";
import { makeTrust } from "../hosts/testing/trust.ts";
import { newId } from "../ids.ts";
import type { Bundle } from "./bundle.ts";
import { createAuthority } from "./server.ts";

it("waits for nobody who fetches the agent and takes nothing of it", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "kindling-served-"));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, "agent.tar.gz");
  await writeFile(file, "");
  // Far more than fits into buffers on the way.
  await truncate(file, 64 * 1024 * 1024);
  const bundle: Bundle = { file, name: "1-x64.tar.gz", version: "1", arch: "x64", sha256: "0".repeat(64) };
  const { ca, key, certificate } = await (await makeTrust("iabcdef")).host("hone1");
  const db = createDb("postgresql://nobody@127.0.0.1:1/none", 1);
  t.after(() => db.$disconnect());
  const enrol = { db, now: () => new Date(), newId, issue: () => Promise.reject(new Error("not in this test")) };
  const parts = { installation: "iabcdef", key, certificate, ca, enrol, settings: {}, script: () => "#!/bin/sh\n" };
  const server = createAuthority({ ...parts, bundle: async () => bundle, idleMs: 200 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const at = server.address();
  const connected = once(server, "secureConnection");
  const slow = connect({ host: "127.0.0.1", port: at && typeof at === "object" ? at.port : 0, rejectUnauthorized: false });
  t.after(() => slow.destroy());
  slow.on("error", () => undefined);
  slow.write(`GET /bundle/${bundle.name} HTTP/1.1\r\nhost: authority\r\n\r\n`);
  const [taken] = await connected;
  await once(taken, "close");
  assert.ok(taken.bytesWritten < 64 * 1024 * 1024);
});
