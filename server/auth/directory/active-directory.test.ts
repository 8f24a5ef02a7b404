import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createDirectory } from "./directory.ts";
import { firstName } from "./names.ts";
import { base, type Slapd, startSlapd } from "./testing/slapd.ts";

/** S-1-5-21-1-2-3-<rid>, as Active Directory keeps it. */
function sid(rid: number): Buffer {
  const bytes = Buffer.from([1, 5, 0, 0, 0, 0, 0, 5, ...Array.from({ length: 20 }, () => 0)]);
  for (const [at, part] of [21, 1, 2, 3, rid].entries()) bytes.writeUInt32LE(part, 8 + 4 * at);
  return bytes;
}
const domainUsers = 513;
const windowsTime = (at: Date): string => String((BigInt(at.getTime()) + 11_644_473_600_000n) * 10_000n);

const user = (name: string, rid: number, more = "userAccountControl: 512\n"): string =>
  `dn: cn=${name} Example,ou=people,${base}\nobjectClass: user\ncn: ${name} Example\nsn: ${name}\nsAMAccountName: ${name}\nuserPrincipalName: ${name.toLowerCase()}@example.com\nuserPassword: pass-${name}\nprimaryGroupID: ${domainUsers}\nobjectSid:: ${sid(rid).toString("base64")}\n${more}`;
const group = (name: string, rid: number, ...members: string[]): string =>
  `dn: cn=${name.replaceAll(",", "\\,")},ou=groups,${base}\nobjectClass: group\ncn: ${name}\nsAMAccountName: ${name}\nobjectSid:: ${sid(rid).toString("base64")}\n${members.map((member) => `member: ${member},${base}\n`).join("")}`;

const ldif = [
  user("Ann", 1101),
  user("Bob", 1102, "userAccountControl: 514\n"),
  user("Carl", 1103, `userAccountControl: 512\naccountExpires: ${windowsTime(new Date(Date.now() - 86_400_000))}\n`),
  user("Dora", 1104, `userAccountControl: 66048\naccountExpires: ${windowsTime(new Date(Date.now() + 86_400_000))}\n`),
  user("Emil", 1105, "userAccountControl: 512\naccountExpires: 9223372036854775807\n"),
  group("Staff, of Example", 2001, "cn=Ann Example,ou=people"),
  group("Level 2", 2002, "cn=Staff\\, of Example,ou=groups"),
  group("Level 3", 2003, "cn=Level 2,ou=groups"),
  group("Level 4", 2004, "cn=Level 3,ou=groups"),
  // Nobody is listed in it: it is the primary group of all of them.
  group("Domain Users", domainUsers),
  group("All of the company", 2005, "cn=Domain Users,ou=groups"),
].join("\n");

describe("a directory with Active Directory's schema", () => {
  let slapd: Slapd;
  before(async () => {
    slapd = await startSlapd(ldif, { memberOf: "group" });
  });
  after(() => slapd.remove());
  const sign = (name: string, change = {}) =>
    createDirectory({ ...slapd.plain, loginAttributes: ["sAMAccountName", "userPrincipalName"], ...change }).authenticate(
      name.toLowerCase(),
      `pass-${name}`,
    );

  it("knows people by their account's name, with groups four deep and the primary group", async () => {
    const ann = await sign("Ann");
    assert.equal(ann?.username, "ann");
    assert.deepEqual(ann?.groups.map(firstName), [
      "all of the company",
      "domain users",
      "level 2",
      "level 3",
      "level 4",
      "staff, of example",
    ]);
    assert.deepEqual((await sign("Dora"))?.groups.map(firstName), ["all of the company", "domain users"]);
  });

  it("has no place for a disabled or an expired account, with the right password too", async () => {
    assert.equal(await sign("Bob"), null);
    assert.equal(await sign("Carl"), null);
    assert.ok(await sign("Dora"));
    assert.ok(await sign("Emil"));
    const directory = createDirectory({ ...slapd.plain, loginAttributes: ["sAMAccountName"] });
    const states = await directory.look(["ann", "bob", "carl", "nobody"]);
    assert.deepEqual(
      [...states].sort().map(([name, { state }]) => `${name} ${state}`),
      ["ann here", "bob disabled", "carl disabled", "nobody missing"],
    );
  });

  it("takes a user@domain name for the same account", async () => {
    const directory = createDirectory({ ...slapd.plain, loginAttributes: ["sAMAccountName", "userPrincipalName"] });
    assert.equal((await directory.authenticate("ann@example.com", "pass-Ann"))?.username, "ann");
  });

  it("notices when an account is disabled, and when it is enabled again", async () => {
    const directory = createDirectory({ ...slapd.plain, loginAttributes: ["sAMAccountName"] });
    const set = (value: number) =>
      slapd.modify(`dn: cn=Ann Example,ou=people,${base}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: ${value}\n`);
    await set(514);
    assert.equal((await directory.look(["ann"])).get("ann")?.state, "disabled");
    await set(512);
    assert.equal((await directory.look(["ann"])).get("ann")?.state, "here");
  });
});
