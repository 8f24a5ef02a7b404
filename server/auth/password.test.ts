import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { UserError } from "../errors.ts";
import { checkShape, wrongCredentials } from "./password.ts";

describe("what is refused before the directory is asked", () => {
  const refused = (username: unknown, password: unknown, code: string, message: string) =>
    assert.throws(
      () => checkShape(username, password),
      (error) => error instanceof UserError && error.code === code && error.message === message,
    );
  it("an empty name or password, which would be an anonymous bind", () => {
    refused("", "x", "bad_request", "Enter your user name.");
    refused("  ", "x", "bad_request", "Enter your user name.");
    refused("dana", "", "bad_request", "Enter your password.");
    refused("dana", undefined, "bad_request", "Enter your password.");
    refused({}, "x", "bad_request", "Enter your user name.");
  });
  it("a NUL, and what is longer than any password, as if it were wrong", () => {
    refused("dana", "right\0anything", "not_signed_in", wrongCredentials);
    refused("dana", "x".repeat(257), "not_signed_in", wrongCredentials);
    refused("d".repeat(101), "x", "not_signed_in", wrongCredentials);
  });
  it("names with anything that means something in a filter", () => {
    for (const name of ["*", "dana)(uid=*", "a\\2a", "dana\0", "uid=dana,ou=people", "a b", "a&b"])
      refused(name, "x", "not_signed_in", wrongCredentials);
  });
  it("nothing that people have as a name", () => {
    for (const name of ["dana", "d.moreau", "d_m-1", "dana@example.com", "jörg", "李"])
      assert.equal(checkShape(name, "x").username, name.toLowerCase());
    assert.equal(checkShape(" Dana ", "x").username, "dana");
  });
  it("lets no other names through", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        try {
          assert.match(checkShape(name, "x").username, /^[^()*\\\0,=\s]+$/);
        } catch (error) {
          assert.ok(error instanceof UserError);
        }
      }),
    );
  });
});
