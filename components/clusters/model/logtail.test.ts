import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAnsi, plain } from "./ansi.ts";
import { around, emptyTail, joinTail, lineOf, logFilter } from "./logtail.ts";

const part = (text: string, line: number | null, continues: boolean, after: string | null = `${line}:${text.length}`) => ({
  text,
  line,
  continues,
  after,
});

test("answers that follow on each other give back the whole log, however lines are cut", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ab\n]{1,60}$/), fc.array(fc.nat({ max: 60 })), (log, cuts) => {
      let tail = emptyTail;
      let end = 0;
      for (const cut of [...cuts.toSorted((a, b) => a - b), log.length]) {
        if (cut <= end || cut > log.length) continue;
        const begin = log.slice(0, end).lastIndexOf("\n") + 1;
        tail = joinTail(tail, part(log.slice(begin, cut), log.slice(0, begin).split("\n").length, end > 0));
        end = cut;
      }
      const lines = log.split("\n");
      if (lines.at(-1) === "") lines.pop();
      assert.deepEqual(tail.lines, lines);
      assert.deepEqual([tail.first, tail.gap], [1, false]);
    }),
  );
});

test("lines keep their numbers while older ones fall off; a jump and a log that was turned over are said", () => {
  const first = joinTail(emptyTail, part("b\nc\n", 41, false));
  assert.deepEqual([first.first, first.lines, first.gap], [41, ["b", "c"], false]);
  const short = joinTail(first, part("d\ne\n", 43, true), 2);
  assert.deepEqual([short.lines, short.first], [["d", "e"], 43]);
  const anew = joinTail(short, part("x\n", 1, false));
  assert.deepEqual([anew.lines, anew.first, anew.gap], [["x"], 1, true]);
});

test("nothing new is the same object, so nothing is drawn again", () => {
  const tail = joinTail(emptyTail, part("a\nb\n", 1, false, "1:4"));
  assert.equal(joinTail(tail, part("", 1, true, "1:4")), tail);
  // A host that cannot say where it is sends the same again.
  const blind = joinTail(emptyTail, part("a\nb\n", null, false, null));
  assert.equal(joinTail(blind, part("a\nb\n", null, false, null)), blind);
  assert.deepEqual(joinTail(emptyTail, part("", 1, false)).lines, []);
});

test("a link finds its line far from the end, or says that it is gone", () => {
  const log = part(Array.from({ length: 9000 }, (_, i) => `line ${i + 11}\n`).join(""), 11, false);
  const found = around(log, 111);
  assert.ok(found);
  assert.equal(found.lines[111 - found.first], "line 111");
  assert.ok(found.lines.length <= 5000);
  assert.equal(around(log, 10), null);
  assert.equal(around(log, 9011), null);
  assert.equal(around(log, 9010)?.lines.at(-1), "line 9010");
  assert.deepEqual(["#L123", "#L0", "#L", "#L1e3", "", "#x"].map(lineOf), [123, null, null, null, null, null]);
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
