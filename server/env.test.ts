import assert from "node:assert/strict";
import { test } from "node:test";
import { portalOrigin, readEnv, serviceOrigin } from "./env.ts";

test("without any setting the platform stays on this machine", () => {
  const env = readEnv({});
  assert.equal(env.KINDLING_BIND, "127.0.0.1");
  assert.equal(portalOrigin(env), "http://localhost:3000");
  assert.equal(serviceOrigin(env, "jupyter", "c1"), "http://jupyter-c1.localhost:3001");
});

test("every wrong setting is named with what it must be", () => {
  const wrong = {
    KINDLING_HOME: "kindling",
    KINDLING_PORT: "many",
    KINDLING_SERVICES_URL: "https://svc.example.com",
    KINDLING_LDAP_URL: "dc1",
  };
  assert.throws(
    () => readEnv(wrong),
    (error) => {
      assert.ok(error instanceof Error);
      const lines = error.message.split("\n");
      assert.deepEqual(lines.map((line) => line.split(":")[0]).toSorted(), Object.keys(wrong).toSorted());
      for (const line of lines) assert.match(line, /^KINDLING_\w+: must b/);
      return true;
    },
  );
});
