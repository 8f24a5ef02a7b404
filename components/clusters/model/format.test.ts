import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { flavorWords, gpuWords, list, timer, usual, vcpu } from "./format.ts";

test("measured times keep one decimal below a minute and turn over without showing 60", () => {
  assert.equal(timer(200), "0.2 s");
  assert.equal(timer(7500), "7.5 s");
  assert.equal(timer(59_960), "1:00 min");
  assert.equal(timer(65_000), "1:05 min");
  assert.equal(timer(3_720_000), "1:02 h");
  assert.equal(timer(-30), "0.0 s");
});

test("no measured time ever shows 60 of a smaller unit", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 90_000_000 }), (ms) => !/(^|:)60/.test(timer(ms))));
});

test("cards by their models, and a flavor with them", () => {
  const card = (id: string, model: string) => ({ id, model });
  assert.equal(gpuWords([card("1", "NVIDIA L4")]), "NVIDIA L4");
  assert.equal(gpuWords([card("1", "NVIDIA L4"), card("2", "NVIDIA A100"), card("3", "NVIDIA L4")]), "2 NVIDIA L4 and NVIDIA A100");
  const medium = { slug: "medium", name: "Medium", vcpus: 2, memoryMb: 6144, dataGb: 10, gpus: 0 };
  assert.equal(flavorWords(medium), "Medium: 2 vCPU · 6 GB · 10 GB /data");
  assert.equal(flavorWords({ ...medium, gpus: 1 }), "Medium: 2 vCPU · 6 GB · 1 GPU · 10 GB /data");
});

test("small words", () => {
  assert.equal(usual({ from: 8.6, to: 14.2 }), "9–14 s");
  assert.equal(usual({ from: 9, to: 9.3 }), "9 s");
  assert.equal(vcpu(0.5), "0.5 vCPU");
  assert.equal(list(["a", "b", "c"]), "a, b and c");
});
