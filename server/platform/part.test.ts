import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Part } from "./part.ts";

test("a part whose log cannot be opened is tried again, and the launcher keeps no descriptor of it", { timeout: 60_000 }, async () => {
  const root = await mkdtemp(join(tmpdir(), "kindling-part-"));
  const logs = join(root, "logs");
  await mkdir(logs);
  await writeFile(join(root, "part.mjs"), 'process.send("ready"); setInterval(() => undefined, 1000);\n');
  const part = new Part({ name: "one", entry: "part.mjs", root, node: process.execPath, logs, compiled: logs, env: {}, user: null });
  const held = async () => {
    const names = await readdir("/proc/self/fd");
    const files = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => "")));
    return files.filter((file) => file.startsWith(root));
  };
  try {
    await part.start();
    assert.deepEqual(await held(), []);
    const back = Promise.withResolvers<void>();
    part.hear((message) => message === "ready" && back.resolve());
    await rm(logs, { recursive: true });
    const { pid } = part;
    if (pid !== null) process.kill(pid, "SIGKILL");
    // Long enough for the first try, which finds no folder.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await mkdir(logs);
    await back.promise;
    assert.notEqual(part.pid, pid);
  } finally {
    await part.stop();
    await rm(root, { recursive: true });
  }
});
