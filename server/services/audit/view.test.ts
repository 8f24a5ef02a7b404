import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { detailWords } from "./view.ts";

describe("what is written beside an entry", () => {
  for (const [detail, words] of [
    [{ endpoint: "jupyter" }, "jupyter"],
    [{ days: 30 }, "for 30 days"],
    [{ days: 1 }, "for a day"],
    [{ what: "with all data", starts: { seconds: [3] } }, "with all data"],
    [{ from: 1, to: 2, unit: "workers" }, "1 → 2 workers"],
    [{ node: "kindling-1" }, "node kindling-1"],
    [{}, null],
    [null, null],
  ] as const)
    it(words ?? `nothing for ${JSON.stringify(detail)}`, () => assert.equal(detailWords(detail), words));
});
