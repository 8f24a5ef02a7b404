import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createReader } from "./keys.ts";

function type(...presses: [key: string, at: number][]) {
  const read = createReader();
  return presses.map(([key, at]) => read(key, at));
}

describe("the keys", () => {
  it("reads single letters", () =>
    assert.deepEqual(type(["c", 0], ["/", 1], ["?", 2], ["j", 3], ["k", 4]), ["create", "search", "help", "next", "previous"]));
  it("reads g c and g h", () => assert.deepEqual(type(["g", 0], ["c", 900], ["g", 1000], ["h", 1100]), [null, "clusters", null, "home"]));
  it("takes a late second letter as a single one", () => assert.deepEqual(type(["g", 0], ["c", 1001]), [null, "create"]));
  it("forgets g after any other letter", () => assert.deepEqual(type(["g", 0], ["x", 10], ["h", 20]), [null, null, null]));
  it("ignores what is no letter of ours", () => assert.deepEqual(type(["Enter", 0], ["constructor", 1], ["C", 2]), [null, null, null]));
});
