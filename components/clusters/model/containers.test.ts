import assert from "node:assert/strict";
import { test } from "node:test";
import { node } from "../testing/fixtures.ts";
import { alterations, comparedLine } from "./containers.ts";

const now = Date.UTC(2026, 10, 21);
const at = new Date(now).toISOString();
const difference = { what: "memory", approved: "2048 MB", engine: "4096 MB" };
const compared = (n: number, ...differences: (typeof difference)[]) => ({
  ...node({ n, host: "host-1", at: now }),
  audit: { at, differences },
});

test("containers are said to be as approved only when each was compared", () => {
  assert.equal(comparedLine([]), null);
  assert.equal(comparedLine([node({ n: 1, host: "host-1", phase: "stopped", at: now })]), null);
  assert.deepEqual(comparedLine([compared(1), compared(2)]), {
    state: "ready",
    text: "2 containers compared with what was approved: all as approved",
  });
  assert.equal(comparedLine([compared(1), node({ n: 2, host: "host-1", at: now })])?.state, "busy");
  assert.deepEqual(comparedLine([compared(1), compared(2, difference), node({ n: 3, host: "host-1", at: now })]), {
    state: "failed",
    text: "1 of 3 containers is not as approved",
  });
});

test("what differs is told for each node", () => {
  assert.deepEqual(alterations([compared(1), compared(2, difference)]), [
    { node: "kindling-2", lines: ["memory: approved 2048 MB, now 4096 MB"] },
  ]);
});
