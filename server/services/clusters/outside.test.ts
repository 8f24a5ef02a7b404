import assert from "node:assert/strict";
import { test } from "node:test";
import { outsideWords } from "./outside.ts";

test("people are told what their nodes reach outside, unless it is everything", () => {
  const rule = { network: "10.1.2.0/24", protocol: "tcp" as const, ports: [[443, 443] satisfies [number, number]] };
  const say = (egress: "open" | "listed" | "closed", count: number) =>
    outsideWords({ egress, egressList: Array.from({ length: count }, () => rule) });
  assert.equal(say("open", 2), null);
  assert.equal(say("closed", 2), "nothing beyond its segment");
  assert.equal(say("listed", 0), "nothing beyond its segment");
  assert.equal(say("listed", 2), "only 10.1.2.0/24 tcp 443; 10.1.2.0/24 tcp 443");
  assert.match(say("listed", 8) ?? "", / and 2 more$/);
  assert.equal(outsideWords(undefined), "nothing beyond its segment");
});
