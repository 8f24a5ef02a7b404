import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { actions } from "../../server/services/audit/actions.ts";
import { auditWords, choices, words } from "./words.ts";

describe("the audit's words", () => {
  it("says known actions as a sentence's start", () => assert.equal(auditWords("cluster.delete"), "Delete cluster"));
  it("shows what it does not know as recorded, readable", () => assert.equal(auditWords("host.cordon_set"), "Host cordon set"));
  it("is never empty", () => assert.equal(auditWords(""), "Something"));
  it("has words for all that is written down, and for nothing else", () => {
    const known = Object.entries(actions).flatMap(([kind, verbs]) => verbs.map((verb) => `${kind}.${verb}`));
    assert.deepEqual(Object.keys(words).sort(), known.sort());
  });
  it("offers whole phrases", () => {
    for (const { label } of choices) assert.doesNotMatch(label, /( of| the| with|'s|…)$/, label);
    assert.ok(choices.some(({ label }) => label === "Change the workers of a cluster"));
  });
});
