import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { logFile } from "./driver.ts";
import { meaningful, progressOf } from "./progress.ts";

describe("a build's lines", () => {
  it("become progress in words", () => {
    assert.equal(progressOf("Step 4/11 : RUN /build/packages.sh"), "step 4 of 11: installing system packages");
    assert.equal(
      progressOf("Step 5/11 : RUN python3 -m venv /opt/v && pip install -r requirements.txt"),
      "step 5 of 11: installing Python packages",
    );
    assert.equal(progressOf(" ---> 8b1bf8a1f26b"), null);
    assert.equal(progressOf("bootstrapping Debian 12 from a mirror"), "bootstrapping Debian 12 from a mirror");
  });

  it("tell what went wrong, not that something did", () => {
    const lines = [
      "Step 5/11 : RUN pip install x",
      "\u001b[31mERROR: No matching distribution found for x\u001b[0m",
      "",
      "The command '/bin/sh -c pip install x' returned a non-zero code: 1",
    ];
    assert.equal(meaningful(lines), "ERROR: No matching distribution found for x.");
    assert.equal(meaningful(["the rocket"]), "the rocket.");
    assert.equal(meaningful([]), "no output.");
  });

  it("are kept in one file a tag that no tag can lead out of its directory", () => {
    assert.equal(logFile("/logs", "kindling/spark:abc"), "/logs/kindling_spark_abc.log");
    assert.equal(logFile("/logs", "../../etc/passwd"), "/logs/.._.._etc_passwd.log");
  });
});
