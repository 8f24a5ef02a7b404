import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { freePort } from "./free-port.ts";

// Nobody else's: four for each run.
const first = 10_000 + (process.pid % 2_000) * 4;
const range = { first, end: first + 4 };

test("a port is given to one alone, also of two processes, can be listened on, and is free again when its process has ended", async () => {
  const script = `
    import { freePort } from ${JSON.stringify(join(import.meta.dirname, "free-port.ts"))};
    const range = ${JSON.stringify(range)};
    process.stdout.write(JSON.stringify([await freePort(range), await freePort(range)]));
    process.stdin.resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["pipe", "pipe", "inherit"] });
  const [said] = await once(child.stdout, "data");
  const theirs: number[] = JSON.parse(String(said));
  const own = [await freePort(range), await freePort(range)];
  assert.deepEqual([...theirs, ...own].sort(), [first, first + 1, first + 2, first + 3]);
  await assert.rejects(freePort(range), /No port between/);
  const server = createServer().listen(own[0], "127.0.0.1");
  await once(server, "listening");
  server.close();
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
  assert.ok(theirs.includes(await freePort(range)));
});

test("a port that somebody listens on is not taken for free", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  assert.ok(address && typeof address === "object");
  await assert.rejects(freePort({ first: address.port, end: address.port + 1 }), /No port between/);
  other.close();
});
