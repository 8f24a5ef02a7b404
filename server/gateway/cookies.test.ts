import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cookieFromNode, cookieNames, cookiesForNode, ownCookie, parseCookies } from "./cookies.ts";

const ours = [
  "kindling-session",
  "__Host-kindling-session",
  "__host-Kindling-nonce-1",
  "next-auth.session-token",
  "__Secure-next-auth.session-token",
];

test("a node sees its own cookies only", () => {
  for (const name of ours) assert.equal(cookiesForNode(`${name}=secret`), null, name);
  assert.equal(cookiesForNode("a=1; kindling-session=secret; _xsrf=2|3; next-auth.csrf-token=t"), "a=1; _xsrf=2|3");
  assert.equal(cookiesForNode(undefined), null);
});

test("whatever stands around a cookie of ours, its value does not pass", () => {
  const around = fc.array(fc.constantFrom(" ", ";", "=", "a", '"', "\t", ",", "a=b"), { maxLength: 4 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(around, around, fc.constantFrom(...ours), (before, after, name) => {
      const header = `${before}; ${name}=S3CRET; ${after}`;
      assert.ok(!(cookiesForNode(header) ?? "").includes("S3CRET"), header);
    }),
  );
});

test("a node sets no cookie of ours, and none for other hosts", () => {
  for (const name of ours) assert.equal(cookieFromNode(`${name}=x; Path=/`), null, name);
  assert.equal(cookieFromNode("=kindling-session=x"), null);
  assert.equal(cookieFromNode("kindling-session"), null);
  assert.equal(cookieFromNode(" kindling-session =x"), null);
  assert.equal(cookieFromNode("a=1; Domain=example.com; path=/x; DOMAIN = .example.com; HttpOnly; domain"), "a=1; path=/x; HttpOnly");
});

test("own cookies are host-only and out of scripts' reach, with https by their name too", () => {
  assert.equal(ownCookie("kindling-session", "v", false, 10), "kindling-session=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=10");
  assert.match(ownCookie(cookieNames(true).session, "v", true, 10), /^__Host-kindling-session=v; Path=\/; .*; Secure$/);
  assert.deepEqual(parseCookies("a=1; b=x=y;c; =d"), [
    { name: "a", value: "1" },
    { name: "b", value: "x=y" },
  ]);
});
