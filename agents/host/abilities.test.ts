import assert from "node:assert/strict";
import { test } from "node:test";
import { remembered } from "./abilities.ts";

test("what a host cannot do is asked again every few minutes, and what it can is kept", async () => {
  let clock = 0;
  let asked = 0;
  let answer = { vlan: false, vxlan: true, lvm: true, rootQuota: true };
  const abilities = remembered(
    async () => {
      asked += 1;
      return answer;
    },
    () => clock,
  );
  await Promise.all([abilities("/root"), abilities("/root")]);
  assert.equal((await abilities("/root")).vlan, false);
  assert.equal(asked, 1);
  answer = { vlan: true, vxlan: false, lvm: true, rootQuota: true };
  clock += 10 * 60_000;
  const all = { vlan: true, vxlan: true, lvm: true, rootQuota: true };
  assert.deepEqual(await abilities("/root"), all);
  clock += 10 * 60_000;
  assert.deepEqual(await abilities("/root"), all);
  assert.equal(asked, 2);
});

test("an answer that failed is not kept", async () => {
  let fails = true;
  const all = { vlan: true, vxlan: true, lvm: true, rootQuota: true };
  const abilities = remembered(
    () => (fails ? Promise.reject(new Error("no file")) : Promise.resolve(all)),
    () => 0,
  );
  await assert.rejects(abilities(null));
  fails = false;
  assert.deepEqual(await abilities(null), all);
});
