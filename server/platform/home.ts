import { chmod, chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Id } from "../../agents/protocol/ids.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
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
  // The service user owns its home; the agent's state inside belongs to root alone.
  for (const dir of [home, logs]) {
    await mkdir(dir, { recursive: true, mode: 0o755 });
    await chown(dir, user.uid, user.gid);
    await chmod(dir, 0o755);
  }
  await mkdir(agent.state, { recursive: true, mode: 0o711 });
  for (const dir of [runDir, agent.run]) await mkdir(dir, { recursive: true, mode: 0o755 });
  return {
    ...(await identity(join(home, "installation.json"))),
    logs,
    agent,
    postgres: { dataDir: join(home, "postgres"), socketDir: join(runDir, "postgres") },
  };
}
