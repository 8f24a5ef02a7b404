import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { safeReturn } from "./auth.ts";

describe("where sign-in returns to", () => {
  const cases: [string | null | undefined, string][] = [
    ["/t/analytics/clusters?q=a#b", "/t/analytics/clusters?q=a#b"],
    ["/go/abc/jupyter", "/go/abc/jupyter"],
    [null, "/"],
    [undefined, "/"],
    ["", "/"],
    ["https://evil.example/", "/"],
    ["//evil.example/", "/"],
    ["/\\evil.example/", "/"],
    ["/\t/evil.example/", "/"],
    ["javascript:alert(1)", "/"],
    ["/sign-in?next=/", "/"],
  ];
  for (const [next, expected] of cases) {
    it(`${JSON.stringify(next)} → ${expected}`, () => assert.equal(safeReturn(next), expected));
  }

  it("never leaves this site", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((rest) => `/${rest}`),
          fc.string().map((rest) => `//${rest}`),
        ),
        (next) => {
          const url = new URL(safeReturn(next), "https://portal.example");
          assert.equal(url.origin, "https://portal.example");
        },
      ),
    );
  });
});
