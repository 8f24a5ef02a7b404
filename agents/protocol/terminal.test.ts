import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dataFrames, endFrame, FrameReader, frameKinds, resizeFrame, said, TerminalEnd, TerminalSize } from "./terminal.ts";

test("whatever was sent is read again, however it is cut on its way", () => {
  const extent = fc.integer({ min: 1, max: 1000 });
  const message = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => dataFrames(bytes)),
    fc.record({ columns: extent, rows: extent }).map((size) => resizeFrame(size)),
  );
  fc.assert(
    fc.property(fc.array(message), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (messages, cuts) => {
      const whole = Buffer.concat(messages);
      const reader = new FrameReader();
      const read = [];
      for (let at = 0, n = 0; at < whole.length; n += 1) {
        const length = cuts[n % cuts.length] ?? 1;
        read.push(...reader.push(whole.subarray(at, at + length)));
        at += length;
      }
      const again = read.map(({ kind, payload }) =>
        kind === frameKinds.data ? dataFrames(payload) : resizeFrame(said(TerminalSize, { kind, payload })),
      );
      assert.ok(Buffer.concat(again).equals(whole));
      assert.equal(read.length, messages.length);
    }),
  );
});

test("what is long comes in several frames, and is whole", () => {
  const bytes = Buffer.alloc(200_000, "long");
  const frames = new FrameReader().push(dataFrames(bytes));
  assert.equal(frames.length, 4);
  assert.ok(Buffer.concat(frames.map(({ payload }) => payload)).equals(bytes));
});

test("a frame that is longer than any of ours, and a size or an end that is none, are refused", () => {
  assert.throws(() => new FrameReader().push(Buffer.from([0, 0, 1, 0, 1])));
  for (const columns of [0, 1001, 1.5, "x"]) assert.throws(() => TerminalSize.parse({ columns, rows: 24 }));
  assert.deepEqual(TerminalSize.parse({ columns: "80", rows: "24" }), { columns: 80, rows: 24 });
  const [end] = new FrameReader().push(endFrame({ why: "exited", code: 3 }));
  assert.ok(end);
  assert.deepEqual(said(TerminalEnd, end), { why: "exited", code: 3 });
  assert.throws(() => said(TerminalEnd, { kind: frameKinds.end, payload: Buffer.from("{}") }));
});
