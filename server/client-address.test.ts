import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { addressReader } from "./client-address.ts";

const from = (trusted: string[], remoteAddress: string, forwarded?: string | string[]) =>
  addressReader(trusted)({ socket: { remoteAddress }, headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded } });

describe("where a request comes from", () => {
  const proxies = ["10.0.0.0/8", "2001:db8::1", "127.0.0.1"];

  it("is the connection's own address where no proxy is trusted, whatever it claims", () => {
    fc.assert(fc.property(fc.string(), (claim) => assert.equal(from([], "192.0.2.1", claim), "192.0.2.1")));
    assert.equal(from(proxies, "192.0.2.1", "198.51.100.1"), "192.0.2.1");
    assert.equal(from([], "::ffff:192.0.2.1"), "192.0.2.1");
  });

  it("is what the trusted proxy saw, never what its client wrote before it", () => {
    assert.equal(from(proxies, "10.1.2.3", "203.0.113.9"), "203.0.113.9");
    assert.equal(from(proxies, "10.1.2.3", "1.1.1.1, 203.0.113.9"), "203.0.113.9");
    assert.equal(from(proxies, "10.1.2.3", ["1.1.1.1", "203.0.113.9"]), "203.0.113.9");
    fc.assert(fc.property(fc.string(), (forged) => assert.equal(from(proxies, "10.1.2.3", `${forged},203.0.113.9`), "203.0.113.9")));
  });

  it("is found past several trusted proxies, in every spelling", () => {
    assert.equal(from(proxies, "::ffff:127.0.0.1", "6.6.6.6, 203.0.113.9, 10.9.9.9, 2001:DB8::1"), "203.0.113.9");
    assert.equal(from(proxies, "10.1.2.3", "203.0.113.9:51000"), "203.0.113.9");
    assert.equal(from(proxies, "10.1.2.3", "[2001:db8::7]:443"), "2001:db8::7");
  });

  it("is the last proxy that says nothing we can read", () => {
    for (const forwarded of [undefined, "", "unknown", "10.9.9.9, nonsense", "203.0.113.9, "])
      assert.equal(from(proxies, "10.1.2.3", forwarded), "10.1.2.3", String(forwarded));
    assert.equal(from(proxies, "10.1.2.3", "10.4.4.4, 10.5.5.5"), "10.4.4.4");
  });
});
