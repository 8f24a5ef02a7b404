import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readEnv } from "../env.ts";
import { contentPolicy, hostAllowed, mayChange, originAllowed } from "./security.ts";

const home = readEnv({});
const site = readEnv({ KINDLING_PUBLIC_URL: "https://spark.example.com", KINDLING_SERVICES_URL: "https://*.svc.example.com" });

describe("who may talk to the portal", () => {
  it("is asked by its own names", () => {
    for (const host of ["spark.example.com", "SPARK.example.com", "localhost:3000", "127.0.0.1:1", "[::1]:3000"])
      assert.ok(hostAllowed(site, host), host);
    for (const host of [
      undefined,
      "",
      "spark.example.com:8080",
      "evil.example",
      "spark.example.com.evil.example",
      "a@spark.example.com",
      "127.0.0.1.nip.io",
      "jupyter-c1.svc.example.com",
    ])
      assert.equal(hostAllowed(site, host), false, host);
  });
  it("sends its own pages' origin", () => {
    assert.ok(originAllowed(site, "https://spark.example.com", "spark.example.com"));
    assert.ok(originAllowed(home, "http://localhost:8443", "localhost:8443"));
    for (const origin of [
      undefined,
      "null",
      "http://spark.example.com",
      "https://svc.example.com",
      "https://jupyter-c1.svc.example.com",
      "https://spark.example.com.evil.example",
      "http://localhost:1",
    ])
      assert.equal(originAllowed(site, origin, "spark.example.com"), false, origin);
    assert.equal(originAllowed(home, "http://jupyter-c1.localhost:3001", "localhost:3000"), false);
  });
  it("is nobody else, whatever the header holds", () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.domain(), (origin, host) => {
        assert.equal(originAllowed(home, origin, host), false);
        assert.equal(hostAllowed(home, host), false);
      }),
      { numRuns: 30 },
    );
  });
  it("may read always, and change with a token or from a page of ours", () => {
    const change = (headers: Record<string, string>) =>
      mayChange(home, { method: "POST", headers: { host: "localhost:3000", ...headers } });
    assert.ok(mayChange(home, { method: "GET", headers: { origin: "https://evil.example", cookie: "a=b" } }));
    assert.ok(change({ authorization: "Bearer x" }));
    assert.ok(change({ cookie: "a=b", "sec-fetch-site": "same-origin" }));
    assert.equal(change({ cookie: "a=b" }), false);
    assert.equal(change({ authorization: "Bearer x", origin: "https://evil.example" }), false);
    assert.equal(change({ "sec-fetch-site": "same-site", cookie: "a=b" }), false);
  });
  it("gets pages that load nothing from elsewhere and sit in nobody's frame", () => {
    const policy = contentPolicy(site, "abc", false);
    assert.match(policy, /script-src 'self' 'nonce-abc' 'strict-dynamic';/);
    assert.match(policy, /form-action 'self' https:\/\/\*\.svc\.example\.com$/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.ok(!/unsafe-eval|style-src '[^;]*unsafe-inline/.test(policy));
  });
});
