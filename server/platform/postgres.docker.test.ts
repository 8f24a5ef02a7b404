import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { poolConfig } from "../db.ts";
import { startPostgres } from "./postgres.ts";
import { type Accounts, ensureAccounts, ensureServiceUser, type ServiceUser } from "./user.ts";

let folder: string;
let user: ServiceUser;
before(async () => {
  folder = await mkdtemp("/var/tmp/kindling-pg-");
  await chmod(folder, 0o755);
  user = await ensureServiceUser();
});
after(() => rm(folder, { recursive: true }));

const places = (): { dataDir: string; socketDir: string } => ({ dataDir: join(folder, "data"), socketDir: join(folder, "run") });

/** Starts PostgreSQL in a process of its own, which is then killed without a chance to tidy up. */
async function startAndDie(): Promise<number> {
  const script = `
    import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, "postgres.ts"))};
    await startPostgres(${JSON.stringify({ ...places(), user })});
    process.stdout.write("up");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
  return serverPid();
}

async function serverPid(): Promise<number> {
  return Number((await readFile(join(folder, "data", "postmaster.pid"), "utf8")).split("\n")[0]);
}

test("after a kill -9 of its parent the server left behind is ended and every row is there", async () => {
  const first = await startPostgres({ ...places(), user });
  const client = new pg.Client(poolConfig(first.url));
  await client.connect();
  await client.query("CREATE TABLE kept (n int); INSERT INTO kept SELECT generate_series(1, 100)");
  await client.end();
  await first.stop();

  const leftover = await startAndDie();
  const again = await startPostgres({ ...places(), user });
  const reader = new pg.Client(poolConfig(again.url));
  await reader.connect();
  assert.equal((await reader.query("SELECT count(*)::int AS n FROM kept")).rows[0].n, 100);
  assert.notEqual(await serverPid(), leftover);
  await reader.end();
  await again.stop();
});

test("a server that was killed is started again by the same launcher, with every row, and ends when it is told to", async (context) => {
  const postgres = await startPostgres({ ...places(), user });
  context.after(() => postgres.stop());
  const query = async (text: string): Promise<unknown> => {
    const client = new pg.Client(poolConfig(postgres.url));
    client.on("error", () => undefined);
    try {
      await client.connect();
      return (await client.query(text)).rows[0];
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  await query("CREATE TABLE survives AS SELECT 7 AS n");
  const first = await serverPid();
  process.kill(first, "SIGKILL");
  let row: unknown;
  for (let tries = 0; !row; tries += 1) {
    assert.ok(tries < 200, "it did not come back");
    row = await query("SELECT n FROM survives").catch(() => pause(100, null));
  }
  assert.deepEqual(row, { n: 7 });
  assert.notEqual(await serverPid(), first);
  await postgres.stop();
  await assert.rejects(query("SELECT 1"));
});

test("it has no TCP port and runs without root", async () => {
  const postgres = await startPostgres({ ...places(), user });
  const client = new pg.Client(poolConfig(postgres.url));
  await client.connect();
  assert.equal((await client.query("SHOW listen_addresses")).rows[0].listen_addresses, "");
  const pid = (await client.query("SELECT pg_backend_pid() AS pid")).rows[0].pid;
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  assert.match(status, new RegExp(`^Uid:\\s+${user.uid}\\s`, "m"));
  await client.end();
  await postgres.stop();
});

test("the kernel's word decides who signs in as whom: an account of the group is not by that the database's master", async () => {
  const accounts: Accounts = await ensureAccounts();
  const postgres = await startPostgres({ ...places(), user, logins: { [accounts.gateway.name]: "kindling_gateway" } });
  const master = new pg.Client(poolConfig(postgres.url));
  await master.connect();
  await master.query("CREATE ROLE kindling_gateway LOGIN");
  await master.end();
  const script = `
    import pg from ${JSON.stringify(import.meta.resolve("pg"))};
    const client = new pg.Client(JSON.parse(process.argv[1]));
    await client.connect().then(() => process.stdout.write("in"), (error) => process.stdout.write(error.code ?? error.message));
    await client.end().catch(() => {});`;
  const enter = (who: { uid: number; gid: number }, url: string): Promise<string> =>
    promisify(execFile)(process.execPath, ["--input-type=module", "-e", script, JSON.stringify(poolConfig(url))], {
      uid: who.uid,
      gid: who.gid,
      cwd: "/",
    }).then(({ stdout }) => stdout);
  try {
    const asGateway = postgres.urlFor("kindling_gateway");
    assert.deepEqual(
      await Promise.all([
        enter(accounts.gateway, asGateway),
        enter(accounts.gateway, postgres.url),
        enter(accounts.reconciler, asGateway),
        enter(accounts.directory, postgres.url),
        enter({ uid: 64_399, gid: 64_399 }, asGateway),
      ]),
      ["in", "28000", "28000", "28000", "EACCES"],
    );
  } finally {
    await postgres.stop();
  }
});
