import assert from "node:assert/strict";
import { test } from "node:test";
import { type Held, makeOwners, type Row } from "./owners.ts";

const held = (container: string, speaks = true): Held => ({ container, node: "n1", ip: "10.1.1.2", volume: `v-${container}`, speaks });
const row = (host: string, volume: string): Row => ({ ip: "10.1.1.2", node: "n1", host, volume });

test("a node that left one host before it came to the other has one owner", () => {
  const owners = makeOwners();
  owners.database([row("a", "v-old")]);
  owners.host("a", [held("old")]);
  owners.host("b", []);
  owners.host("a", [held("old")]);
  owners.host("b", []);
  owners.host("a", []);
  owners.database([row("b", "v-new")]);
  for (let i = 0; i < 2; i++) {
    owners.host("b", [held("new")]);
    owners.host("a", []);
  }
  assert.deepEqual([...owners.twice], []);
  assert.deepEqual([...owners.seen], ["old", "new"]);
});

test("an address on two hosts is seen, unless one of them keeps it off the network", () => {
  for (const speaks of [true, false]) {
    const owners = makeOwners();
    owners.host("a", [held("old", speaks)]);
    owners.host("b", [held("new")]);
    owners.host("a", [held("old", speaks)]);
    assert.equal(owners.twice.size, speaks ? 1 : 0);
  }
});

test("what the database has elsewhere while a host still lets it speak is seen, and a volume even when it does not", () => {
  const address = makeOwners();
  address.host("a", [held("old")]);
  address.database([row("b", "v-new")]);
  address.host("a", [held("old")]);
  assert.match([...address.twice].join(), /10\.1\.1\.2 .* the database has it as n1's on b/);

  const volume = makeOwners();
  volume.host("a", [{ ...held("old", false), volume: "v" }]);
  volume.host("b", [{ ...held("new"), ip: "10.1.1.3", volume: "v" }]);
  volume.host("a", [{ ...held("old", false), volume: "v" }]);
  assert.deepEqual([...volume.twice], ["volume v is used on a and on b"]);
});
