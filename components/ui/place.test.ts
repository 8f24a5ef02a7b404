import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { place, type Side } from "./place.ts";

const window = { width: 390, height: 844 };
const hint = { width: 200, height: 40 };

describe("where a hint goes", () => {
  it("stands above its anchor, centred", () => {
    assert.deepEqual(place({ left: 100, top: 100, width: 40, height: 32 }, hint, "top", window), { left: 20, top: 54 });
  });
  it("goes below where there is no room above", () => {
    assert.equal(place({ left: 100, top: 10, width: 40, height: 32 }, hint, "top", window).top, 48);
  });
  it("is moved in from the window's edge", () => {
    assert.equal(place({ left: 350, top: 100, width: 32, height: 32 }, hint, "top", window).left, 184);
  });

  it("is always inside the window", () => {
    const length = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(
        fc.record({ left: length(390), top: length(844), width: length(100), height: length(60) }),
        fc.record({ width: fc.integer({ min: 1, max: 288 }), height: fc.integer({ min: 1, max: 200 }) }),
        fc.constantFrom<Side>("top", "right", "bottom", "left"),
        (anchor, size, side) => {
          const { left, top } = place(anchor, size, side, window);
          assert.ok(left >= 0 && top >= 0 && left + size.width <= window.width && top + size.height <= window.height);
        },
      ),
    );
  });
});
