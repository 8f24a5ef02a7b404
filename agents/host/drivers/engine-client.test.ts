import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import { dockerContainers } from "./container/docker.ts";
import { engineClient } from "./engine-client.ts";

let dir: string;
let server: Server;
const connections = new Set<Socket>();

before(async () => {
  dir = await mkdtemp(join(tmpdir(), "kindling-engine-"));
  server = createServer((request, response) => {
    connections.add(request.socket);
    response.setHeader("content-type", "application/json");
    response.end(request.url?.includes("/start") ? "" : "[]");
  });
  server.listen(join(dir, "docker.sock"));
  await once(server, "listening");
});
after(async () => {
  server.close();
  server.closeAllConnections();
  await rm(dir, { recursive: true });
});

test("an engine that takes no new connections is not asked to start anything over an old one", async () => {
  const driver = dockerContainers(engineClient(join(dir, "docker.sock")), "installone");
  assert.deepEqual(await driver.list(), []);
  await driver.start("one");
  assert.equal(connections.size, 2, "each call has its own");
  server.close();
  await assert.rejects(driver.start("one"), /Docker on this host does not answer/);
});

test("a call's options are short when they are written out, however many calls are under way", async () => {
  const docker = engineClient("/nowhere/docker.sock");
  const under = Array.from({ length: 20 }, () => docker.ping().catch(() => undefined));
  const text = inspect(docker.modem, { showHidden: true, depth: null });
  assert.match(text, /agent: Agent[\s,]/);
  assert.ok(text.length < 2_000, `${text.length} characters`);
  await Promise.all(under);
});
