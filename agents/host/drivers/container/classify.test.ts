import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { classify } from "./classify.ts";

const engine = (statusCode: number, message: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) ${message}`), { statusCode, json: { message } });

describe("an engine's error in people's words", () => {
  const cases: [unknown, string, boolean][] = [
    [Object.assign(new Error("connect ECONNREFUSED /var/run/docker.sock"), { code: "ECONNREFUSED" }), "engine_unreachable", true],
    [Object.assign(new Error("connect ENOENT /var/run/docker.sock"), { code: "ENOENT" }), "engine_unreachable", true],
    [new Error("socket hang up"), "engine_unreachable", true],
    [engine(500, "write /var/lib/docker/x: no space left on device"), "disk_full", true],
    [engine(400, "OCI runtime create failed: unable to apply caps: operation not permitted: unknown"), "capability_refused", false],
    [engine(500, 'could not select device driver "nvidia" with capabilities: [[gpu]]'), "gpu_refused", true],
    [
      engine(
        500,
        "OCI runtime create failed: ... error running hook #0: nvidia-container-cli: device error: GPU-1: unknown device: unknown",
      ),
      "gpu_failed",
      true,
    ],
    [engine(403, "Pool overlaps with other one on this address space"), "subnet_overlap", false],
    [engine(500, "Address already in use"), "address_conflict", true],
    [engine(403, "endpoint with name kindling-1-ab already exists in network kindling-x"), "address_conflict", true],
    [engine(404, "No such image: kindling/x:1"), "image_missing", true],
    [engine(400, "invalid reference format"), "engine_refused", false],
    [engine(500, "something odd"), "engine_refused", true],
    ["text", "engine_refused", true],
  ];
  for (const [error, code, retryable] of cases)
    it(`${code} for ${error instanceof Error ? error.message : String(error)}`, () => {
      const { fault } = classify(error, "start the node's container");
      assert.deepEqual([fault.code, fault.retryable], [code, retryable]);
      assert.match(fault.message, /^[A-Z].*[^:]$/s);
    });
});
