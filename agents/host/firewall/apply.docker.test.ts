import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../exec.ts";
import { freshId, net } from "../testing/specs.ts";
import { nftFirewall, tablesIn } from "./apply.ts";
import { renderFirewall } from "./render.ts";

test("rules that somebody flushed are noticed and loaded again", async () => {
  const installation = freshId("t");
  const { segment } = net("tenantone", freshId("s"));
  const rules = (segments: (typeof segment)[]) =>
    renderFirewall({
      installation,
      segments: segments.map((s) => ({ ...s, link: null })),
      nodes: [],
      bindings: [],
      resolvers: [],
      deny: [],
      fenced: false,
    });
  const text = rules([segment]);
  assert.deepEqual(tablesIn(text), [
    `table inet kindling_${installation}`,
    `table arp kindling_${installation}`,
    `table bridge kindling_${installation}`,
  ]);
  assert.deepEqual(tablesIn(rules([])), []);
  const there = async () => (await run("nft", ["list", "tables"])).split("\n").filter((line) => line.endsWith(`kindling_${installation}`));
  const firewall = nftFirewall();
  try {
    assert.equal(await firewall.lost(), false, "nothing was loaded yet");
    await firewall.apply(text);
    assert.equal(await firewall.lost(), false);
    for (const family of ["inet", "arp", "bridge"]) {
      await run("nft", ["delete", "table", family, `kindling_${installation}`]);
      assert.equal(await firewall.lost(), true);
      await firewall.apply(text);
      assert.equal((await there()).length, 3);
    }
    await firewall.apply(rules([]));
    assert.equal(await firewall.lost(), false, "without segments there is nothing to lose");
  } finally {
    await firewall.apply(rules([]));
  }
});
