import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { usualOf } from "./usual.ts";

describe("how long a start usually takes", () => {
  it("is the middle of the last ones, in whole seconds", () => assert.deepEqual(usualOf([9.2, 14.1, 11, 12, 10]), { from: 10, to: 12 }));
  it("is not known before there were a few", () => assert.equal(usualOf([9, 10]), null));
  it("does not count the start that waited for its image to be built", () =>
    assert.deepEqual(usualOf([239, 34.6, 12.6]), { from: 12, to: 35 }));
  it("lies within what was measured", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.1, max: 10_000, noNaN: true }), { minLength: 3, maxLength: 20 }), (seconds) => {
        const usual = usualOf(seconds);
        assert.ok(
          usual && usual.from <= usual.to && usual.from >= Math.floor(Math.min(...seconds)) && usual.to <= Math.ceil(Math.max(...seconds)),
        );
      }),
    );
  });
});
