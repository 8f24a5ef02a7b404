import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ServiceUser } from "./user.ts";

const run = promisify(execFile);

async function opens(file: string, user: ServiceUser): Promise<boolean> {
  const probe = ["-e", "require('node:fs').accessSync(process.argv[1], require('node:fs').constants.R_OK)", file];
  return run(process.execPath, probe, { uid: user.uid, gid: user.gid, cwd: "/" }).then(
    () => true,
    () => false,
  );
}

/**
 * Checks that a file which an administrator named can be read by the account that will.
 * @throws naming the setting, the file and the account
 */
export async function readableFile(setting: string, file: string | undefined, user: ServiceUser): Promise<void> {
  if (!file || process.getuid?.() !== 0 || (await opens(file, user))) return;
  throw new Error(
    `${setting} names ${file}, which the user ${user.name} cannot read. Give it the group kindling and mode 640, for example.`,
  );
}
