import assert from "node:assert/strict";
import { it } from "node:test";
import { encode } from "next-auth/jwt";
import { sessionIdFromCookie } from "./cookies.ts";

it("a cookie that is not ours, however it is spelt, is no session and no error", async () => {
  const token = await encode({ token: { sid: "s12345" }, secret: "right" });
  assert.equal(await sessionIdFromCookie(`a=1; kindling-3000-session=${token}`, "kindling-3000-session", "right"), "s12345");
  assert.equal(await sessionIdFromCookie(`kindling-3000-session=${token}`, "kindling-3000-session", "wrong"), null);
  for (const value of ["%", "%E0%A4%A", "x", ""])
    assert.equal(await sessionIdFromCookie(`kindling-3000-session=${value}`, "kindling-3000-session", "right"), null, value);
});
