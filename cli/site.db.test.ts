import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { hear } from "../server/portal/testing/host.ts";
import { type Stand, startStand } from "../server/portal/testing/stand.ts";
import { programIn } from "./testing/program.ts";

describe("kindling, for who runs a site", () => {
  let stand: Stand;
  let elsewhere: string;
  let env: Record<string, string>;
  before(async () => {
    stand = await startStand();
    await hear(stand.db);
    elsewhere = await mkdtemp(join(tmpdir(), "kindling-cli-"));
    env = { KINDLING_URL: stand.url, KINDLING_TOKEN: await stand.token("sam") };
  });
  after(async () => {
    await stand.stop();
    await rm(elsewhere, { recursive: true });
  });

  /** What it says when it ends with that code. */
  async function run(words: string[], code = 0): Promise<string> {
    const done = await programIn(elsewhere)(words, { env });
    assert.equal(done.code, code, done.err);
    return code === 0 ? done.out : done.err;
  }

  it("makes, lists, changes and deletes segments of tenants", async () => {
    const made = await run([
      "segment",
      "create",
      "research",
      "lab",
      "--uplink",
      "vlan",
      "--vlan",
      "321",
      "--bits",
      "26",
      "--dns",
      "192.0.2.53",
    ]);
    assert.match(made, /^research has the segment lab: 10\.35\.\d+\.\d+\/26, VLAN 321\.$/m);
    assert.match(
      await run(["segment", "list", "--of", "research"]),
      /^research +lab +10\.35\.\d+\.\d+\/26 +VLAN 321 +1500 +58 +0 +0 +0 +none$/m,
    );
    assert.doesNotMatch(await run(["segment", "list", "--of", "analytics"]), / lab /);
    const third = (await stand.db.segment.findFirstOrThrow({ where: { name: "lab" } })).cidr.replace(/0\/26$/, "3");
    await run(["segment", "edit", "research", "lab", "--mtu", "1400", "--dns", "none", "--reserved", third]);
    const row = await stand.db.segment.findFirstOrThrow({ where: { name: "lab" } });
    assert.deepEqual([row.mtu, row.dns, row.reserved], [1400, [], [third]]);
    assert.match(await run(["segment", "edit", "research", "lab"], 2), /Say what to change/);
    assert.match(await run(["segment", "list", "--of", "nobody"], 4), /tenant/);
    assert.match(await run(["segment", "create", "research", "b", "--subnet", "10.9.0.0/24", "--bits", "26"], 2), /Leave one of them out/);
    assert.match(await run(["segment", "edit", "research", "lab", "--mtu", "12"], 2), /An MTU is at least 576/);
    assert.match(await run(["segment", "create", "research", "lab"], 6), /lab/);
    assert.match(
      await run(["segment", "create", "research", "other", "--uplink", "wifi"], 2),
      /--uplink is none, vlan, vxlan; it was wifi/,
    );
    assert.match(await run(["segment", "create", "research", "other", "--vlan", "7"], 2), /A VLAN id needs the uplink vlan/);
    assert.match(await run(["segment", "edit", "research", "nowhere", "--mtu", "1400"], 4), /has no segment nowhere\. Its segments: .*lab/);
    assert.match(await run(["segment", "delete", "research", "lab", "--confirm", "labs"], 2), /Type its name, lab/);
    // Called so before: scripts go on, and help does not tell of it.
    assert.equal(await run(["network", "list"]), await run(["segment", "list"]));
    assert.doesNotMatch(await run(["help"]), /^ +network/m);
    assert.match(await run(["help"]), /^ +segment +segments, the networks of tenants/m);
    await run(["segment", "delete", "research", "lab", "--confirm", "lab"]);
    assert.equal(await stand.db.segment.count({ where: { name: "lab" } }), 0);
  });

  it("shows and changes what holds for the whole site", async () => {
    assert.match(await run(["site", "settings"]), /^placement +spread\nmove after +never: an administrator says so$/m);
    const now = await run(["site", "set", "--placement", "pack", "--move-after", "300", "--vlan-pool", "100-120,300"]);
    assert.match(now, /^placement +pack\nmove after +300 s of silence\nVLAN ids +100-120,300$/m);
    const row = await stand.db.installation.findFirstOrThrow();
    assert.deepEqual([row.placement, row.moveAfterSeconds, row.vlanPool], ["pack", 300, "100-120,300"]);
    assert.match(await run(["site", "set", "--move-after", "never"]), /^move after +never/m);
    assert.match(await run(["site", "set", "--move-after", "5"], 2), /The wait is at least \d+ seconds/);
    assert.match(await run(["site", "set", "--move-after", "soon"], 2), /--move-after is a number of seconds, or "never"/);
    assert.match(await run(["site", "set", "--placement", "heap"], 2), /--placement is spread or pack; it was heap/);
    assert.match(await run(["site", "set", "--vni-pool", "a-b"], 2), /A pool is numbers and ranges/);
    assert.match(await run(["site", "set"], 2), /Say what to change/);
  });

  it("is not for others", async () => {
    const dana = { env: { KINDLING_URL: stand.url, KINDLING_TOKEN: await stand.token("dana") } };
    for (const words of [
      ["segment", "list"],
      ["site", "settings"],
      ["site", "set", "--placement", "pack"],
    ])
      assert.equal((await programIn(elsewhere)(words, dana)).code, 4, words.join(" "));
    assert.equal((await stand.db.installation.findFirstOrThrow()).moveAfterSeconds, null);
  });
});
