import assert from "node:assert/strict";
import { test } from "node:test";
import { hoursWords, personState } from "./words.ts";

test("hours are as exact as their size deserves", () => {
  for (const [hours, words] of [
    [0, "0"],
    [0.01, "< 0.1"],
    [0.44, "0.4"],
    [9.96, "10"],
    [12.6, "13"],
    [1240.2, "1,240"],
  ] as const)
    assert.equal(hoursWords(hours), words);
});

test("what keeps somebody out is said before that they are signed in", () => {
  const person = { here: true, barred: null, role: "member" as const };
  assert.equal(personState(person)?.word, "Signed in");
  assert.equal(personState({ ...person, here: false }), null);
  assert.equal(personState({ ...person, barred: "disabled" })?.word, "Disabled");
  assert.equal(personState({ ...person, barred: "missing" })?.word, "Not in the directory");
  assert.equal(personState({ ...person, role: null })?.word, "No longer in it");
});
