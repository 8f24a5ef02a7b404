import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Claims a folder for the life of this process, so that a second launcher does not end the first one's database. The claim is a name that
 * the kernel gives up with the process, however it ends: nothing stale can remain.
 * @returns what gives it up earlier
 * @throws when another process has it, naming the setting that would part the two
 */
export async function onlyOne(setting: string, folder: string): Promise<() => void> {
  const server = createServer();
  server.listen(`\0kindling-${createHash("sha256").update(folder).digest("hex").slice(0, 32)}`);
  try {
    await once(server, "listening");
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE")) throw cause;
    throw new Error(`It is running already, with ${setting}=${folder}. Use that one, or give this one a ${setting} of its own.`, { cause });
  }
  server.unref();
  return () => server.close();
}
