import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { makeLog } from "../log.ts";
import { callSocket } from "../testing/stack.ts";
import { json, router } from "./respond.ts";

test("an address that is none is refused, and the agent goes on", async () => {
  const dir = await mkdtemp(join(tmpdir(), "kindling-respond-"));
  const path = join(dir, "agent.sock");
  const server = createServer(router({ "GET /v1/one": async (_req, res) => json(res, 200, {}) }, makeLog("silent", {})));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    const refused = await callSocket(path, "GET", "//");
    assert.deepEqual([refused.status, JSON.parse(refused.body).fault.code], [400, "bad_request"]);
    assert.equal((await callSocket(path, "GET", "/v1/two")).status, 404);
    assert.equal((await callSocket(path, "GET", "/v1/one")).status, 200);
  } finally {
    await new Promise((resolve) => server.close(resolve));
    await rm(dir, { recursive: true });
  }
});
