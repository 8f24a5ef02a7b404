import assert from "node:assert/strict";
import { test } from "node:test";
import { fitRows, nearestLabel, placementLine } from "./fit.ts";
import { broughtData, masterDisk } from "./keep.ts";
import { inOrder, openLabel, openState } from "./links.ts";
import { resizeView } from "./resize.ts";

test("what it takes stands beside what is left; too much is marked", () => {
  const rows = fitRows({
    takes: { vcpus: 4, memoryMb: 14_336, dataGb: 30, nodes: 3, gpus: 0 },
    mine: { clusters: 1, nodes: null, vcpus: null, memoryMb: 8192, dataGb: null, gpus: null },
    left: { clusters: 2, nodes: null, vcpus: 3, memoryMb: 20_480, dataGb: -5, gpus: null },
  });
  assert.deepEqual(
    rows.map((row) => [row.title, row.takes, row.mine?.text, row.mine?.over, row.left?.text, row.left?.over]),
    [
      ["Clusters", "1", "1", false, "2", false],
      ["Nodes", "3", undefined, undefined, undefined, undefined],
      ["vCPU", "4", undefined, undefined, "3", true],
      ["Memory", "14 GB", "8 GB", true, "20 GB", false],
      ["Disk", "30 GB", undefined, undefined, "0 GB", true],
    ],
  );
});

test("GPUs are told of where it takes some or somebody may have only so many", () => {
  const none = { clusters: null, nodes: null, vcpus: null, memoryMb: null, dataGb: null, gpus: null };
  const rows = (gpus: number, left: number | null) =>
    fitRows({ takes: { vcpus: 1, memoryMb: 1, dataGb: 1, nodes: 1, gpus }, mine: none, left: { ...none, gpus: left } })
      .filter(({ title }) => title === "GPUs")
      .map((row) => [row.takes, row.left?.text, row.left?.over]);
  assert.deepEqual(rows(0, null), []);
  assert.deepEqual(rows(2, null), [["2", undefined, undefined]]);
  assert.deepEqual(rows(0, 0), [["0", "0", false]]);
  assert.deepEqual(rows(2, 1), [["2", "1", true]]);
});

test("where it would run, in words", () => {
  assert.equal(placementLine({ host: "this-host", nodes: ["master", "worker", "worker"] }), "this-host: master and 2 workers");
  assert.equal(placementLine({ host: "host-2", nodes: ["worker"] }), "host-2: 1 worker");
  assert.equal(placementLine({ host: "host-2", nodes: ["worker", "worker"] }, true), "host-2: 2 more workers");
  assert.equal(placementLine({ host: "host-2", nodes: ["master", "worker"] }, true), "host-2: master and 1 worker");
});

test("the way out names only what changes", () => {
  const name = (slug: string): string => slug.toUpperCase();
  const now = { masterFlavor: "large", workerFlavor: "large", workerCount: 2 };
  assert.equal(nearestLabel({ masterFlavor: "medium", workerFlavor: "medium" }, now, name), "Use MEDIUM");
  assert.equal(nearestLabel({ masterFlavor: "medium", workerFlavor: "large" }, now, name), "Use MEDIUM for the master");
  assert.equal(nearestLabel({ masterFlavor: "large", workerFlavor: "small" }, now, name), "Use SMALL for workers");
  assert.equal(
    nearestLabel({ masterFlavor: "medium", workerFlavor: "small" }, now, name),
    "Use MEDIUM for the master and SMALL for workers",
  );
  assert.equal(nearestLabel({ masterFlavor: "medium", workerFlavor: "small" }, { ...now, workerCount: 0 }, name), "Use MEDIUM");
});

test("the master's disk is what can be kept; a disk older than its node was brought along", () => {
  const node = (name: string, role: "master" | "worker", volume: string) => ({ name, role, data: { volume, sizeMb: 1, usedMb: null } });
  const parts = (volume: string) =>
    ({
      nodes: [node("kindling-7", "master", volume), node("kindling-8", "worker", "kindling-8")],
      volumes: [{ name: volume }, { name: "kindling-8" }],
    }) as Parameters<typeof masterDisk>[0];
  assert.equal(masterDisk(parts("kindling-7")), "kindling-7");
  assert.equal(broughtData(parts("kindling-7")), false);
  assert.equal(broughtData(parts("kindling-2")), true);
  assert.equal(masterDisk({ nodes: [], volumes: [] }), null);
});

test("Jupyter may be clicked before it is ready; what nobody starts is refused with its reason", () => {
  const link = (id: string, ready: boolean) => ({ id, title: id, href: `/go/x/${id}`, ready, reason: "no application runs" });
  const state = (phase: "starting" | "ready" | "stopped") => ({ phase, reason: null, since: "2026-03-01T12:00:00.000Z" });
  assert.equal(openState(link("jupyter", false), state("starting")), "early");
  assert.equal(openState(link("application", false), state("starting")), "refused");
  assert.equal(openState(link("jupyter", false), state("stopped")), "refused");
  assert.equal(openState(link("jupyter", true), state("ready")), "ready");
  assert.deepEqual(
    inOrder([link("spark", true), link("jupyter", true), link("application", true)]).map((one) => one.id),
    ["jupyter", "spark", "application"],
  );
  assert.equal(openLabel(link("Jupyter", false), "early", true), "Open Jupyter when ready");
});

test("another number of workers says what it adds or frees, or why it cannot be sent", () => {
  const sized = { workerCount: 3, workerFlavor: { slug: "small", name: "Small", vcpus: 1, memoryMb: 4096, dataGb: 10, gpus: 2 } };
  assert.deepEqual(resizeView(sized, 5), { added: 2, removed: 0, frees: { vcpus: 0, memoryMb: 0, gpus: 0 }, problem: null });
  assert.deepEqual(resizeView(sized, 1).frees, { vcpus: 2, memoryMb: 8192, gpus: 4 });
  assert.match(resizeView(sized, 3).problem ?? "", /how many there are/);
  for (const wrong of [null, -1, 1.5, Number.NaN]) assert.match(resizeView(sized, wrong).problem ?? "", /whole number/);
});
