import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { columnChanges } from "./changes.ts";
import { csvLine } from "./csv.ts";
import { actionOf } from "./refusal.ts";
import { changesOf } from "./view.ts";

describe("what a write changes", () => {
  it("is each plain column that gets another value, under the name people know", () => {
    const row = { desired: "running", workerCount: 2, tags: ["a"], attemptAt: new Date(0), mode: "active" };
    const data = { desired: "stopped", workerCount: 2, tags: ["a", "b"], attemptAt: new Date(1), generation: { increment: 1 } };
    assert.deepEqual(columnChanges(row, data), {
      before: { wanted: "running", tags: "a" },
      after: { wanted: "stopped", tags: "a, b" },
    });
    assert.equal(columnChanges(row, { mode: "active" }), null);
  });
  it("is read back as pairs, also from older rows", () => {
    assert.deepEqual(changesOf({ from: 1, to: 3, unit: "workers" }), [{ name: "workers", before: "1", after: "3" }]);
    assert.deepEqual(changesOf({ before: "nothing", after: "member of a" }), [{ name: "", before: "nothing", after: "member of a" }]);
    assert.deepEqual(changesOf({ what: "x", before: { a: "1" }, after: { b: 2 } }), [
      { name: "a", before: "1", after: null },
      { name: "b", before: null, after: "2" },
    ]);
    assert.deepEqual(changesOf(null), []);
  });
});

describe("a line for a spreadsheet", () => {
  it("quotes everything and doubles quotes", () => assert.equal(csvLine(['a "b"', null, "c,d"]), '"a ""b""","","c,d"\r\n'));
  for (const evil of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=cmd|' /C calc'!A0", "|calc", "%0A"])
    it(`is no formula: ${JSON.stringify(evil)}`, () => assert.ok(csvLine([evil]).startsWith(`"'`)));
});

describe("a refused call", () => {
  for (const [path, action] of [
    ["siteTenants.create", "tenant.create"],
    ["siteFlavors.edit", "flavor.edit"],
    ["hosts.drain", "host.drain"],
    ["directory.addMapping", "mapping.add"],
    ["handover.create", "service.open"],
  ] as const)
    it(`is called as if it had been done: ${action}`, () => assert.equal(actionOf(path), action));
  it("is called a terminal where it was one", () =>
    assert.deepEqual(
      ["terminal-3", "terminals", "jupyter"].map((endpoint) => actionOf("handover.create", { endpoint })),
      ["terminal.open", "service.open", "service.open"],
    ));
});
