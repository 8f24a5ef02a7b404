import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { poolConfig } from "../../db.ts";
import { migrate } from "../migrate.ts";

const migrations = join(import.meta.dirname, "..", "..", "..", "prisma", "migrations");
const fresh = (): string => `test_${randomBytes(6).toString("hex")}`;

/**
 * A database of a test's own on the server that DATABASE_URL names (scripts/test.mjs starts one).
 * @returns its URL, and a function that removes it with everybody still connected
 */
export async function testDatabase({ migrated = true } = {}): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env.DATABASE_URL;
  if (!server) throw new Error("DATABASE_URL is not set: run this test with `npm test -- db`.");
  const urlOf = (name: string): string => Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const admin = async (work: (client: pg.Client) => Promise<unknown>): Promise<void> => {
    const client = new pg.Client({ ...poolConfig(server), database: "postgres" });
    await client.connect();
    await work(client).finally(() => client.end());
  };
  const name = fresh();
  await admin(async (client) => {
    await client.query(`CREATE DATABASE ${name} ${migrated ? `TEMPLATE ${await ensurePattern(client, urlOf)}` : ""}`);
  });
  return { url: urlOf(name), drop: () => admin((client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`)) };
}

/**
 * The database that has every migration and that the others are copies of: a copy takes a tenth of the time. Made once for each server and
 * state of the migrations; nobody stays connected to it.
 */
async function ensurePattern(client: pg.Client, urlOf: (name: string) => string): Promise<string> {
  const hash = createHash("sha256");
  for (const file of (await readdir(migrations, { recursive: true })).filter((one) => one.endsWith(".sql")).sort())
    hash.update(file).update(await readFile(join(migrations, file)));
  const pattern = `test_migrated_${hash.digest("hex").slice(0, 12)}`;
  // Of test files that run side by side one makes it, the others wait. The lock ends with the connection.
  await client.query("SELECT pg_advisory_lock(72707371)");
  const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [pattern]);
  if (rowCount === 0) {
    const name = fresh();
    await client.query(`CREATE DATABASE ${name}`);
    await migrate(urlOf(name), migrations);
    // Only a whole one has the name.
    await client.query(`ALTER DATABASE ${name} RENAME TO ${pattern}`);
  }
  await client.query("SELECT pg_advisory_unlock(72707371)");
  return pattern;
}
