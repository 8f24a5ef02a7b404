// `npm run uninstall`: removes what this installation made on this host. The platform must not be running.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Docker from "dockerode";
import { uninstall } from "../agents/host/uninstall.ts";
import { readEnv } from "../server/env.ts";

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const { values } = parseArgs({ options: { yes: { type: "boolean", default: false } } });
const env = readEnv();
const { installation } = JSON.parse(await readFile(join(env.KINDLING_HOME, "installation.json"), "utf8"));

if (!values.yes) {
  say(`This removes every cluster of the installation in ${env.KINDLING_HOME}: containers, networks, firewall rules and mounts.
The disks' files, the database and the keys stay in ${env.KINDLING_HOME}; delete that folder yourself when you are sure.

Stop the platform, then run it again with --yes.`);
  process.exit(2);
}
const removed = await uninstall(new Docker(), {
  installation,
  state: join(env.KINDLING_HOME, "agent"),
  run: join(env.KINDLING_RUN, "agent"),
});
for (const line of removed) say(`removed ${line}`);
say(removed.length > 0 ? `${removed.length} things removed.` : "There was nothing left.");
