import { join } from "node:path";
import { loadAccounts } from "../directory/accounts.ts";
import type { Home } from "./home.ts";
import { handKeys } from "./keys.ts";
import type { Accounts } from "./user.ts";

/** The file with the password that the portal searches the demo directory with. */
export const demoBindFile = "directory-bind";

/** What the demo directory's process and the portal, which asks it, have to know. Makes the accounts at the first start. */
export async function demoDirectory(
  home: string,
  { keys, directory }: Home,
  accounts: Accounts,
): Promise<{ own: Record<string, string>; portal: Record<string, string>; accounts: string }> {
  await loadAccounts(home);
  const socket = join(directory, "ldap.sock");
  return {
    own: {
      KINDLING_KEYS: await handKeys(home, keys, "directory", accounts.directory, ["directory.json"]),
      KINDLING_DIRECTORY_SOCKET: socket,
    },
    portal: { KINDLING_DIRECTORY_SOCKET: socket },
    accounts: join(home, "accounts.txt"),
  };
}
