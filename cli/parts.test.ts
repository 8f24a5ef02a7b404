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
    assert.equal(newPart("", "a\n"), "a\n");
    assert.equal(newPart("a\n", "a\na\n"), "a\n");
    assert.equal(newPart("a\nb\n", "b\nc\n"), "c\n");
    assert.equal(newPart("a\n", "x\ny\n"), "x\ny\n");
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 100, max: 999 }), { minLength: 1 }), fc.nat(), fc.nat(), (numbers, cut, from) => {
        const log = numbers.map((n) => `${n}\n`).join("");
        const end = 4 * (1 + (cut % numbers.length));
        const start = 4 * (from % (end / 4));
        assert.equal(newPart(log.slice(0, end), log.slice(start)), log.slice(end));
      }),
    );
  });
  it("let nobody's name move the terminal's cursor", () => {
    const text = table(["NAME"], [["a\u001b[2J\u0007\nb\u202e"]]);
    assert.ok(!/[\p{Cc}\u202e]/u.test(text.replaceAll("\n", "")));
    assert.equal(text.split("\n").length, 2);
  });
});
