/** A terminal of an engine that ends in the wrong moment: a server of the test's own in its place. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { Socket } from "node:net";
import { test } from "node:test";
import Docker from "dockerode";
import { openShell } from "./shell.ts";

test("an engine that is gone before the shell is there ends that terminal, and not the agent", async () => {
  let terminal: Socket | null = null;
  const engine = createServer(async (request, response) => {
    const path = request.url ?? "";
    // Between the shell's start and the answer to its size.
    if (path.includes("/resize") && terminal) {
      terminal.resetAndDestroy();
      await once(terminal, "close");
    }
    response.writeHead(path.endsWith("/exec") ? 201 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(path.endsWith("/exec") ? { Id: "one" } : { Running: false, Pid: 0, ExitCode: 129 }));
  });
  engine.on("upgrade", (_request, socket) => {
    if (!(socket instanceof Socket)) return;
    terminal = socket.on("error", () => undefined);
    socket.write("HTTP/1.1 101 UPGRADED\r\nconnection: upgrade\r\nupgrade: tcp\r\n\r\n");
  });
  engine.listen(0, "127.0.0.1");
  await once(engine, "listening");
  const address = engine.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const own = new Set<string>();
  try {
    const shell = await openShell(new Docker({ host: "127.0.0.1", port }), "container", { columns: 80, rows: 24 }, own);
    if (!shell.stream.destroyed) await once(shell.stream, "close");
    assert.equal(await shell.exitCode(), 129);
    await shell.end();
    assert.equal(own.size, 0);
  } finally {
    engine.closeAllConnections();
    engine.close();
  }
});
