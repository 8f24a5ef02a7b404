import assert from "node:assert/strict";
import { test } from "node:test";
import { waitingFor } from "./waiting-for.ts";

const cluster = { id: "cflights", name: "flights", tenant: "acme" };

for (const [phase, goesOn] of [
  ["queued", true],
  ["starting", true],
  ["ready", true],
  ["degraded", true],
  ["unknown", true],
  ["stopping", false],
  ["stopped", false],
  ["failed", false],
  ["deleting", false],
] as const)
  test(`a cluster that is ${phase} ${goesOn ? "is waited for" : "needs somebody"}`, () => {
    const words = waitingFor({ cluster, title: "Jupyter", phase, reason: null });
    assert.equal(words.goesOn, goesOn);
    assert.ok(words.sentence.length > 10 && words.title.includes("flights"));
  });

test("the reason is passed on", () => {
  assert.match(waitingFor({ cluster, title: "Jupyter", phase: "starting", reason: "workers 1 of 2" }).sentence, /workers 1 of 2/);
  assert.equal(waitingFor({ cluster, title: "Jupyter", phase: "failed", reason: "No host fits." }).sentence, "No host fits.");
});
