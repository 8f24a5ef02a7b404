import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { onlyOne } from "./only-one.ts";

const folder = (name: string): string => `/nowhere/${process.pid}/${name}`;

test("a folder has one launcher at a time, and another folder another", async () => {
  const giveUp = await onlyOne("KINDLING_HOME", folder("a"));
  await assert.rejects(onlyOne("KINDLING_HOME", folder("a")), /running already, with KINDLING_HOME=.*\/a\. .*KINDLING_HOME of its own/);
  (await onlyOne("KINDLING_HOME", folder("b")))();
  giveUp();
  (await onlyOne("KINDLING_HOME", folder("a")))();
});

test("a launcher that is killed leaves no claim", async () => {
  const script = `
    import { onlyOne } from ${JSON.stringify(join(import.meta.dirname, "only-one.ts"))};
    await onlyOne("KINDLING_HOME", ${JSON.stringify(folder("c"))});
    process.stdout.write("claimed");
    process.stdin.resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  await assert.rejects(onlyOne("KINDLING_HOME", folder("c")), /running already/);
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
  (await onlyOne("KINDLING_HOME", folder("c")))();
});
