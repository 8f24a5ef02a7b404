/** A lab whose process was killed in the middle: the next one takes away what it left, and nothing of one that still runs. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../agents/host/exec.ts";
import { startLab } from "./lab.ts";
import { beginOf } from "./processes.ts";
import { removeRemains } from "./remains.ts";

const program = `
import { startLab } from ${JSON.stringify(join(import.meta.dirname, "lab.ts"))};
const lab = await startLab({ hosts: 1 });
process.stdout.write(JSON.stringify({ dir: lab.dir, switch: lab.wires.switch, host: lab.wires.hosts[0] }) + "\\n");
setInterval(() => undefined, 1000);
`;

test("what an interrupted lab left is taken away by the next, and only that", { timeout: 120_000 }, async () => {
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", program], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  const left: { dir: string; switch: string; host: string } = JSON.parse(String(line));
  const engine = Number(await readFile(join(left.dir, "h0", "run", "docker.pid"), "utf8"));
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.notEqual(await beginOf(engine), null, "control: its engine runs on");

  const other = await startLab({ hosts: 1, agents: false });
  try {
    await assert.rejects(access(left.dir));
    assert.equal(await beginOf(engine), null);
    const namespaces = async () => (await run("ip", ["netns", "list"])).split("\n").map((entry) => entry.split(" ")[0] ?? "");
    for (const name of [left.switch, left.host]) assert.ok(!(await namespaces()).includes(name), `${name} is gone`);
    assert.deepEqual((await removeRemains()).includes(other.dir), false);
    assert.ok(await other.hosts[0]?.docker.ping(), "a lab that runs is left alone");
    assert.ok((await namespaces()).includes(other.wires.switch));
  } finally {
    await other.remove();
  }
});
