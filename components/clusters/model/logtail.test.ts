import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAnsi, plain } from "./ansi.ts";
import { emptyTail, joinTail, logFilter } from "./logtail.ts";

test("a sliding window of the end gives back the whole log", () => {
  const line = fc.stringMatching(/^[a-z]{0,6}$/);
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), fc.array(fc.integer({ min: 1, max: 8 })), (texts, steps) => {
      // Numbered, as lines with times are: then nothing is ambiguous.
      const all = texts.map((text, i) => `${i} ${text}`);
      let tail = emptyTail;
      let end = 0;
      for (const step of [...steps, ...all.map(() => 1)]) {
        end = Math.min(all.length, end + step);
        const start = Math.max(0, end - 10);
        tail = joinTail(
          tail,
          all
            .slice(start, end)
            .map((one) => `${one}\n`)
            .join(""),
          true,
        );
        assert.deepEqual(tail.lines, all.slice(0, end));
        assert.equal(tail.gap, false);
      }
    }),
  );
});

test("a line caught half-written is completed, not doubled", () => {
  const half = joinTail(emptyTail, "one\ntw", true);
  assert.deepEqual(joinTail(half, "one\ntwo\nthree\n", true).lines, ["one", "two", "three"]);
});

test("the first line of a cut window is dropped; a jump is said; old lines keep their numbers", () => {
  const first = joinTail(emptyTail, "artial\nb\nc\n", false);
  assert.deepEqual(first.lines, ["b", "c"]);
  const jumped = joinTail(first, "x\ny\nz\n", false);
  assert.deepEqual([jumped.lines, jumped.gap, jumped.first], [["y", "z"], true, 2]);
  const short = joinTail(first, "b\nc\nd\ne\n", true, 2);
  assert.deepEqual([short.lines, short.first], [["d", "e"], 2]);
});

test("nothing new is the same object, so nothing is drawn again", () => {
  const tail = joinTail(emptyTail, "a\nb\n", true);
  assert.equal(joinTail(tail, "a\nb\n", true), tail);
  assert.equal(joinTail(tail, "", true), tail);
});

test("colours come from a palette of ours and every other sequence vanishes", () => {
  assert.deepEqual(parseAnsi("\u001b[31mred\u001b[0m plain \u001b[1;32mok\u001b[22m\u001b[39m."), [
    { text: "red", color: "red", bold: false, dim: false },
    { text: " plain ", color: null, bold: false, dim: false },
    { text: "ok", color: "green", bold: true, dim: false },
    { text: ".", color: null, bold: false, dim: false },
  ]);
  assert.equal(plain("\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007 \u001b[2Jme\u202e"), "click me");
  assert.deepEqual(parseAnsi("\u001b[38;5;196mx\u001b[48;2;1;2;31my"), [{ text: "xy", color: null, bold: false, dim: false }]);
});

test("no control character survives, whatever a node writes", () => {
  const hostile = fc
    .array(fc.constantFrom("\u001b[", "\u001b]", "31m", "m", "a", ";", "\u0007", "\u001b", "\u202e", "\u0000", "é"))
    .map((x) => x.join(""));
  fc.assert(
    fc.property(hostile, (line) => {
      const text = parseAnsi(line)
        .map((span) => span.text)
        .join("");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      assert.ok(!/[\u0000-\u0008\u001b\u202e]/.test(text));
      assert.equal(text, plain(line));
    }),
  );
});

test("the filter is a regular expression or says why it is none", () => {
  assert.equal(logFilter("warn|error").test?.("An ERROR here"), true);
  assert.equal(logFilter("").test, null);
  assert.match(logFilter("(").problem ?? "", /not a regular expression/);
});
