import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { connect } from "../cli/client.ts";
import { apiOf, untilImages } from "./lib/api.ts";
import { type Installation, startInstallation } from "./lib/installation.ts";
import { nothingLeft } from "./lib/leftovers.ts";

// The same day as on the page, from a script in another directory, with nothing but an address and a token.
const run = promisify(execFile);
const program = join(import.meta.dirname, "..", "cli", "kindling.mjs");
let installation: Installation;
let elsewhere: string;
let token: string;

before(
  async () => {
    installation = await startInstallation("10.74.0.0/18");
    elsewhere = await mkdtemp(join(tmpdir(), "kindling-terminal-"));
    await untilImages(await apiOf(installation, "dana"), "analytics");
    const made = { username: "dana", password: installation.passwords.dana ?? "", name: "script", days: 1 };
    token = (await connect(installation.portal, null).auth.token.mutate(made)).secret;
  },
  { timeout: 700_000 },
);
after(async () => {
  await installation?.stop();
  await installation?.remove();
  await rm(elsewhere, { recursive: true, force: true });
});

/** Runs the program; a refusal gives its exit code and words instead of throwing. */
async function kindling(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { PATH: process.env.PATH, HOME: elsewhere, KINDLING_URL: installation.portal, KINDLING_TOKEN: token };
  return run(process.execPath, [program, ...args], { cwd: elsewhere, env: { ...process.env, ...env } }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, out: error.stdout, err: error.stderr }),
  );
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await kindling("--json", ...args);
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

test("flavors and distributions are listed, and a wrong name is refused before anything is made", async () => {
  assert.match((await kindling("flavors")).out, /Medium/);
  assert.match((await kindling("distributions")).out, /Spark 3\.5/);
  const wrong = await kindling("cluster", "create", "Not A Name");
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /lower-case letters/);
});

test("create --wait comes back when the cluster is ready, a taken name is a conflict", { timeout: 300_000 }, async () => {
  const made = await kindling("cluster", "create", "nightly", "--workers", "1", "--wait");
  assert.equal(made.code, 0, made.err);
  assert.equal((await kindling("cluster", "create", "nightly")).code, 6);
  assert.match((await kindling("cluster", "list")).out, /nightly.*ready/is);
  assert.match((await kindling("cluster", "links", "nightly")).out, /\/go\/c\w+\/jupyter/);
});

test("resize, stop and start keep names and addresses", { timeout: 400_000 }, async () => {
  const addresses = async (): Promise<string[]> =>
    JSON.stringify((await json("cluster", "show", "nightly")).nodes).match(/10\.74\.0\.\d+/g) ?? [];
  for (const count of ["2", "1"]) assert.equal((await kindling("cluster", "resize", "nightly", "--workers", count, "--wait")).code, 0);
  const before = await addresses();
  assert.ok(before.length >= 2);
  for (const verb of ["stop", "start"]) assert.equal((await kindling("cluster", verb, "nightly", "--wait")).code, 0);
  assert.deepEqual(await addresses(), before);
});

test("delete wants the name, and leaves nothing", { timeout: 200_000 }, async () => {
  assert.equal((await kindling("cluster", "delete", "nightly")).code, 2);
  const gone = await kindling("cluster", "delete", "nightly", "--confirm", "nightly", "--wait");
  assert.equal(gone.code, 0, gone.err);
  assert.equal((await kindling("cluster", "show", "nightly")).code, 4);
  await nothingLeft(installation);
});
