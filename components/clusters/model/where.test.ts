import assert from "node:assert/strict";
import { test } from "node:test";
import { cluster } from "../testing/fixtures.ts";
import { hostLine, segmentLine } from "./where.ts";

const view = cluster("flights", "ready", Date.parse("2026-03-01T12:00:00.000Z"));

test("the rail says the network and how much of it is taken", () => {
  assert.equal(segmentLine(view), "Segment analytics · 10.35.219.0/24 · 4 of 248 addresses used");
  assert.equal(segmentLine({ ...view, segment: null }), "Segment of Analytics · 4 addresses");
});

test("a host says what it carries for everybody, of what it has", () => {
  const part = { name: "host-1", vcpus: 3, memoryMb: 10_240 };
  assert.equal(hostLine(view, part), "6 / 8 vCPU · 20 / 32 GB");
  const small = { name: "host-1", vcpus: { used: 1, total: 8 }, memoryMb: { used: 512, total: 9216 } };
  assert.equal(hostLine({ hosts: [small] }, part), "1 / 8 vCPU · 512 MB / 9 GB");
});

test("a host that nobody has heard of yet says this cluster's part", () => {
  const part = { name: "host-1", vcpus: 3, memoryMb: 10_240 };
  assert.equal(hostLine({ hosts: [] }, part), "3 vCPU · 10 GB");
  const silent = { name: "host-1", vcpus: { used: 3, total: 0 }, memoryMb: { used: 10_240, total: 0 } };
  assert.equal(hostLine({ hosts: [silent] }, part), "3 vCPU · 10 GB");
});
