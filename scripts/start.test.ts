import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";

// What `npm start` becomes at last, and a platform that takes its time to end.
const start = `
import { runOpen } from "./lib/run.mjs";
process.exitCode = await runOpen(process.execPath, ["platform.mjs"]);
`;
const platform = `
import { writeFileSync } from "node:fs";
const rest = setInterval(() => undefined, 1000);
process.on("SIGTERM", () => setTimeout(() => {
  writeFileSync("ended", "in order");
  clearInterval(rest);
}, 300));
console.log("Kindling is running " + process.pid);
`;

describe("npm start", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kindling-npm-start-"));
    const own = JSON.parse(await readFile(join(import.meta.dirname, "..", "package.json"), "utf8"));
    await mkdir(join(folder, "scripts"));
    await cp(join(import.meta.dirname, "lib"), join(folder, "scripts", "lib"), { recursive: true });
    await writeFile(
      join(folder, "package.json"),
      JSON.stringify({ name: own.name, version: own.version, scripts: { start: own.scripts.start } }),
    );
    await writeFile(join(folder, "scripts", "start.mjs"), start);
    await writeFile(join(folder, "platform.mjs"), platform);
  });
  after(() => rm(folder, { recursive: true }));

  it("ends the platform in order, and waits for it, when a service manager ends npm", { timeout: 60_000 }, async () => {
    const npm = spawn("npm", ["start"], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
    const gone = once(npm, "exit");
    let pid = 0;
    for await (const line of createInterface({ input: npm.stdout })) {
      pid = Number(/^Kindling is running (\d+)$/.exec(line)?.[1] ?? 0);
      if (pid > 0) break;
    }
    try {
      npm.kill("SIGTERM");
      const [code] = await gone;
      assert.equal(await readFile(join(folder, "ended"), "utf8").catch(() => "it was left behind"), "in order");
      assert.equal(code, 0);
    } finally {
      // Not there any more, if all is well.
      if (pid > 0)
        try {
          process.kill(pid, "SIGKILL");
        } catch {}
    }
  });
});
