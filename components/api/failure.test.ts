import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TRPCClientError } from "@trpc/client";
import { TRPCError } from "@trpc/server";
import fc from "fast-check";
import { UserError } from "../../server/errors.ts";
import { failure } from "./failure.ts";

describe("what went wrong", () => {
  it("is the server's sentence, kind and field, over the wire", () => {
    const error = TRPCClientError.from({
      error: { code: -32600, message: "Take another name.", data: { kind: "conflict", field: "name", code: "CONFLICT", httpStatus: 409 } },
    });
    assert.deepEqual(failure(error), { kind: "conflict", field: "name", message: "Take another name." });
  });
  it("is the same for a page that called the procedure itself", () => {
    const cause = new UserError("not_found", "There is no such tenant here.");
    assert.equal(failure(new TRPCError({ code: "NOT_FOUND", message: cause.message, cause })).kind, "not_found");
    assert.equal(failure(new TRPCError({ code: "UNAUTHORIZED", message: "Sign in." })).kind, "not_signed_in");
  });
  it("says that the platform does not answer when nothing came back", () => {
    const { kind, message } = failure(new TypeError("Failed to fetch"));
    assert.equal(kind, "unavailable");
    assert.doesNotMatch(message, /fetch/);
  });
  it("always has a sentence, whatever was thrown", () => {
    fc.assert(fc.property(fc.anything(), (thrown) => assert.ok(failure(thrown).message.length > 0)));
  });
});
