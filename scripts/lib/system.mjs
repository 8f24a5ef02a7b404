import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, openSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { run } from "./run.mjs";
import { Plain } from "./say.mjs";

const usual = "/var/run/docker.sock";
const socket = process.env.KINDLING_DOCKER_SOCKET ?? usual;
const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"];

/** True when a program of that name can be run. */
export function has(program) {
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Refuses with the one command an administrator has to run. */
export function needRoot(command) {
  if (process.getuid?.() === 0) return;
  throw new Plain(
    `Kindling's host agent makes containers, networks and disks, which needs an administrator. Run:\n\n    sudo ${command}\n\n` +
      "Everything except that agent then runs as an unprivileged user of its own.",
  );
}

/**
 * Installs Debian packages for the programs that are missing.
 * @param wanted program → package
 */
export async function ensurePrograms(wanted) {
  const missing = Object.entries(wanted).filter(([program]) => !has(program));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
  if (!has("apt-get")) throw new Plain(`Please install ${packages.join(", ")} with this system's package manager and start again.`);
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const install = ["install", "-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", ...packages];
  // The lists of packages may be old or absent: fetch them only when the first try fails.
  await run("apt-get", install, quiet).catch(async () => {
    await run("apt-get", ["update", "-qq"], quiet);
    await run("apt-get", install, quiet);
  });
}

/** True when an engine answers on the socket. */
function engineAnswers() {
  return new Promise((resolve) => {
    const ask = request({ socketPath: socket, path: "/_ping", timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ask.once("error", () => resolve(false));
    ask.once("timeout", () => ask.destroy());
    ask.end();
  });
}

/** Starts Docker Engine where it does not run. It keeps running when the platform ends: clusters live in it. */
export async function ensureEngine() {
  if (await engineAnswers()) return;
  // An engine of somebody's own making is not ours to start, and another one would be of no use.
  if (socket !== usual)
    throw new Plain(`KINDLING_DOCKER_SOCKET names ${socket}, where no Docker Engine answers. Start that engine, or leave the setting out.`);
  if (existsSync("/run/systemd/system")) await run("systemctl", ["start", "docker"]);
  else {
    const log = openSync("/var/log/dockerd.log", "a");
    // It outlives us, and would keep the folder that we were started in busy.
    spawn("dockerd", [], { cwd: "/", detached: true, stdio: ["ignore", log, log] }).unref();
  }
  for (let tries = 0; tries < 300; tries++) {
    if (await engineAnswers()) return;
    await delay(100);
  }
  throw new Plain(`Docker Engine was started but does not answer on ${socket}; /var/log/dockerd.log says why.`);
}
