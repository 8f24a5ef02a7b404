import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { portFree } from "./port-free.ts";

test("a port in use is refused with the setting to change, and waited for while it is given up", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  assert.ok(address && typeof address === "object");
  const { port } = address;
  await assert.rejects(portFree("KINDLING_PORT", "127.0.0.1", port, 0), new RegExp(`Port ${port} of 127.0.0.1 is in use.*KINDLING_PORT`));
  const waited = portFree("KINDLING_PORT", "127.0.0.1", port, 60_000);
  other.close();
  await waited;
});
