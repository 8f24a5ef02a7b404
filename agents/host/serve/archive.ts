/** A tar stream of one directory of a volume. The node may have put links anywhere: none is followed. */
import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { VolumeDriver } from "../drivers/volume/port.ts";
import { notFound } from "./respond.ts";

/** Whoever takes nothing for so long has left, or holds a process of the host for nothing. */
const patienceMs = 60_000;

/** Sends the archive. Throws `not_found` when there is no such directory (a link is none). */
export async function sendArchive(volumes: VolumeDriver, volume: string, path: string, res: ServerResponse): Promise<void> {
  const root = await volumes.mounted(volume);
  if (!root) throw notFound("The disk is not mounted on this host.");
  const dir = await open(`${root}/${path}`, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW).catch(() => null);
  if (!dir) throw notFound(`The disk has no directory ${path}.`);
  try {
    // The directory goes by its descriptor: what its name leads to afterwards does not matter. tar stores links as links.
    const tar = spawn(
      "tar",
      ["--create", "--file=-", "--directory=/proc/self/fd/3", "--one-file-system", "--warning=none", `--transform=s,^\\.,${path},rSh`, "."],
      {
        stdio: ["ignore", "pipe", "ignore", dir.fd],
      },
    );
    tar.on("error", (error) => res.destroy(error));
    if (!tar.stdout) throw notFound("The archive cannot be made.");
    res.setTimeout(patienceMs, () => res.destroy());
    res.writeHead(200, { "content-type": "application/x-tar" });
    await pipeline(tar.stdout, res).finally(() => tar.kill());
  } finally {
    await dir.close();
  }
}
