import assert from "node:assert/strict";
import { test } from "node:test";
import { candidates, meaning, notebookOf, sharedWords, shareHint, togetherWords, withOf } from "./share.ts";

const found = {
  people: [
    { username: "kim", name: "Kim Larsen" },
    { username: "mate", name: "Mate Olsen" },
  ],
  groups: [{ group: "cn=fraud,dc=corp", name: "fraud", people: 2 }],
  roles: [{ role: "member" as const, name: "Everybody in Analytics", people: 40 }],
};

test("who has it already is not offered again", () => {
  const names = (shares: Parameters<typeof candidates>[1]) => candidates(found, shares).map(({ name }) => name);
  assert.deepEqual(names([]), ["Kim Larsen", "Mate Olsen", "fraud", "Everybody in Analytics"]);
  assert.deepEqual(
    names([
      { kind: "person", subject: "kim" },
      { kind: "group", subject: "cn=fraud,dc=corp" },
      { kind: "role", subject: "member" },
      // A group may have a person's name.
      { kind: "group", subject: "mate" },
    ]),
    ["Mate Olsen"],
  );
});

test("what is shared is what the cluster has: a notebook by its name, or terminals alone", () => {
  const jupyter = { id: "jupyter", title: "Jupyter" };
  const spark = { links: [jupyter], nodes: [{ services: [] }], sparkUrl: "spark://a:7077" };
  // An administrator may not open the notebook, and is still told right.
  const seen = { links: [], nodes: [{ services: [{ id: "zeppelin", title: "Zeppelin" }] }], sparkUrl: "spark://a:7077" };
  const utility = { links: [{ id: "terminal-31", title: "Terminal" }], nodes: [{ services: [] }], sparkUrl: null };
  assert.deepEqual([spark, seen, utility].map(notebookOf), ["Jupyter", "Zeppelin", null]);
  assert.match(meaning("use", spark), /notebook.*Spark's pages/);
  assert.doesNotMatch(meaning("use", utility), /notebook|Spark/);
  assert.match(togetherWords(spark, "you"), /^Whoever uses it works in the same Jupyter as you, /);
  assert.match(togetherWords(utility, "Dana Moreau"), /in its terminals under the same account as Dana Moreau/);
});

test("what is offered is what a line of the list means", () => {
  for (const one of candidates(found, [])) {
    const [kind = "", ...rest] = one.key.split(" ");
    assert.ok(kind === "person" || kind === "group" || kind === "role");
    assert.deepEqual(withOf({ kind, subject: rest.join(" ") }), one.with);
  }
});

test("a share says what it means now", () => {
  const share = { kind: "person" as const, subject: "kim", people: 1, by: "Dana" };
  assert.equal(shareHint(share), "kim, shared by Dana");
  assert.equal(shareHint({ ...share, people: 0 }), "kim, no longer in the tenant: it counts for nothing");
  assert.equal(shareHint({ ...share, kind: "group", people: 1 }), "group, 1 person, shared by Dana");
  assert.equal(shareHint({ ...share, kind: "role", people: 0 }), "nobody now, shared by Dana");
});

test("a row of a list says what is shared", () => {
  assert.equal(sharedWords({ access: "owner", shares: 0 }), null);
  assert.equal(sharedWords({ access: "admin", shares: 2 }), "shared with 2");
  assert.equal(sharedWords({ access: "use", shares: 0 }), "you may use it");
});
