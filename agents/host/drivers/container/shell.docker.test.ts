import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import Docker from "dockerode";
import { label } from "../../../protocol/labels.ts";
import { testImage } from "../../testing/image.ts";
import { freshId } from "../../testing/specs.ts";
import { dockerContainers } from "./docker.ts";
import type { Shell } from "./port.ts";

const docker = new Docker({ socketPath: "/var/run/docker.sock" });
const installation = freshId("t");
const driver = dockerContainers(docker, installation);
let container: Docker.Container;

before(async () => {
  container = await docker.createContainer({
    Image: await testImage(docker),
    Env: ["KINDLING_TEST_IDLE=1"],
    Labels: { [label.installation]: installation },
    HostConfig: { NetworkMode: "none", CapDrop: ["ALL"], CapAdd: ["CHOWN", "KILL", "SETGID", "SETUID"] },
  });
  await container.start();
});
after(() => container.remove({ force: true }));

/** Types and reads until the terminal shows what is looked for; gives all that was shown. */
async function told(shell: Shell, typed: string, expected: RegExp): Promise<string> {
  let shown = "";
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (chunk: unknown): void => {
    shown += String(chunk);
    if (expected.test(shown)) resolve();
  };
  shell.stream.on("data", look);
  shell.stream.write(typed);
  await promise;
  shell.stream.off("data", look);
  return shown;
}

/** What runs in the container beside its first process. */
async function others(): Promise<string[]> {
  const { Processes }: { Processes: string[][] } = await container.top({ ps_args: "-o pid,args" });
  return Processes.map(([, args = ""]) => args).filter((args) => !args.includes("/init.pl"));
}

test("a shell has no power beyond its user's, no secret in its environment, and takes every key", async () => {
  const shell = await driver.shell(container.id, { columns: 200, rows: 50 });
  const status = await told(shell, "cat /proc/self/status; echo do''ne\n", /done\r\n/);
  assert.match(status, /CapPrm:\s+0{16}/);
  assert.match(status, /CapEff:\s+0{16}/);
  assert.match(status, /Uid:\s+1000\s+1000\s+1000\s+1000/);
  assert.match(status, /Groups:\t(1000 )?\r\n/);
  const environment = await told(shell, "cat /proc/self/environ | tr '\\0' '\\n' || export; export; echo do''ne\n", /done\r\n/);
  assert.match(environment, /HOME="?\/data\/home/);
  assert.doesNotMatch(environment, /token|secret|KINDLING_(?!TEST_IDLE)/i);
  // The two keys by which Docker's own program leaves a terminal: the second brings the last line back, and nobody is thrown out.
  await told(shell, "echo first-$((40+2))\n", /first-42\r\n/);
  shell.stream.write("\x10");
  await told(shell, "\n", /first-42\r\n/);
  shell.stream.write("\x10");
  await told(shell, "\x11\n", /first-42\r\n/);
  await shell.end();
});

/** A shell that runs this, whose stream then breaks: the engine itself lets it live. Once it was ended nothing else is left. */
async function leaves(command: string, expected: string[]): Promise<void> {
  const shell = await driver.shell(container.id, { columns: 80, rows: 24 });
  await told(shell, `echo rea''dy; ${command}\n`, /ready\r\n/);
  shell.stream.destroy();
  await once(shell.stream, "close");
  assert.ok((await others()).some((args) => args.includes("bash")));
  await shell.end();
  // What the shell hung up is on its way out.
  const until = performance.now() + 30_000;
  let left = await others();
  while (left.join() !== expected.join() && performance.now() < until) left = await others();
  assert.deepEqual(left, expected);
}

test("what is hung up ends with what runs in its foreground", () => leaves("sleep 1000", []));

test("a shell that will not be hung up is ended all the same; what was told to ignore that goes on, as on every machine", () =>
  leaves("trap '' HUP; sleep 1001", ["sleep 1001"]));
