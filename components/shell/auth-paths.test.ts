import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { authPathUsed } from "./auth-paths.ts";

describe("NextAuth's own addresses", () => {
  for (const [method, path] of [
    ["GET", "csrf"],
    ["GET", "session"],
    ["POST", "callback/directory"],
    ["POST", "signout"],
    ["GET", "error"],
  ] as const)
    it(`${method} ${path} is used`, () => assert.ok(authPathUsed(method, path.split("/"))));
  for (const [method, path] of [
    ["GET", "verify-request"],
    ["GET", "signout"],
    ["GET", "callback/directory"],
    ["POST", "callback/email"],
    ["POST", "signin/email"],
    ["GET", "providers"],
    ["POST", "_log"],
    ["GET", "constructor"],
    ["GET", ""],
    ["GET", "session/x"],
  ] as const)
    it(`${method} ${path || "nothing"} is not there`, () => assert.ok(!authPathUsed(method, path.split("/"))));
});
