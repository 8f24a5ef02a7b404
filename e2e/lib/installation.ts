import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Docker from "dockerode";
import { uninstall } from "../../agents/host/uninstall.ts";
import { freePort } from "../../server/testing/free-port.ts";

/** A whole platform of a test's own, beside whatever else runs on the machine: own home, ports, addresses and labels. */
export interface Installation {
  portal: string;
  /** Ports that the platform listens on: portal, gateway, authority. */
  ports: readonly number[];
  id: string;
  home: string;
  run: string;
  /** Passwords by account name: sam (site admin), tina (analytics' admin), dana (analytics), rhea (research). With a directory of one's own: none. */
  passwords: Record<string, string>;
  /** Process id of the launcher, whose children the parts are. */
  pid(): number;
  /** Process id of a part, for the tests that kill it. */
  partPid(name: "agent" | "portal" | "reconciler" | "gateway"): Promise<number>;
  /** Ctrl-C, and wait. */
  stop(): Promise<void>;
  /** Starts the same installation again. */
  restart(): Promise<void>;
  /** Removes the folders; call after `stop`, once nothing of it runs any more. */
  remove(): Promise<void>;
}

const root = join(import.meta.dirname, "..", "..");

async function launch(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, "server/platform/main.ts")], { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  if (!child.stdout) throw new Error("no output");
  const words: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      words.push(line);
      if (line.startsWith("Kindling is running")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`The platform ended with ${code}:\n${words.join("\n")}`)));
  });
  await ready;
  return child;
}

async function parts(launcher: number): Promise<Map<string, number>> {
  const children = (await readFile(`/proc/${launcher}/task/${launcher}/children`, "utf8")).trim().split(" ").filter(Boolean);
  const found = new Map<string, number>();
  for (const pid of children) {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    const name = /(?:^|\0)KINDLING_PROCESS=([^\0]+)/.exec(environment)?.[1];
    if (name) found.set(name, Number(pid));
  }
  return found;
}

async function readPasswords(file: string): Promise<Record<string, string>> {
  const rows = (await readFile(file, "utf8")).matchAll(/^(\w+)\s+(\S+-\S+-\S+-\S+)\s/gm);
  return Object.fromEntries([...rows].map(([, name = "", password = ""]) => [name, password]));
}

/**
 * Starts a platform for tests.
 * @param pool addresses of its segments: two installations on one machine must not share them
 */
export async function startInstallation(pool: string, extra: Record<string, string> = {}): Promise<Installation> {
  const home = await mkdtemp("/var/tmp/kindling-e2e-");
  await chmod(home, 0o755);
  const run = join("/run", `kindling-${home.slice(-6)}`);
  await mkdir(run, { recursive: true });
  const [port, gatewayPort, enrolPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    KINDLING_HOME: home,
    KINDLING_RUN: run,
    KINDLING_PORT: String(port),
    KINDLING_GATEWAY_PORT: String(gatewayPort),
    KINDLING_ENROL_PORT: String(enrolPort),
    KINDLING_ADDRESS_POOL: pool,
    KINDLING_ADDRESS_REST_SECONDS: "5",
    ...extra,
  };
  delete env.DATABASE_URL;
  let launcher = await launch(env);
  const { installation } = JSON.parse(await readFile(join(home, "installation.json"), "utf8"));
  return {
    portal: `http://localhost:${port}`,
    ports: [port, gatewayPort, enrolPort],
    id: installation,
    home,
    run,
    passwords: env.KINDLING_LDAP_URL ? {} : await readPasswords(join(home, "accounts.txt")),
    pid: () => launcher.pid ?? 0,
    async partPid(name) {
      const pid = (await parts(launcher.pid ?? 0)).get(name);
      if (!pid) throw new Error(`${name} does not run`);
      return pid;
    },
    async stop() {
      const gone = once(launcher, "exit");
      launcher.kill("SIGINT");
      await gone;
    },
    async restart() {
      launcher = await launch(env);
    },
    async remove() {
      // Only a test that failed half-way leaves anything to do here; those that pass have asserted that there is nothing.
      await uninstall(new Docker(), { installation, state: join(home, "agent"), run: join(run, "agent") });
      await rm(home, { recursive: true, force: true });
      await rm(run, { recursive: true, force: true });
    },
  };
}
