import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { run } from "../agents/host/exec.ts";
import { onlyOne } from "../server/platform/only-one.ts";

let base: string;
let home: string;
before(async () => {
  base = await mkdtemp(join(tmpdir(), "kindling uninstall-"));
  home = join(base, "my home");
  await mkdir(join(home, "agent", "volumes"), { recursive: true });
  await writeFile(join(home, "installation.json"), JSON.stringify({ installation: "iuninstalltest", host: "huninstalltest" }));
});
after(() => rm(base, { recursive: true, force: true }));

const program = (file: string, args: string[], extra: Record<string, string> = {}): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    const env: NodeJS.ProcessEnv = {
      NODE_ENV: "test",
      PATH: process.env.PATH ?? "",
      KINDLING_HOME: home,
      KINDLING_RUN: join(base, "run"),
      ...extra,
    };
    execFile(process.execPath, [file, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out: stdout + stderr }),
    );
  });
const uninstall = (extra?: Record<string, string>) => program(join(import.meta.dirname, "uninstall.ts"), ["--yes"], extra);

/** An engine that has nothing, and remembers what it was asked. */
async function fakeEngine(socket: string) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? "/", "http://engine").pathname);
    response.writeHead(200, { "content-type": "application/json" }).end("[]");
  });
  server.listen(socket);
  await once(server, "listening");
  return { asked, stop: () => server.close() };
}

it("refuses while the platform runs, says what to do, and takes nothing", async (context) => {
  const file = join(home, "agent", "volumes", "one.img");
  await run("truncate", ["-s", "8M", file]);
  const device = (await run("losetup", ["--find", "--show", file])).trim();
  const attached = async () => (await run("losetup", ["--list", "--output", "NAME"])).split("\n").includes(device);
  context.after(async () => (await attached()) && run("losetup", ["--detach", device]));
  const release = await onlyOne("KINDLING_HOME", home);
  const refused = await uninstall();
  assert.deepEqual([refused.code, await attached()], [3, true]);
  assert.match(refused.out, /is running.*Stop it first: Ctrl-C/s);
  release();
  const done = await uninstall();
  assert.deepEqual([done.code, await attached()], [0, false], done.out);
  assert.match(done.out, new RegExp(`removed loop device ${device}`));
});

it("speaks to the engine that the platform uses", async () => {
  const socket = join(base, "engine.sock");
  const engine = await fakeEngine(socket);
  try {
    const { code, out } = await uninstall({ KINDLING_DOCKER_SOCKET: socket });
    assert.equal(code, 0, out);
    assert.ok(engine.asked.includes("/containers/json"), engine.asked.join());
  } finally {
    engine.stop();
  }
});

it("a start waits for that engine too, and starts none of its own in its place", async () => {
  const socket = join(base, "other.sock");
  const script = join(base, "ensure.mjs");
  const system = JSON.stringify(join(import.meta.dirname, "lib", "system.mjs"));
  await writeFile(
    script,
    `import { ensureEngine } from ${system}; import { main } from ${system.replace("system", "say")}; main(ensureEngine);`,
  );
  const absent = await program(script, [], { KINDLING_DOCKER_SOCKET: socket });
  assert.deepEqual(
    [absent.code, absent.out.trim()],
    [1, `KINDLING_DOCKER_SOCKET names ${socket}, where no Docker Engine answers. Start that engine, or leave the setting out.`],
  );
  const engine = await fakeEngine(socket);
  try {
    assert.equal((await program(script, [], { KINDLING_DOCKER_SOCKET: socket })).code, 0);
    assert.deepEqual(engine.asked, ["/_ping"]);
  } finally {
    engine.stop();
  }
});
