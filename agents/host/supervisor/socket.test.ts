import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { supervisorAt } from "./client.ts";
import { connectNoFollow } from "./socket.ts";

test("a node that hangs up before anything is asked does not end the agent", async () => {
  const dir = await mkdtemp(join(tmpdir(), "kindling-socket-"));
  const path = join(dir, "supervisor.sock");
  let keep = true;
  const server = createServer((socket) => (keep ? socket.resume() : socket.destroy()));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    const socket = await connectNoFollow(path, 1000);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.destroy(new Error("read ECONNRESET"));
    await closed;
    keep = false;
    for (let round = 0; round < 50; round += 1) await assert.rejects(supervisorAt(path).processes());
  } finally {
    await new Promise((resolve) => server.close(resolve));
    await rm(dir, { recursive: true });
  }
});
