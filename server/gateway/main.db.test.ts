import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { testDatabase } from "../platform/testing/database.ts";
import { freePort } from "../testing/free-port.ts";
import { ask, asPage } from "./testing/stand.ts";

test("the gateway's process says when it serves, sends a visitor to the portal, and ends in order", async () => {
  const database = await testDatabase();
  const home = await mkdtemp(join(tmpdir(), "kindling-gwmain-"));
  const port = await freePort();
  const child = fork(join(import.meta.dirname, "main.ts"), {
    env: {
      NODE_ENV: "production",
      DATABASE_URL: database.url,
      KINDLING_HOME: home,
      KINDLING_GATEWAY_PORT: String(port),
      KINDLING_PORT: "3999",
      KINDLING_LOG_LEVEL: "silent",
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  try {
    assert.deepEqual((await once(child, "message"))[0], "ready");
    const visit = await ask(port, `jupyter-cflights.localhost:${port}`, { headers: asPage });
    assert.match(visit.headers.location ?? "", /^http:\/\/localhost:3999\/go\/cflights\/jupyter\?n=/);
    assert.equal((await ask(port, `localhost:${port}`, { headers: asPage })).status, 404);
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
  } finally {
    child.kill("SIGKILL");
    await database.drop();
    await rm(home, { recursive: true, force: true });
  }
});
