/** Reads a service's log from a node's disk. The node may have put anything there: no link is followed, only a file is read. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { VolumeDriver } from "../drivers/volume/port.ts";

/** A piece of a log that begins with a line's beginning. */
export interface LogPart {
  readonly bytes: Buffer;
  /** Number of its first line in the file, from 1; null where the file is too long to count. */
  readonly line: number | null;
  /** Where to go on: names the file and the last line's beginning. Null: what comes next cannot be told from what was. */
  readonly after: string | null;
  /** True when it follows on what `after` stood for. */
  readonly continues: boolean;
}

/** Logs are turned over at 5 MB; whoever writes more than this past that rule gets no line numbers. */
const countable = 16 * 1024 * 1024;
const newline = 10;

/**
 * The end of a log, or what came after a part that was read before: then a file that did not grow costs one look at its size.
 * @param bytes most that is read
 * @returns null when there is no such log
 */
export async function readLogFile(
  volumes: VolumeDriver,
  volume: string,
  service: string,
  bytes: number,
  after: string | null = null,
): Promise<LogPart | null> {
  const root = await volumes.mounted(volume);
  if (!root) return null;
  const dir = await open(`${root}/logs`, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW).catch(() => null);
  if (!dir) return null;
  try {
    // Below the open directory: what its name leads to by now does not matter. Opening a pipe must not wait for its writer.
    const path = `/proc/self/fd/${dir.fd}/${service}.log`;
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
    if (!file) return null;
    return await readPart(file, bytes, after).finally(() => file.close());
  } finally {
    await dir.close();
  }
}

async function readPart(file: FileHandle, bytes: number, after: string | null): Promise<LogPart | null> {
  const info = await file.stat();
  if (!info.isFile()) return null;
  const known = place(after);
  const same = known !== null && known.file === info.ino && known.size <= info.size;
  if (same && known.size === info.size) return { bytes: Buffer.alloc(0), line: known.line, after, continues: true };
  const start = same && info.size - known.offset <= bytes ? known.offset : Math.max(0, info.size - bytes);
  const read = await readAt(file, start, info.size - start);
  // Within the file it may begin in the middle of a line; one that is longer than all that was asked for is shown as it is.
  const whole = start === 0 || (same && start === known.offset);
  const cut = whole ? 0 : read.indexOf(newline) + 1;
  const part = read.subarray(cut);
  const line =
    same && start === known.offset ? known.line : info.size > countable ? null : 1 + (await lines(file, start)) + Number(cut > 0);
  const last = part.lastIndexOf(newline) + 1;
  const next = {
    file: info.ino,
    offset: start + cut + last,
    size: start + read.length,
    line: line === null ? null : line + count(part.subarray(0, last)),
  };
  return {
    bytes: part,
    line,
    after: `${next.file}:${next.offset}:${next.size}:${next.line ?? 0}`,
    continues: same && start === known.offset,
  };
}

function place(after: string | null): { file: number; offset: number; size: number; line: number | null } | null {
  if (after === null) return null;
  const [file = 0, offset = 0, size = 0, line = 0] = after.split(":").map(Number);
  return { file, offset, size, line: line === 0 ? null : line };
}

async function readAt(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, start);
  return buffer.subarray(0, bytesRead);
}

async function lines(file: FileHandle, end: number): Promise<number> {
  return count(await readAt(file, 0, end));
}

function count(bytes: Buffer): number {
  let found = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) found += 1;
  return found;
}
