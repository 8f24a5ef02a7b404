import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** An unprivileged account that a part runs under. */
export interface ServiceUser {
  uid: number;
  gid: number;
  name: string;
}

/** Parts that have an account each, so that one that is taken over is none of the others. */
export const parts = ["portal", "gateway", "reconciler", "directory", "authority"] as const;
export type PartName = (typeof parts)[number];

/** The database keeps the account that the group is named after; the parts share its group and nothing else. */
export type Accounts = Record<PartName | "database", ServiceUser>;

async function lookUp(name: string): Promise<ServiceUser | null> {
  try {
    const { stdout } = await run("getent", ["passwd", name]);
    const [found, , uid, gid] = stdout.trim().split(":");
    return found === name ? { name, uid: Number(uid), gid: Number(gid) } : null;
  } catch {
    return null;
  }
}

/**
 * Finds a system user, or makes it. Without root, the caller's own account is the answer.
 * @param group id of the group it is in; without it one of its own
 */
export async function ensureServiceUser(name = "kindling", group: number | null = null): Promise<ServiceUser> {
  if (process.getuid?.() !== 0) return { name: process.env.USER ?? "self", uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const inGroup = (user: ServiceUser): ServiceUser => (group === null ? user : { ...user, gid: group });
  const known = await lookUp(name);
  if (known) return inGroup(known);
  const groups = group === null ? ["--user-group"] : ["--gid", String(group)];
  await run("useradd", ["--system", ...groups, "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", name]);
  const made = await lookUp(name);
  if (!made) throw new Error(`The system user ${name} could not be made; run "useradd --system ${name}" and start again.`);
  return inGroup(made);
}

/** The account of every part, made where missing: `kindling` for the database, `kindling-portal` and so on for the others. */
export async function ensureAccounts(): Promise<Accounts> {
  const database = await ensureServiceUser();
  const made: Partial<Accounts> = {};
  // One after the other: useradd locks its files.
  for (const part of parts) made[part] = await ensureServiceUser(`kindling-${part}`, database.gid);
  const { portal = database, gateway = database, reconciler = database, directory = database, authority = database } = made;
  return { database, portal, gateway, reconciler, directory, authority };
}
