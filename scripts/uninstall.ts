// Below `npm run uninstall-host`: removes what this installation made on this host, unless its platform is running.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Docker from "dockerode";
import { z } from "zod";
import { uninstall } from "../agents/host/uninstall.ts";
import { Id } from "../agents/protocol/ids.ts";
import { readEnv } from "../server/env.ts";
import { onlyOne } from "../server/platform/only-one.ts";

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const { values } = parseArgs({ options: { yes: { type: "boolean", default: false } } });
const env = readEnv();
const identity = join(env.KINDLING_HOME, "installation.json");
const text = await readFile(identity, "utf8").catch((error: NodeJS.ErrnoException) => {
  if (error.code === "ENOENT") return null;
  throw error;
});
if (text === null) {
  say(`There is no installation in ${env.KINDLING_HOME}: ${identity} is missing. Set KINDLING_HOME if yours lies elsewhere.`);
  process.exit(2);
}
if (!values.yes) {
  say(`This removes the containers, networks, firewall rules, mounts and loop devices of every cluster of the installation in
${env.KINDLING_HOME}. The disks' files, the database and the keys stay there: delete that folder yourself when you are sure.
Images stay in Docker.

Stop the platform, then run:

    sudo npm run uninstall-host -- --yes`);
  process.exit(2);
}
// The platform makes again what is taken from it. The claim is held until this has ended, so that no start comes between.
await onlyOne("KINDLING_HOME", env.KINDLING_HOME).catch(() => {
  say(`The platform of ${env.KINDLING_HOME} is running, and would make again what is removed. Stop it first: Ctrl-C where "npm start" runs,
or end its launcher with SIGTERM. Then run this again.`);
  process.exit(3);
});
const removed = await uninstall(new Docker({ socketPath: process.env.KINDLING_DOCKER_SOCKET ?? "/var/run/docker.sock" }), {
  installation: z.object({ installation: Id }).parse(JSON.parse(text)).installation,
  state: join(env.KINDLING_HOME, "agent"),
  run: join(env.KINDLING_RUN, "agent"),
});
for (const line of removed) say(`removed ${line}`);
say(removed.length > 0 ? `${removed.length === 1 ? "One thing is" : `${removed.length} things are`} removed.` : "There was nothing left.");
