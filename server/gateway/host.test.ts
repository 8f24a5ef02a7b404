import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readEnv, serviceOrigin } from "../env.ts";
import { localPath, parseHost, rawValues } from "./host.ts";

const local = readEnv({ KINDLING_GATEWAY_PORT: "3001" });
const wild = readEnv({ KINDLING_SERVICES_URL: "https://*.svc.example.com" });

test("the host of an endpoint is read back from its origin", () => {
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
  const id = fc.stringMatching(/^[a-z][a-z0-9]{4,20}$/);
  fc.assert(
    fc.property(label, id, fc.constantFrom(local, wild), (endpoint, clusterId, env) => {
      const origin = serviceOrigin(env, endpoint, clusterId);
      const read = parseHost(env, [new URL(origin).host]);
      assert.deepEqual(read, { endpoint, clusterId, origin, secure: env === wild });
    }),
  );
});

test("no other text is a host, and nothing throws", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = parseHost(wild, [text]);
      if (read) assert.equal(text.toLowerCase().replace(/:443$/, ""), new URL(read.origin).host);
    }),
  );
});

test("https may say its port, and hosts do not come in pairs", () => {
  assert.ok(parseHost(wild, ["jupyter-cabcde.svc.example.com:443"]));
  assert.equal(parseHost(wild, ["jupyter-cabcde.svc.example.com:80"]), null);
  assert.equal(parseHost(wild, ["jupyter-cabcde.svc.example.com", "jupyter-cabcde.svc.example.com"]), null);
  assert.equal(parseHost(wild, []), null);
});

test("every value of a doubled header is seen", () => {
  assert.deepEqual(rawValues(["Host", "a", "x", "y", "HOST", "b"], "host"), ["a", "b"]);
});

test("a local path never leaves its origin", () => {
  const origin = "https://jupyter-cabcde.svc.example.com";
  const piece = fc.constantFrom("/", "//", "\\", ".", "..", "\t", "\n", "%2f", "evil.test", "@", ":", "?", "#", "a", "http:", " ");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const path = localPath(pieces.join(""), origin);
      if (path !== null) assert.equal(new URL(path, origin).origin, origin);
    }),
    { numRuns: 2000 },
  );
  assert.equal(localPath("/lab/tree/a b.ipynb?x=1#y", origin), "/lab/tree/a%20b.ipynb?x=1");
  assert.equal(localPath("//evil.test", origin), null);
  assert.equal(localPath("https://evil.test", origin), null);
  assert.equal(localPath(`/${"a".repeat(2000)}`, origin), null);
});
