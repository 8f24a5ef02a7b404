import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { paced } from "./paced.ts";

describe("looking again when something changed", () => {
  let looks: (() => void)[];
  let at: number;
  const start = (least = 500) =>
    paced(
      () =>
        new Promise<void>((resolve) => {
          looks.push(resolve);
        }),
      least,
      () => at,
    );
  /** The last look ends after so many ms. */
  const answer = async (took: number): Promise<void> => {
    at += took;
    looks.at(-1)?.();
    await turn();
  };
  beforeEach((test) => {
    mock.timers.enable({ apis: ["setTimeout"] });
    if ("after" in test) test.after(() => mock.timers.reset());
    looks = [];
    at = 0;
  });

  it("costs one look for a burst, and one more for all that comes while that is on its way", async () => {
    const { changed } = start();
    for (let i = 0; i < 100; i++) changed();
    mock.timers.tick(500);
    assert.equal(looks.length, 1);
    for (let i = 0; i < 100; i++) {
      changed();
      mock.timers.tick(100);
    }
    assert.equal(looks.length, 1);
    await answer(20);
    mock.timers.tick(500);
    assert.equal(looks.length, 2);
    await answer(20);
    mock.timers.tick(60_000);
    assert.equal(looks.length, 2);
  });

  it("waits longer where a look takes long, not for ever, and no longer than needed once it is quick again", async () => {
    const { changed } = start();
    const waits = async (took: number): Promise<number> => {
      changed();
      mock.timers.tick(15_000);
      await answer(took);
      const before = looks.length;
      changed();
      let ms = 0;
      while (looks.length === before) {
        mock.timers.tick(100);
        ms += 100;
      }
      await answer(took);
      return ms;
    };
    assert.equal(await waits(300), 900);
    assert.equal(await waits(60_000), 10_000);
    assert.equal(await waits(10), 500);
  });

  it("waits no longer than usual when the last look, however long it took, was a while ago", async () => {
    const { changed } = start();
    changed();
    mock.timers.tick(500);
    await answer(3000);
    at += 60_000;
    changed();
    mock.timers.tick(500);
    assert.equal(looks.length, 2);
  });

  it("goes on after a look that failed, ends when the page does, and begins again with it", async () => {
    let asked = 0;
    const failing = paced(
      () => {
        asked++;
        return Promise.reject(new Error("offline"));
      },
      100,
      () => at,
    );
    failing.changed();
    mock.timers.tick(100);
    await turn();
    failing.changed();
    mock.timers.tick(100);
    await turn();
    assert.equal(asked, 2);
    failing.changed();
    failing.stop();
    mock.timers.tick(1000);
    assert.equal(asked, 2);
    failing.changed();
    mock.timers.tick(1000);
    assert.equal(asked, 3);
  });
});
