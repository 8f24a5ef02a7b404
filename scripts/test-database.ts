// A throw-away PostgreSQL for tests: prints its URL, ends at SIGTERM and leaves nothing.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { startPostgres } from "../server/platform/postgres.ts";
import { ensureServiceUser } from "../server/platform/user.ts";

const folder = await mkdtemp("/var/tmp/kindling-db-");
await chmod(folder, 0o755);
const user = await ensureServiceUser();
// What it holds is thrown away: nobody waits until it is safe on the disk.
const settings = { fsync: "off", full_page_writes: "off" };
const postgres = await startPostgres({ dataDir: join(folder, "data"), socketDir: join(folder, "run"), user, settings });
process.on("SIGTERM", () => void postgres.stop());
process.on("SIGINT", () => void postgres.stop());
process.stdout.write(`${postgres.url}\n`);
await postgres.exited;
await rm(folder, { recursive: true, force: true });
