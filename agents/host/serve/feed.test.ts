import assert from "node:assert/strict";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { pretend } from "../testing/fakes.ts";
import { makeFeed } from "./feed.ts";

test("a burst of changes is a few pictures, the first at once and the last one true", async (t) => {
  const p = await pretend();
  const server = createServer();
  try {
    let now = 1_000_000;
    const picture = p.picture();
    let orphans = 0;
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const feed = makeFeed(
      () => ({
        ...picture,
        orphans: Array.from({ length: orphans }, (_, n) => ({ kind: "volume" as const, id: `v${n}`, since: picture.facts.bootId })),
      }),
      () => now,
    );
    server.on("request", (_, res) => feed.subscribe(res));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const lines: { orphans: unknown[] }[] = [];
    const request = get({ port, host: "127.0.0.1", agent: false });
    await new Promise<void>((resolve) =>
      request.on("response", (res) => {
        let rest = "";
        res.setEncoding("utf8").on("data", (chunk: string) => {
          const parts = (rest + chunk).split("\n");
          rest = parts.pop() ?? "";
          for (const line of parts) lines.push(JSON.parse(line));
          resolve();
        });
      }),
    );
    assert.equal(lines.length, 1, "the present picture comes first");
    // Something changes every ten milliseconds for a second.
    for (let n = 0; n < 100; n++) {
      orphans += 1;
      feed.changed();
      now += 10;
      t.mock.timers.tick(10);
      await setImmediate();
    }
    now += 300;
    t.mock.timers.tick(300);
    t.mock.timers.reset();
    while (lines.at(-1)?.orphans.length !== 100) await setImmediate();
    assert.ok((lines[1]?.orphans.length ?? 99) <= 5, "the first change is told at once");
    assert.ok(lines.length >= 5 && lines.length <= 8, `${lines.length} pictures`);
    feed.stop();
    request.destroy();
  } finally {
    server.closeAllConnections();
    server.close();
    await p.dispose();
  }
});
