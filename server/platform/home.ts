import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Id } from "../../agents/protocol/ids.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { ownFolder } from "./folder.ts";
import type { ServiceUser } from "./user.ts";

/** Where this installation keeps what. */
export interface Home {
  installation: string;
  host: string;
  logs: string;
  postgres: { dataDir: string; socketDir: string };
  agent: { state: string; run: string };
}

const Identity = z.object({ installation: Id, host: Id });

async function identity(file: string): Promise<z.infer<typeof Identity>> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text) return Identity.parse(JSON.parse(text));
  const made = { installation: newId("i"), host: newId("h") };
  await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o644, flag: "wx" });
  return made;
}

/** Makes the installation's folders with the right owners, and its identity at the first start. */
export async function prepareHome(env: Env, user: ServiceUser): Promise<Home> {
  const { KINDLING_HOME: home, KINDLING_RUN: runDir } = env;
  const agent = { state: join(home, "agent"), run: join(runDir, "agent") };
  const logs = join(home, "logs");
  const self = { uid: process.getuid?.() ?? user.uid, gid: process.getgid?.() ?? user.gid };
  // The service user keeps its keys and accounts in its home, but can neither rename nor replace what root reads and writes there: the
  // folder is root's, with the sticky bit. Who took over the portal would otherwise lead the agent's and the logs' writes anywhere.
  // (The home itself may be an administrator's link to a larger disk: it lies where only root writes.)
  await mkdir(home, { recursive: true });
  await ownFolder(await realpath(home), { uid: self.uid, gid: user.gid, mode: 0o1770 });
  await ownFolder(logs, { ...self, mode: 0o755 });
  await ownFolder(agent.state, { ...self, mode: 0o711 }, false);
  for (const dir of [runDir, agent.run]) await mkdir(dir, { recursive: true, mode: 0o755 });
  return {
    ...(await identity(join(home, "installation.json"))),
    logs,
    agent,
    postgres: { dataDir: join(home, "postgres"), socketDir: join(runDir, "postgres") },
  };
}
