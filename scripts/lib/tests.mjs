import { once } from "node:events";
import { closeSync, createReadStream, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env, node24, root } from "./paths.mjs";
import { run, runOpen } from "./run.mjs";

/** Every test file of the tree, tracked or new. */
export async function testFiles() {
  const list = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.test.ts", "*.e2e.ts", "*.lab.ts"], {
    cwd: root,
  });
  return [...new Set(list.trim().split("\n").filter(Boolean))].sort();
}

/**
 * Runs files under node's test runner and shows them as they go; or, with `later`, all at once when they are done, so that another run can be
 * read meanwhile.
 * @returns how many passed and failed, and of the failures file, name and why, in one line
 */
export async function runTests(files, { concurrency = 2, extra = {}, timeoutMs = 600_000, later = false } = {}) {
  if (files.length === 0) return { passed: 0, failed: 0, failures: [] };
  const folder = await mkdtemp(join(tmpdir(), "kindling-tests-"));
  const counts = join(folder, "counts");
  const shown = join(folder, "shown");
  const out = later ? openSync(shown, "a") : "inherit";
  const code = await runOpen(
    node24,
    [
      "--test",
      `--test-concurrency=${concurrency}`,
      `--test-timeout=${timeoutMs}`,
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      `--test-reporter=${join(root, "scripts", "lib", "count-reporter.mjs")}`,
      `--test-reporter-destination=${counts}`,
      ...files,
    ],
    { cwd: root, env: { ...env, ...extra }, stdio: ["inherit", out, out] },
  );
  if (later) {
    closeSync(out);
    // By hand: a pipeline leaves its listeners on what it does not end.
    for await (const chunk of createReadStream(shown)) if (!process.stdout.write(chunk)) await once(process.stdout, "drain");
  }
  const text = readFileSync(counts, "utf8").trim();
  await rm(folder, { recursive: true });
  const { passed, failed, failures } = text ? JSON.parse(text.split("\n").at(-1)) : { passed: 0, failed: 0, failures: [] };
  // A run that broke off without a verdict is a failure, whatever it counted.
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, failures };
}
