import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { makeJoining } from "./joining.ts";

describe("nodes that start together", () => {
  const over = async (waiting: Promise<void>): Promise<boolean> => {
    let done = false;
    void waiting.then(() => {
      done = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    return done;
  };

  it("wait for those that are still being started, and for nobody else", async () => {
    const joining = makeJoining(60_000);
    assert.ok(await over(joining.others()));
    joining.begin("a");
    joining.begin("b");
    joining.end("a");
    const a = joining.others();
    assert.ok(!(await over(a)));
    // One that did not wait at all, or ended twice, changes nothing.
    joining.end("c");
    joining.end("a");
    assert.ok(!(await over(a)));
    joining.end("b");
    assert.ok(await over(a));
    assert.ok(await over(joining.others()));
  });

  it("do not wait long for one that hangs", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const joining = makeJoining();
    joining.begin("hangs");
    const waiting = joining.others();
    assert.ok(!(await over(waiting)));
    t.mock.timers.tick(300);
    assert.ok(await over(waiting));
  });
});
