import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExecError, run } from "./exec.ts";

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

describe("running a program", () => {
  it("gives what it wrote, and takes its input", async () => {
    assert.equal(await run("cat", [], { input: "hello" }), "hello");
  });

  it("says how it ended and what it said last", async () => {
    await assert.rejects(run("ls", ["/nowhere/at/all"]), (error) => {
      assert.ok(error instanceof ExecError);
      return error.exitCode === 2 && /nowhere/.test(error.stderr);
    });
  });

  it("waits for nothing once it is over, also where the program is not there", async () => {
    const before = timers();
    await run("true", []);
    await assert.rejects(run("no-such-program-anywhere", []), /ENOENT/);
    assert.equal(timers(), before);
  });

  it("kills what takes too long", async () => {
    await assert.rejects(run("sleep", ["60"], { timeoutMs: 50 }), /ended with a signal/);
  });
});
