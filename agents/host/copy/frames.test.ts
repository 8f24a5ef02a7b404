import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HostError } from "../../protocol/errors.ts";
import { type Chunk, decode, encode, holeStep, mostChunk } from "./frames.ts";

const size = 4 * holeStep;

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function text(chunks: readonly Chunk[], sizeBytes = size): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of encode({ sizeBytes, dataBytes: 10, chunks: each(chunks) })) parts.push(part);
  return Buffer.concat(parts);
}

async function read(stream: Buffer, cut = 1000, most = size): Promise<Chunk[]> {
  const pieces = Array.from({ length: Math.ceil(stream.length / cut) }, (_, at) => stream.subarray(at * cut, (at + 1) * cut));
  const content = await decode(each(pieces), most);
  const found: Chunk[] = [];
  for await (const chunk of content.chunks) found.push({ offset: chunk.offset, bytes: Buffer.from(chunk.bytes) });
  return found;
}

const refuses = (work: Promise<unknown>, why: RegExp) =>
  assert.rejects(work, (error) => error instanceof HostError && error.fault.code === "copy_damaged" && why.test(error.message));

const one = (offset: number, bytes: string): Chunk => ({ offset, bytes: Buffer.from(bytes) });
const empty = (offset: number): Chunk => ({ offset, bytes: Buffer.alloc(0) });

describe("a disk between two hosts", () => {
  it("comes as it was sent, however the stream is cut", async () => {
    const gaps = fc.array(fc.tuple(fc.nat(5000), fc.uint8Array({ minLength: 1, maxLength: 3000 })), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(gaps, fc.integer({ min: 1, max: 5000 }), async (list, cut) => {
        let at = 0;
        const chunks = list.map(([gap, bytes]) => {
          const offset = at + gap;
          at = offset + bytes.length;
          return { offset, bytes: Buffer.from(bytes) };
        });
        assert.deepEqual(await read(await text(chunks), cut), chunks);
      }),
      { numRuns: 50 },
    );
    assert.deepEqual(await read(await text([empty(holeStep), one(holeStep, "a"), empty(2 * holeStep + 1)])), [
      empty(holeStep),
      one(holeStep, "a"),
      empty(2 * holeStep + 1),
    ]);
  });

  it("is refused where anything of it is not as it has to be", async () => {
    await refuses(read(Buffer.from("x".repeat(100))), /no disk/);
    await refuses(read(await text([]), 1000, size - 1), /larger/);
    await refuses(read(await text([], 0)), /larger/);
    await refuses(read(await text([one(size - 1, "ab")])), /outside/);
    await refuses(read(await text([one(10, "abc"), one(12, "d")])), /outside/);
    await refuses(read(await text([{ offset: 0, bytes: Buffer.alloc(mostChunk + 1) }]), 100_000), /outside/);
    await refuses(read(await text([empty(1)])), /outside/);
    const good = await text([one(10, "abc")]);
    await refuses(read(good.subarray(0, good.length - 1)), /broke off/);
    await refuses(read(good.subarray(0, 30)), /broke off/);
    await refuses(read(Buffer.concat([good, Buffer.from("x")])), /more came/);
    for (const at of [8, 20, 24, 38, good.length - 1]) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 1;
      await assert.rejects(read(bad), HostError, `byte ${at}`);
    }
  });
});
