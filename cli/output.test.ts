import assert from "node:assert/strict";
import { it } from "node:test";
import { mappedWords, missingWords } from "./commands/directory-words.ts";
import { logText, sentences } from "./output.ts";

const log = "plain\ttab\r\n\u001b[1;31mred\u001b[0m\n10 %\r20 %\n";
const hostile = "\u001b]0;title\u0007\u001b]52;c;cm0=\u0007\u001b[2J\u001b[1A\u009b2J\u0008\u202eleft\u0000";

// biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be left
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

it("a log keeps its lines and colours on a terminal, and cannot do anything to it", () => {
  assert.equal(logText(log, true), "plain\ttab\n\u001b[1;31mred\u001b[0m\n10 %\n20 %\n");
  assert.doesNotMatch(logText(hostile, true), obeyed);
  assert.match(logText(hostile, true), /title.*2J.*left/);
});

it("a pipe gets the log as it is", () => assert.equal(logText(log + hostile, false), log + hostile));

it("sentences with other people's words keep their lines, and cannot do anything to a terminal either", () => {
  const mapping = { id: "m1", group: `cn=${hostile}`, role: "member" as const, tenant: { slug: "research", name: "Research" } };
  const missing = missingWords({ asked: true, mappings: [mapping] }) ?? "";
  for (const text of [missing, mappedWords({ ...mapping, found: false })]) assert.doesNotMatch(sentences(text), obeyed);
  assert.equal(sentences("a\tb\nc é\n"), "a\tb\nc é\n");
});
