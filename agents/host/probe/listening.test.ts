import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { listeningPorts, portsIn } from "./listening.ts";

test("a port is seen from the moment on which somebody listens on it", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address && typeof address === "object");
  assert.ok(listeningPorts("/proc/self/ns/net")?.has(address.port));
  await new Promise((resolve) => server.close(resolve));
  assert.equal(listeningPorts("/proc/self/ns/net")?.has(address.port), false);
});

test("connections are not listened on, and what is no process has no table", () => {
  const line = (port: string, state: string) =>
    `   1: 0100007F:${port} 0200007F:0050 ${state} 00000000:00000000 00:00000000 00000000  1000`;
  assert.deepEqual(portsIn(["  sl  local_address rem_address   st", line("1F90", "0A"), line("1F91", "01")].join("\n")), [8080]);
  assert.equal(listeningPorts("/proc/0/ns/net"), null);
});
