import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { poolConfig } from "../../server/db.ts";
import { testDatabase } from "../../server/platform/testing/database.ts";
import { freePort } from "../../server/testing/free-port.ts";

/** A portal with its pages as they are shipped, on a database of its own, without hosts. */
export interface Portal {
  portal: string;
  passwords: Record<string, string>;
  client: pg.Client;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, "..", "..");

/** PostgreSQL for the bench alone; DATABASE_URL names it from now on. @returns what ends it */
export async function startDatabase(): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [join(root, "scripts", "test-database.ts")], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  process.env.DATABASE_URL = String(line).trim();
  return () => ended(child);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}

export async function startPortal(): Promise<Portal> {
  const database = await testDatabase();
  const home = await mkdtemp("/var/tmp/kindling-bench-");
  const port = await freePort();
  const child = spawn(process.execPath, [join(root, "server", "portal", "main.ts")], {
    cwd: root,
    env: {
      ...process.env,
      ...{ NODE_ENV: "production", DATABASE_URL: database.url, KINDLING_HOME: home, KINDLING_RUN: join(home, "run") },
      ...{ KINDLING_PORT: String(port), KINDLING_LOG_LEVEL: "error" },
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await new Promise<void>((resolve, reject) => {
    child.on("message", (word) => word === "ready" && resolve());
    child.once("exit", (code) => reject(new Error(`The portal ended with ${code}.`)));
  });
  const accounts = await readFile(join(home, "accounts.txt"), "utf8");
  const client = new pg.Client(poolConfig(database.url));
  await client.connect();
  return {
    portal: `http://localhost:${port}`,
    passwords: Object.fromEntries([...accounts.matchAll(/^(\w+)\s+(\S+-\S+-\S+-\S+)\s/gm)].map(([, name = "", word = ""]) => [name, word])),
    client,
    async stop() {
      await ended(child);
      await client.end();
      await database.drop();
      await rm(home, { recursive: true });
    },
  };
}
