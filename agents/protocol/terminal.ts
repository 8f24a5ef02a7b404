/**
 * What the gateway and an agent say to each other once GET /v1/terminal was upgraded, in both directions: frames of a kind (1 byte), a length
 * (4 bytes, big-endian) and so many bytes. The gateway sends what was typed and the window's size; the agent what the terminal shows and, as its
 * last word, how it ended. A connection that ends without that word was cut.
 */
import { z } from "zod";

const extent = z.coerce.number().int().min(1).max(1000);

/** Of a terminal, in characters. */
export const TerminalSize = z.object({ columns: extent, rows: extent });
export type TerminalSize = z.infer<typeof TerminalSize>;

/** `exited`: the shell ended, with this code. `stopped`: the node did. `failed`: the host could not go on with it. */
export const TerminalEnd = z.object({ why: z.enum(["exited", "stopped", "failed"]), code: z.number().int().nullable() });
export type TerminalEnd = z.infer<typeof TerminalEnd>;

export const frameKinds = { data: 0, resize: 1, end: 2 } as const;
const longest = 65_536;
const head = 5;

export interface Frame {
  readonly kind: number;
  readonly payload: Buffer;
}

function frame(kind: number, payload: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(head + payload.length);
  out.writeUInt8(kind, 0);
  out.writeUInt32BE(payload.length, 1);
  out.set(payload, head);
  return out;
}

/** Bytes as frames, as many as they need. */
export function dataFrames(bytes: Uint8Array): Buffer {
  if (bytes.length <= longest) return frame(frameKinds.data, bytes);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += longest) parts.push(frame(frameKinds.data, bytes.subarray(at, at + longest)));
  return Buffer.concat(parts);
}

export function resizeFrame(size: TerminalSize): Buffer {
  return frame(frameKinds.resize, Buffer.from(JSON.stringify(size)));
}

export function endFrame(end: TerminalEnd): Buffer {
  return frame(frameKinds.end, Buffer.from(JSON.stringify(end)));
}

/** What a frame's JSON says. @throws when it is not of that form */
export function said<T extends z.ZodType>(schema: T, { payload }: Frame): z.output<T> {
  return schema.parse(JSON.parse(payload.toString("utf8")));
}

/** Puts frames together again, however the bytes were cut on their way. Keeps less than one frame. */
export class FrameReader {
  private held: Buffer = Buffer.alloc(0);

  /** @throws for a frame that is longer than any of ours; nothing more is to be read then */
  push(chunk: Uint8Array): Frame[] {
    const bytes = this.held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.held, chunk]);
    const frames: Frame[] = [];
    let at = 0;
    while (bytes.length - at >= head) {
      const length = bytes.readUInt32BE(at + 1);
      if (length > longest) throw new Error(`a frame of ${length} bytes`);
      if (bytes.length - at < head + length) break;
      frames.push({ kind: bytes.readUInt8(at), payload: bytes.subarray(at + head, at + head + length) });
      at += head + length;
    }
    this.held = bytes.subarray(at);
    return frames;
  }
}
