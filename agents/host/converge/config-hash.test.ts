import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { node } from "../testing/specs.ts";
import { configHash } from "./config-hash.ts";

const base = node({ id: "nodeone", ip: "10.1.1.1", segment: "segmentone", volume: "volumeone", image: "image", tenant: "tenantone" });
const spark = {
  masterHost: "m",
  cores: 1,
  daemonMemoryMb: 1,
  workerMemoryMb: 1,
  executorMemoryMb: 1,
  driverMemoryMb: 1,
  maxCoresPerApplication: 1,
  masterUiUrl: "http://a",
};

describe("the configuration's hash", () => {
  it("changes with the segment's name servers, and not for segments that have none", () => {
    assert.equal(configHash(base, []), configHash(base));
    assert.notEqual(configHash(base, ["192.0.2.53"]), configHash(base));
  });

  it("is what it was before there were GPUs for a node that has none: its container is not made anew", () => {
    // Made by the version before, of this very spec.
    assert.equal(configHash(base), "af6ea0b1e3376208064f");
  });

  it("changes with whatever needs a new container", () => {
    const others = [
      { image: "other" },
      { ip: "10.1.1.2" },
      { volume: "volumetwo" },
      { incarnation: 2 },
      { capabilities: [] },
      { sudo: true },
      { gpus: ["GPU-1"] },
      { filter: "own" as const },
      { resources: { ...base.resources, memoryMb: 512 } },
      { name: "other" },
    ];
    const hashes = new Set([base, ...others.map((part) => ({ ...base, ...part }))].map((spec) => configHash(spec)));
    assert.equal(hashes.size, others.length + 1);
  });

  it("stays for what a running container takes in, and shows no secret", () => {
    assert.equal(configHash({ ...base, secrets: { "jupyter-token": "another" } }), configHash(base));
    assert.equal(configHash({ ...base, desired: "stopped" }), configHash(base));
    assert.equal(
      configHash({ ...base, spark }),
      configHash({ ...base, spark: { ...spark, maxCoresPerApplication: 8 } }),
      "a cluster that grows is not restarted",
    );
    assert.notEqual(configHash({ ...base, spark }), configHash({ ...base, spark: { ...spark, cores: 2 } }));
  });

  it("does not depend on the order of names", () => {
    assert.equal(
      configHash({ ...base, origins: { a: "http://a", b: "http://b" } }),
      configHash({ ...base, origins: { b: "http://b", a: "http://a" } }),
    );
  });
});
