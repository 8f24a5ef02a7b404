import assert from "node:assert/strict";
import { test } from "node:test";
import { requestHeaders, responseHeaders } from "./headers.ts";
import type { ServiceHost } from "./host.ts";

const host: ServiceHost = { endpoint: "spark", clusterId: "cflights", origin: "https://spark-cflights.svc.example.com", secure: true };

test("headers that Connection names end with the connection, but a message never loses its length", () => {
  const connection = "close, X-Mine, Content-Length, transfer-encoding";
  const distinct = { connection: [connection], "x-mine": ["1"], "content-length": ["5"], accept: ["*/*"] };
  const there = requestHeaders(distinct, { connection }, host, { ip: "192.0.2.1", token: null });
  // Without it the body of a GET or DELETE would be read as the next request.
  assert.deepEqual([there["content-length"], there["x-mine"], there.accept, there.connection], ["5", undefined, "*/*", undefined]);
  assert.equal(responseHeaders(distinct, { connection })["content-length"], "5");
});
