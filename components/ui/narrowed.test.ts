import assert from "node:assert/strict";
import { test } from "node:test";
import { narrowed } from "./narrowed.ts";

test("every word has to be there, in any order and case; no word leaves all", () => {
  const rows = ["Analytics lab", "analytics", "Research lab"];
  const of = (words: string) => narrowed(rows, words, (row) => row);
  assert.deepEqual(of("LAB ana"), ["Analytics lab"]);
  assert.deepEqual(of("lab"), ["Analytics lab", "Research lab"]);
  assert.deepEqual(of("  "), rows);
  assert.deepEqual(of("lab nothing"), []);
});
