import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";

const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
const known = new Set(["sslmode", "sslrootcert", "sslcert", "sslkey"]);

/**
 * How the connection to a database is encrypted, by libpq's own parameters in its URL. `require` checks like `verify-full`: a connection that anybody
 * in between could answer protects nothing. `allow` and `prefer` promise nothing, and are not tried; nor is anything on a Unix socket.
 * @throws when a parameter is not known, or a file cannot be read: nothing that somebody asked for is left out silently
 */
export function databaseTls(asked: URLSearchParams, host: string): ConnectionOptions | null {
  const wrong = (what: string): Error => new Error(`DATABASE_URL: ${what}`);
  for (const name of asked.keys())
    if (name.startsWith("ssl") && !known.has(name)) throw wrong(`${name} is not supported; take it out, or use ${[...known].join(", ")}.`);
  const mode = asked.get("sslmode") ?? "disable";
  if (!modes.includes(mode)) throw wrong(`sslmode is one of ${modes.join(", ")}, not ${mode}.`);
  if (host.startsWith("/") || !["require", "verify-ca", "verify-full"].includes(mode)) return null;
  const file = (name: string): string | null => {
    const path = asked.get(name);
    if (path === null || (name === "sslrootcert" && path === "system")) return null;
    try {
      return readFileSync(path, "utf8");
    } catch (cause) {
      throw new Error(wrong(`${name} names ${path}, which cannot be read here.`).message, { cause });
    }
  };
  const [ca, cert, key] = [file("sslrootcert"), file("sslcert"), file("sslkey")];
  if ((cert === null) !== (key === null)) throw wrong("sslcert and sslkey go together; one of them is missing.");
  return {
    rejectUnauthorized: true,
    ...(ca === null ? {} : { ca }),
    ...(cert === null || key === null ? {} : { cert, key }),
    ...(mode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
  };
}
