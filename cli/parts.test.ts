import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { said } from "./commands/audit.ts";
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
  it("say of an entry what changed, and of what, where that has no name", () => {
    const use = [{ name: "", before: "nothing", after: "use" }];
    assert.equal(said({ detail: "Rhea may use it", changes: use }), "Rhea may use it (nothing → use)");
    const workers = [{ name: "workers", before: "1", after: "2" }];
    assert.equal(said({ detail: "1 → 2 workers", changes: workers }), "workers: 1 → 2");
    assert.equal(said({ detail: null, changes: use }), "nothing → use");
    assert.equal(said({ detail: "with all data", changes: [] }), "with all data");
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
