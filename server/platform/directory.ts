import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { demoBase, demoBindDn } from "../directory/accounts.ts";

/** A free port on loopback, kept for the life of the launcher so that a directory that is started again is found again. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (!address || typeof address === "string") throw new Error("There is no free port on loopback.");
  return address.port;
}

/** What the demo directory's process and those who ask it have to know. */
export async function demoDirectory(
  home: string,
): Promise<{ own: Record<string, string>; clients: Record<string, string>; accounts: string }> {
  const port = await freePort();
  return {
    own: { KINDLING_HOME: home, KINDLING_DIRECTORY_PORT: String(port) },
    clients: {
      KINDLING_LDAP_URL: `ldap://127.0.0.1:${port}`,
      KINDLING_LDAP_BASE: demoBase,
      KINDLING_LDAP_BIND_DN: demoBindDn,
      KINDLING_LDAP_BIND_PASSWORD_FILE: join(home, "directory-bind"),
    },
    accounts: join(home, "accounts.txt"),
  };
}
