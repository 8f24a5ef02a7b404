/** A Unix socket that only one user may open. */
import { chmod, chown, rename, rm } from "node:fs/promises";
import type { Server } from "node:http";

/** Listens under another name first: the socket appears with its owner and mode, never before. */
export async function listenOn(server: Server, path: string, owner: number): Promise<void> {
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(fresh, () => {
      server.off("error", reject);
      resolve();
    });
  });
  await chmod(fresh, 0o600);
  await chown(fresh, owner, 0);
  await rename(fresh, path);
}
