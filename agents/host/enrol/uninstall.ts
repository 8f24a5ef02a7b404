/** Run by `install.sh uninstall`, with the agent's settings in the environment: removes what the agent made on this machine. */
import Docker from "dockerode";
import { readEnv } from "../env.ts";
import { uninstall } from "../uninstall.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const env = readEnv(process.env);
if (process.argv.includes("--yes")) {
  const removed = await uninstall(new Docker({ socketPath: env.dockerSocket }), env);
  for (const line of removed) say(`removed ${line}`);
} else
  say(`This ends the agent and removes the containers, networks, firewall rules, mounts and loop devices of the platform ${env.installation} on
this machine. The disks' files stay in ${env.state}. Remove the host on the platform first, then run it again with --yes.`);
