/** Who may speak to which of the agent's sockets. Needs root, to be one account after the other. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { promisify } from "node:util";
import { type Pretended, pretend } from "./testing/fakes.ts";

// Nobody's in particular: only the numbers count. The group is the same for all, as with the platform's own accounts.
const accounts = { reconciler: 64_331, gateway: 64_332, portal: 64_333, directory: 64_334 };
const group = 64_330;
const ask = `
  const socket = require("node:net").connect(process.argv[1]);
  socket.once("connect", () => { process.stdout.write("open"); process.exit(0); });
  socket.once("error", (error) => { process.stdout.write(error.code); process.exit(0); });`;

let run: string;
let agent: Pretended;
before(async () => {
  run = await mkdtemp(join(tmpdir(), "kindling-sockets-"));
  await chmod(run, 0o755);
  agent = await pretend({
    env: {
      KINDLING_AGENT_RUN: run,
      KINDLING_RECONCILER_UID: String(accounts.reconciler),
      KINDLING_GATEWAY_UID: String(accounts.gateway),
      KINDLING_PORTAL_UID: String(accounts.portal),
    },
  });
});
after(async () => {
  await agent.dispose();
  await rm(run, { recursive: true, force: true });
});

const connect = async (uid: number, socket: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, ["-e", ask, join(run, `${socket}.sock`)], { uid, gid: group, cwd: "/" })).stdout;

it("each socket of the agent opens for the one account whose it is, and for no other", async () => {
  const sockets = ["reconciler", "gateway", "portal"] as const;
  const seen = await Promise.all(
    Object.entries(accounts).map(async ([name, uid]) => [name, await Promise.all(sockets.map((socket) => connect(uid, socket)))]),
  );
  assert.deepEqual(Object.fromEntries(seen), {
    reconciler: ["open", "EACCES", "EACCES"],
    gateway: ["EACCES", "open", "EACCES"],
    portal: ["EACCES", "EACCES", "open"],
    directory: ["EACCES", "EACCES", "EACCES"],
  });
});
