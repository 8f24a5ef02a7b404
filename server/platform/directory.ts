import { join } from "node:path";
import { demoBase, demoBindDn, loadAccounts } from "../directory/accounts.ts";
import { socketUrl } from "../directory/server.ts";
import type { Home } from "./home.ts";
import { handKeys } from "./keys.ts";
import type { Accounts } from "./user.ts";

/** What the demo directory's process and the portal, which asks it, have to know. Makes the accounts at the first start. */
export async function demoDirectory(
  home: string,
  { keys, directory }: Home,
  accounts: Accounts,
): Promise<{ own: Record<string, string>; portal: Record<string, string>; accounts: string }> {
  await loadAccounts(home);
  const socket = join(directory, "ldap.sock");
  const bind = await handKeys(home, keys, "directory-bind", accounts.portal, ["directory-bind"]);
  return {
    own: {
      KINDLING_KEYS: await handKeys(home, keys, "directory", accounts.directory, ["directory.json"]),
      KINDLING_DIRECTORY_SOCKET: socket,
    },
    portal: {
      KINDLING_LDAP_URL: socketUrl(socket),
      KINDLING_LDAP_BASE: demoBase,
      KINDLING_LDAP_BIND_DN: demoBindDn,
      KINDLING_LDAP_BIND_PASSWORD_FILE: join(bind, "directory-bind"),
    },
    accounts: join(home, "accounts.txt"),
  };
}
