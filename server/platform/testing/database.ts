import { randomBytes } from "node:crypto";
import { join } from "node:path";
import pg from "pg";
import { poolConfig } from "../../db.ts";
import { migrate } from "../migrate.ts";

/**
 * A database of a test's own on the server that DATABASE_URL names (scripts/test.mjs starts one).
 * @returns its URL, and a function that removes it with everybody still connected
 */
export async function testDatabase({ migrated = true } = {}): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env.DATABASE_URL;
  if (!server) throw new Error("DATABASE_URL is not set: run this test with `npm test -- db`.");
  const name = `test_${randomBytes(6).toString("hex")}`;
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ ...poolConfig(server), database: "postgres" });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await admin(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  if (migrated) await migrate(url.href, join(import.meta.dirname, "..", "..", "..", "prisma", "migrations"));
  return { url: url.href, drop: () => admin(`DROP DATABASE ${name} WITH (FORCE)`) };
}
