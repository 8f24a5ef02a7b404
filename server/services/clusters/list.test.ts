import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ListClusters } from "./list.ts";

const searched = (q: string): string | undefined => ListClusters.parse({ tenant: "analytics", q }).q;

describe("what a list of clusters is searched for", () => {
  it("is what was typed", () => assert.equal(searched("  Dana's flights "), "Dana's flights"));
  it("is cut where it is longer than anything it could match, instead of refused", () => {
    assert.equal(searched("a".repeat(500)), "a".repeat(100));
  });
  it("holds nothing that the database does not take", () => {
    assert.equal(searched("fli\u0000ghts"), "fli ghts");
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (q) => assert.doesNotMatch(searched(q) ?? "", /\p{Cc}/u)));
  });
});
