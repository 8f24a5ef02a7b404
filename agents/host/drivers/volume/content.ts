/** A disk's file read and written as what goes from one host to another: without its holes. */
import { open, stat } from "node:fs/promises";
import { type Chunk, type Content, holeStep, mostChunk } from "../../copy/frames.ts";

/** Bytes that are written between two looks at whether the disk keeps up. */
const syncEvery = 64 * 1024 * 1024;

/** What is in a file that nobody writes to. */
export async function readContent(path: string): Promise<Content> {
  const { size, blocks } = await stat(path);
  return { sizeBytes: size, dataBytes: Math.min(size, blocks * 512), chunks: written(path, size) };
}

/** Writes a content to a new file. Nothing of it is trusted: its places are inside of the file, or it ends. */
export async function writeContent(path: string, { sizeBytes, chunks }: Content): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.truncate(sizeBytes);
    let unsaved = 0;
    for await (const { offset, bytes } of chunks) {
      if (offset < 0 || offset + bytes.length > sizeBytes) throw new Error("a piece lies outside of the disk");
      for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
      unsaved += bytes.length;
      // As fast as the disk is: what only the host's memory holds would be waited for at the end, by everybody at once.
      if (unsaved < syncEvery) continue;
      await handle.datasync();
      unsaved = 0;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const zeros = Buffer.alloc(mostChunk);

/** Where something is written in a file, in order. Holes are read, which costs little, and left out with whatever else is zero. */
async function* written(path: string, size: number): AsyncGenerator<Chunk> {
  const handle = await open(path, "r");
  try {
    let said = 0;
    for (let at = 0; at < size; ) {
      const block = Buffer.allocUnsafe(Math.min(mostChunk, size - at));
      const { bytesRead } = await handle.read(block, 0, block.length, at);
      if (bytesRead === 0) throw new Error("the disk's file became shorter");
      for (const [from, to] of runs(block.subarray(0, bytesRead))) {
        yield { offset: at + from, bytes: block.subarray(from, to) };
        said = at + to;
      }
      at += bytesRead;
      if (at - said < holeStep || at >= size) continue;
      said = at;
      yield { offset: at, bytes: Buffer.alloc(0) };
    }
  } finally {
    await handle.close();
  }
}

const grain = 65_536;

/** Stretches of a block in which not everything is zero, by 64 KiB. */
function runs(block: Buffer): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (let at = 0; at < block.length; at += grain) {
    const piece = block.subarray(at, Math.min(block.length, at + grain));
    if (piece.equals(zeros.subarray(0, piece.length))) continue;
    const last = found.at(-1);
    if (last?.[1] === at) last[1] = at + piece.length;
    else found.push([at, at + piece.length]);
  }
  return found;
}
