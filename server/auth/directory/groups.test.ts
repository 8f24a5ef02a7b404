import assert from "node:assert/strict";
import { test } from "node:test";
import { BusyError, InvalidDNSyntaxError, NoSuchObjectError, UnknownStatusCodeError } from "ldapts";
import { lackingGroups } from "./groups.ts";

const answers: Record<string, Error | null> = {
  "cn=there,dc=a": null,
  "cn=gone,dc=a": new NoSuchObjectError(),
  nonsense: new InvalidDNSyntaxError(),
  // Active Directory's answer to every name outside of its own domains.
  "cn=demo,dc=b": new UnknownStatusCodeError(10),
  "cn=busy,dc=a": new BusyError(),
};
const client = {
  async search(dn: string) {
    const answer = answers[dn];
    if (answer) throw answer;
    return { searchEntries: [{ dn }], searchReferences: [] };
  },
};

const config = { timeoutSeconds: 1, base: "dc=a", groupBase: null, groupFilter: null };

test("a group that a directory sends one elsewhere for is neither there nor lacking, and hides nothing of the others", async () => {
  const said = await lackingGroups(client, config, ["cn=there,dc=a", "cn=gone,dc=a", "nonsense", "cn=demo,dc=b"], false);
  assert.deepEqual(said, { lacking: ["cn=gone,dc=a", "nonsense"], untold: ["cn=demo,dc=b"] });
  await assert.rejects(lackingGroups(client, config, ["cn=busy,dc=a"], false), BusyError);
});
