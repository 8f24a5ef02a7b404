import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { match } from "./palette-match.ts";

const groups = [
  {
    title: "Clusters",
    entries: [
      { title: "nightly-flights", detail: "Spark 3.5" },
      { title: "flights", detail: "Spark 3.5" },
    ],
  },
  { title: "Site", entries: [{ title: "Hosts" }, { title: "Audit" }] },
];
const titles = (query: string) => match(groups, query).flatMap((group) => group.entries.map((entry) => entry.title));

describe("the palette", () => {
  it("shows everything before anything is typed", () => assert.deepEqual(titles(""), ["nightly-flights", "flights", "Hosts", "Audit"]));
  it("puts what starts with the word first", () => assert.deepEqual(titles("flig"), ["flights", "nightly-flights"]));
  it("finds by several words in any order, the group's name included", () => assert.deepEqual(titles("audit site"), ["Audit"]));
  it("drops empty groups", () => assert.deepEqual(match(groups, "zzz"), []));
  it("leaves the order of what it was given alone", () => {
    match(groups, "flights");
    assert.deepEqual(titles(""), ["nightly-flights", "flights", "Hosts", "Audit"]);
  });
});
