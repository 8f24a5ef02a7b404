import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The unprivileged account that everything but the host agent runs under. */
export interface ServiceUser {
  uid: number;
  gid: number;
  name: string;
}

async function lookUp(name: string): Promise<ServiceUser | null> {
  try {
    const { stdout } = await run("getent", ["passwd", name]);
    const [found, , uid, gid] = stdout.trim().split(":");
    return found === name ? { name, uid: Number(uid), gid: Number(gid) } : null;
  } catch {
    return null;
  }
}

/** Finds the system user `kindling`, or makes it. Without root, the caller's own account is the answer. */
export async function ensureServiceUser(name = "kindling"): Promise<ServiceUser> {
  if (process.getuid?.() !== 0) return { name: process.env.USER ?? "self", uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const known = await lookUp(name);
  if (known) return known;
  await run("useradd", [
    "--system",
    "--user-group",
    "--no-create-home",
    "--home-dir",
    "/nonexistent",
    "--shell",
    "/usr/sbin/nologin",
    name,
  ]);
  const made = await lookUp(name);
  if (!made) throw new Error(`The system user ${name} could not be made; run "useradd --system ${name}" and start again.`);
  return made;
}
