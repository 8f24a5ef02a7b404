/** The log of an image's build: its end, if it is long. */
import { open } from "node:fs/promises";
import { logFile } from "../images/driver.ts";
import { notFound } from "./respond.ts";

const most = 1024 * 1024;

export async function readImageLog(dir: string, tag: string): Promise<string> {
  const handle = await open(logFile(dir, tag), "r").catch(() => null);
  if (!handle) throw notFound("No build of this image has been logged on this host.");
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(size, most));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
