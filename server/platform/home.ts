import { lstat, mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Id } from "../../agents/protocol/ids.ts";
import { authorityFolder } from "../authority/store.ts";
import { demoFiles } from "../directory/accounts.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { keyFiles } from "../secrets.ts";
import { ownFile, ownFolder } from "./folder.ts";
import { type Accounts, parts } from "./user.ts";

/** Where this installation keeps what. */
export interface Home {
  installation: string;
  host: string;
  logs: string;
  postgres: { dataDir: string; socketDir: string; accessDir: string };
  agent: { state: string; run: string };
  /** What the authority lets the others read. */
  authority: string;
  /** Below it the secrets that each part may read, copied at every start. */
  keys: string;
  /** The demo directory's socket lies here. */
  directory: string;
  /** Below it a folder for each part, with what Node has compiled of it. */
  compiled: string;
}

const Identity = z.object({ installation: Id, host: Id });

async function identity(file: string): Promise<z.infer<typeof Identity>> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text) return Identity.parse(JSON.parse(text));
  const made = { installation: newId("i"), host: newId("h") };
  await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o644, flag: "wx" });
  return made;
}

/** What somebody else compiled is not run: a home that came from another machine, where the accounts have other numbers, starts without. */
async function compiledFolder(path: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found && found.uid !== uid) await rm(path, { recursive: true, force: true });
  await ownFolder(path, { uid, gid, mode: 0o700 });
}

/** Makes the installation's folders with the right owners, and its identity at the first start. */
export async function prepareHome(env: Env, accounts: Accounts): Promise<Home> {
  const { database, directory, authority } = accounts;
  const { KINDLING_HOME: home, KINDLING_RUN: runDir } = env;
  const agent = { state: join(home, "agent"), run: join(runDir, "agent") };
  const logs = join(home, "logs");
  const self = { uid: process.getuid?.() ?? database.uid, gid: process.getgid?.() ?? database.gid };
  const sockets = join(runDir, "directory");
  const compiled = join(home, "compiled");
  // The home is root's. The parts' accounts may pass through it and neither list nor write it: who took one of them over could otherwise
  // put a link where root writes, or a file where another part reads. (The home itself may be an administrator's link to a larger disk:
  // it lies where only root writes.)
  await mkdir(home, { recursive: true });
  await ownFolder(await realpath(home), { uid: self.uid, gid: database.gid, mode: 0o710 });
  await ownFolder(logs, { ...self, mode: 0o755 });
  await ownFolder(agent.state, { ...self, mode: 0o711 }, false);
  // Earlier versions left these to one account that all parts had.
  for (const name of [...keyFiles, ...demoFiles]) await ownFile(join(home, name), { ...self, mode: 0o600 });
  // Who has these can make hosts of this platform.
  await ownFolder(authorityFolder(home), { uid: authority.uid, gid: authority.gid, mode: 0o700 });
  for (const dir of [runDir, agent.run]) await mkdir(dir, { recursive: true, mode: 0o755 });
  const known = join(runDir, "authority");
  await ownFolder(known, { uid: authority.uid, gid: authority.gid, mode: 0o755 });
  await ownFolder(sockets, { uid: directory.uid, gid: directory.gid, mode: 0o710 });
  await ownFolder(compiled, { ...self, mode: 0o711 }, false);
  for (const part of parts) await compiledFolder(join(compiled, part), accounts[part]);
  await compiledFolder(join(compiled, "agent"), self);
  return {
    ...(await identity(join(home, "installation.json"))),
    logs,
    agent,
    authority: known,
    postgres: { dataDir: join(home, "postgres"), socketDir: join(runDir, "postgres"), accessDir: join(runDir, "postgres-access") },
    keys: join(runDir, "keys"),
    directory: sockets,
    compiled,
  };
}
