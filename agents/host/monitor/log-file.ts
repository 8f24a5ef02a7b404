/** Reads the end of a service's log from a node's disk. The node may have put anything there: no link is followed, only a file is read. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { VolumeDriver } from "../drivers/volume/port.ts";

/** Null when there is no such log. */
export async function readLogFile(volumes: VolumeDriver, volume: string, service: string, bytes: number): Promise<string | null> {
  const root = await volumes.mounted(volume);
  if (!root) return null;
  const dir = await open(`${root}/logs`, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW).catch(() => null);
  if (!dir) return null;
  try {
    // Below the open directory: what its name leads to by now does not matter. Opening a pipe must not wait for its writer.
    const path = `/proc/self/fd/${dir.fd}/${service}.log`;
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
    if (!file) return null;
    return await readEnd(file, bytes).finally(() => file.close());
  } finally {
    await dir.close();
  }
}

async function readEnd(file: FileHandle, bytes: number): Promise<string | null> {
  const info = await file.stat();
  if (!info.isFile()) return null;
  const buffer = Buffer.alloc(Math.min(bytes, info.size));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, info.size - buffer.length);
  return buffer.toString("utf8", 0, bytesRead);
}
