import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { AuditCursor, SiteAuditFilter } from "../../server/services/audit/schemas.ts";
import { type AuditParams, auditParams, auditQuery, filtered } from "./params.ts";

describe("the audit page's address", () => {
  it("keeps what can be asked for and drops the rest", () => {
    const read = auditParams({
      person: " dana ",
      action: "cluster.delete",
      result: "maybe",
      from: "2026-03-01",
      to: "soon",
      thing: "",
      cursor: "12",
    });
    assert.deepEqual(read, { person: "dana", action: "cluster.delete", from: "2026-03-01", cursor: "12" });
    assert.equal(auditQuery(read), "?person=dana&action=cluster.delete&from=2026-03-01&cursor=12");
    assert.equal(auditQuery({}), "");
    assert.ok(filtered(read));
    assert.ok(!filtered({ cursor: "12" }));
  });
  it("never asks the API for what it would refuse, whatever was typed", () => {
    const names: (keyof AuditParams)[] = ["person", "action", "thing", "result", "from", "to", "tenant", "cursor"];
    const values = fc.oneof(
      fc.string(),
      fc.constantFrom("2026-02-31", "2026-03-01T1", "2026-03-01T12:00:00Z", "-", "a.b", "\0", "9".repeat(30)),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), values), (search) => {
        const { cursor, ...filter } = auditParams(search);
        assert.ok(SiteAuditFilter.safeParse(filter).success, JSON.stringify(filter));
        assert.ok(AuditCursor.optional().safeParse(cursor).success);
      }),
    );
  });
});
