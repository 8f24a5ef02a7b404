import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { test } from "node:test";
import { listen } from "./db.ts";

test("a connection that only listens is asked now and then whether it is still there", async () => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const listening = listen(
    `postgresql://somebody@127.0.0.1:${port}/nothing`,
    "observed",
    () => undefined,
    () => undefined,
  ).catch(() => undefined);
  const [socket]: Socket[] = await once(server, "connection");
  // The first message is sent once the connection is set up.
  await once(socket ?? server, "data");
  // Of the client's end the kernel says which timer runs: 2 is the one that keeps it alive, in hundredths of a second.
  const hex = (of: number | undefined): string => (of ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const lines = (await readFile("/proc/net/tcp", "utf8")).split("\n").map((line) => line.trim().split(/\s+/));
  const timer = lines.find(([, local, remote]) => local?.endsWith(`:${hex(socket?.remotePort)}`) && remote?.endsWith(`:${hex(port)}`))?.[5];
  socket?.destroy();
  server.close();
  await listening;
  const [kind, left = ""] = timer?.split(":") ?? [];
  assert.equal(kind, "02", timer);
  assert.ok(Number.parseInt(left, 16) <= 3_000, `${left} until the first question`);
});
