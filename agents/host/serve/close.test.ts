import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { closer } from "./close.ts";

test("a server ends although a stream that was upgraded is still open", { timeout: 20_000 }, async () => {
  const server = createServer();
  const close = closer(server);
  server.on("upgrade", (_req, socket) => {
    socket.on("error", () => undefined);
    socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: stream\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const [, socket] = await once(
    request({ port, host: "127.0.0.1", headers: { connection: "upgrade", upgrade: "stream" } }).end(),
    "upgrade",
  );
  socket.on("error", () => undefined).resume();
  const ended = once(socket, "close");
  await close();
  await ended;
  assert.equal(server.listening, false);
});
