import assert from "node:assert/strict";
import { it } from "node:test";
import { createDirectory } from "./directory.ts";
import { firstName } from "./names.ts";
import { base, person, startSlapd } from "./testing/slapd.ts";

const people = 10_000;
const groups = 500;
const name = (at: number): string => `p${String(at).padStart(5, "0")}`;

it("reads 10,000 people in 500 groups of a server that gives no more than 200 entries at a time", async () => {
  // Groups of ten hang together in chains five deep: g0 in g1 in … g4.
  const members = Array.from({ length: groups }, (_, at): string[] => (at % 10 > 0 && at % 10 < 5 ? [`cn=g${at - 1},ou=groups`] : []));
  for (let at = 0; at < people; at += 1)
    for (const step of [0, 137, 311]) members[(at * 7 + step) % groups]?.push(`uid=${name(at)},ou=people`);
  // One person is in more groups than the server gives at a time.
  for (let at = 0; at < groups; at += 1) members[at]?.push("uid=everywhere,ou=people");
  const ldif = [
    ...Array.from({ length: people }, (_, at) => person(name(at), "x")),
    person("everywhere", "y"),
    ...members.map(
      (list, at) =>
        `dn: cn=g${at},ou=groups,${base}\nobjectClass: groupOfNames\ncn: g${at}\n${[...new Set(list)].map((member) => `member: ${member},${base}`).join("\n")}\n`,
    ),
  ].join("\n");
  const slapd = await startSlapd(ldif, { sizeLimit: 200 });
  try {
    const directory = createDirectory(slapd.ldaps);
    assert.equal((await directory.authenticate("everywhere", "y"))?.groups.length, groups);
    const began = performance.now();
    const found = await directory.look([...Array.from({ length: people }, (_, at) => name(at)), "nobody"]);
    process.stdout.write(`# ${people} people in ${groups} groups were read in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
    assert.equal([...found.values()].filter(({ state }) => state === "here").length, people);
    assert.equal(found.get("nobody")?.state, "missing");
    for (const at of [0, 1, 4711, people - 1]) {
      const direct = [0, 137, 311].map((step) => (at * 7 + step) % groups);
      const above = direct.flatMap((one) => (one % 10 < 5 ? Array.from({ length: 4 - (one % 10) }, (_, up) => one + up + 1) : []));
      const one = found.get(name(at));
      assert.ok(one?.state === "here");
      assert.deepEqual(one.user.groups.map(firstName).sort(), [...new Set([...direct, ...above])].map((g) => `g${g}`).sort());
    }
  } finally {
    await slapd.remove();
  }
});
