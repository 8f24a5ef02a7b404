import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { newPart } from "./commands/node.ts";
import { checkTransport, parseUrl } from "./config.ts";
import { table } from "./output.ts";

describe("the program's parts", () => {
  it("read addresses as people type them", () => {
    assert.equal(parseUrl("localhost:3000"), "http://localhost:3000");
    assert.equal(parseUrl("spark.example.com"), "https://spark.example.com");
    assert.equal(parseUrl("https://spark.example.com/t/analytics"), "https://spark.example.com");
    for (const wrong of ["", "ftp://a", "http://", "javascript:alert(1)"]) assert.throws(() => parseUrl(wrong), /is not an address/, wrong);
  });
  it("refuse to send secrets in the clear", () => {
    checkTransport("http://localhost:3000");
    checkTransport("https://spark.example.com");
    assert.throws(() => checkTransport("http://spark.example.com"), /not encrypted/);
    assert.throws(() => checkTransport("http://localhost.example.com"), /not encrypted/);
  });
  it("follow a log without repeating or losing a line", () => {
    const more = (text: string) => ({ text, continues: true });
    assert.equal(newPart("a\n", more("b\n")), "b\n");
    assert.equal(newPart("a\n", more("a\n")), "a\n");
    assert.equal(newPart("a\nhal", more("half\nnext\n")), "f\nnext\n");
    assert.equal(newPart("a\nb\n", { text: "x\ny\n", continues: false }), "x\ny\n");
    fc.assert(
      fc.property(fc.stringMatching(/^[ab\n]{1,30}$/), fc.array(fc.nat({ max: 30 }), { maxLength: 6 }), (log, cuts) => {
        let shown = "";
        let all = "";
        let end = 0;
        for (const cut of [...cuts.toSorted((a, b) => a - b), log.length]) {
          if (cut <= end || cut > log.length) continue;
          // What the host answers: from the beginning of the line that had no end yet.
          const text = log.slice(log.slice(0, end).lastIndexOf("\n") + 1, cut);
          all += newPart(shown, { text, continues: end > 0 });
          shown = text;
          end = cut;
        }
        assert.equal(all, log);
      }),
    );
  });
  it("let nobody's name move the terminal's cursor", () => {
    const text = table(["NAME"], [["a\u001b[2J\u0007\nb\u202e"]]);
    assert.ok(!/[\p{Cc}\u202e]/u.test(text.replaceAll("\n", "")));
    assert.equal(text.split("\n").length, 2);
  });
});
