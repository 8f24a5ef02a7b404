import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { auditWords } from "./words.ts";

describe("the audit's words", () => {
  it("says known actions as a sentence's start", () => assert.equal(auditWords("cluster.delete"), "Delete cluster"));
  it("shows what it does not know as recorded, readable", () => assert.equal(auditWords("host.cordon_set"), "Host cordon set"));
  it("is never empty", () => assert.equal(auditWords(""), "Something"));
});
