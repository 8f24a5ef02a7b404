/** A disk's content on its way from one host to another: where there is something, with a checksum over all of it at the end. */
import { createHash } from "node:crypto";
import { HostError } from "../../protocol/errors.ts";

/** A piece of a disk. An empty one only says that there is nothing up to there: so that a stream of holes is not taken for a dead one. */
export interface Chunk {
  readonly offset: number;
  readonly bytes: Buffer;
}

export interface Content {
  readonly sizeBytes: number;
  /** About how much will come. */
  readonly dataBytes: number;
  /** In order, none over another; to be read once. What is not in it is zero. */
  readonly chunks: AsyncIterable<Chunk>;
}

export const mostChunk = 1024 * 1024;
/** Empty ones come at most that often. */
export const holeStep = 64 * mostChunk;

const magic = Buffer.from("KNDLDSK1");
const preambleBytes = magic.length + 16;
const headerBytes = 12;
const checksumBytes = 32;
const end = 2n ** 64n - 1n;

function header(offset: bigint, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes);
  bytes.writeBigUInt64BE(offset, 0);
  bytes.writeUInt32BE(length, 8);
  return bytes;
}

/** The stream: sizes, then place, length and bytes of each chunk, then the SHA-256 of everything before. */
export async function* encode({ sizeBytes, dataBytes, chunks }: Content): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  const said = (bytes: Buffer): Buffer => {
    hash.update(bytes);
    return bytes;
  };
  const preamble = Buffer.alloc(preambleBytes);
  magic.copy(preamble);
  preamble.writeBigUInt64BE(BigInt(sizeBytes), magic.length);
  preamble.writeBigUInt64BE(BigInt(dataBytes), magic.length + 8);
  yield said(preamble);
  for await (const { offset, bytes } of chunks) {
    yield said(header(BigInt(offset), bytes.length));
    if (bytes.length > 0) yield said(bytes);
  }
  yield Buffer.concat([header(end, checksumBytes), hash.digest()]);
}

/**
 * Reads such a stream. Whoever sends is not believed: no chunk lies outside of the disk, over another, or is longer than allowed, and the last is
 * followed by nothing. Chunks end without an error only where the checksum is right.
 * @param mostBytes the largest disk that may come
 * @throws HostError `copy_damaged`
 */
export async function decode(stream: AsyncIterable<Buffer>, mostBytes: number): Promise<Content> {
  const take = taker(stream);
  const hash = createHash("sha256");
  const preamble = await take(preambleBytes);
  hash.update(preamble);
  if (!preamble.subarray(0, magic.length).equals(magic)) throw damaged("what came is no disk");
  const sizeBytes = Number(preamble.readBigUInt64BE(magic.length));
  const dataBytes = Math.min(sizeBytes, Number(preamble.readBigUInt64BE(magic.length + 8)));
  if (sizeBytes === 0 || sizeBytes > mostBytes) throw damaged("it is larger than was said");
  async function* chunks(): AsyncGenerator<Chunk> {
    for (let at = 0; ; ) {
      const head = await take(headerBytes);
      const place = head.readBigUInt64BE(0);
      const length = head.readUInt32BE(8);
      if (place === end) {
        if (length !== checksumBytes || !(await take(checksumBytes)).equals(hash.digest())) throw damaged("its checksum is wrong");
        if ((await take(1, true)).length > 0) throw damaged("more came than the disk");
        return;
      }
      hash.update(head);
      const inside = place <= BigInt(sizeBytes) && Number(place) + length <= sizeBytes && length <= mostChunk;
      const offset = Number(place);
      if (!inside || offset < at || (length === 0 && offset < at + holeStep)) throw damaged("a piece of it lies outside of its place");
      const bytes = length === 0 ? Buffer.alloc(0) : await take(length);
      hash.update(bytes);
      at = offset + length;
      yield { offset, bytes };
    }
  }
  return { sizeBytes, dataBytes, chunks: chunks() };
}

/** Takes so many bytes from a stream, and holds no more than that and what came last. */
function taker(stream: AsyncIterable<Buffer>): (length: number, mayEnd?: boolean) => Promise<Buffer> {
  const source = stream[Symbol.asyncIterator]();
  let held: Buffer[] = [];
  let size = 0;
  return async (length, mayEnd = false) => {
    while (size < length) {
      const next = await source.next();
      if (next.done) {
        if (mayEnd && size === 0) return Buffer.alloc(0);
        throw damaged("it broke off before its end");
      }
      held.push(next.value);
      size += next.value.length;
    }
    const [first] = held;
    const all = held.length === 1 && first ? first : Buffer.concat(held);
    size -= length;
    held = size > 0 ? [all.subarray(length)] : [];
    return all.subarray(0, length);
  };
}

function damaged(why: string): HostError {
  return new HostError({
    code: "copy_damaged",
    message: `The copy of the disk was thrown away: ${why}. It begins again.`,
    retryable: true,
  });
}
