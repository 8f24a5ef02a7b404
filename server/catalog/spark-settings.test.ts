import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Size, sparkSettings } from "./spark-settings.ts";

const plan = (flavor: Size, role: "master" | "worker", more: { clusterCores?: number; workerFlavor?: Size } = {}) =>
  sparkSettings({ flavor, role, masterHost: "kindling-1.bdlocal", masterUiUrl: "http://spark.localhost", clusterCores: 3, ...more });

const flavors = [
  [1, 1024],
  [1, 2048],
  [1, 4096],
  [2, 6144],
  [4, 8192],
  [4, 12_288],
  [8, 12_288],
].map(([vcpus, memoryMb]) => ({ vcpus: vcpus!, memoryMb: memoryMb! }));

/** What a container holds at its fullest, in MB, with the resident sizes that were measured: see the catalogue's own costs. */
function fullest(flavor: Size, role: "master" | "worker"): number {
  const settings = plan(flavor, role);
  const slots = Math.floor(settings.workerMemoryMb / settings.executorMemoryMb);
  const executors = slots * (settings.executorMemoryMb + 100) + settings.cores * 60;
  const daemons = (role === "master" ? 2 : 1) * 130;
  const notebook = role === "master" ? 100 + 80 + settings.driverMemoryMb + 100 : 0;
  return 30 + daemons + notebook + executors;
}

for (const flavor of flavors)
  for (const role of ["master", "worker"] as const)
    if (role === "worker" || flavor.memoryMb >= 2048)
      test(`a ${role} of ${flavor.vcpus} vCPU and ${flavor.memoryMb} MB holds its daemons, an executor of every slot and a driver`, () => {
        assert.ok(fullest(flavor, role) <= flavor.memoryMb, `${fullest(flavor, role)} MB`);
      });

test("whatever the flavor, Spark accepts the sizes and a worker has room for an executor", () => {
  const size = fc.record({ vcpus: fc.integer({ min: 1, max: 64 }), memoryMb: fc.integer({ min: 1024, max: 131_072 }) });
  fc.assert(
    fc.property(size, fc.constantFrom("master" as const, "worker" as const), fc.integer({ min: 1, max: 500 }), (flavor, role, cores) => {
      const settings = plan(flavor, role, { clusterCores: cores });
      assert.ok(settings.executorMemoryMb >= 512 && settings.driverMemoryMb >= 512);
      assert.ok(settings.workerMemoryMb >= settings.executorMemoryMb);
      assert.ok(settings.workerMemoryMb < flavor.memoryMb);
      assert.equal(settings.cores, flavor.vcpus);
      assert.equal(settings.maxCoresPerApplication, Math.ceil(cores / 2));
    }),
  );
});

test("two notebooks find room on one worker that has two cores and the memory", () => {
  const settings = plan({ vcpus: 2, memoryMb: 6144 }, "worker");
  assert.ok(settings.workerMemoryMb >= 2 * settings.executorMemoryMb);
});

test("an application's executors fit on the smallest node of the cluster", () => {
  const small = { vcpus: 1, memoryMb: 1024 };
  const master = plan({ vcpus: 4, memoryMb: 12_288 }, "master", { workerFlavor: small });
  assert.ok(master.executorMemoryMb <= plan(small, "worker").workerMemoryMb);
});
