import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { hear } from "../../portal/testing/host.ts";
import { type Stand, startStand } from "../../portal/testing/stand.ts";

describe("what a site administrator does about images and sees of flavors", () => {
  let stand: Stand;
  let sam: Awaited<ReturnType<Stand["as"]>>;
  before(async () => {
    stand = await startStand();
    await hear(stand.db);
    sam = await stand.as("sam");
  });
  after(() => stand.stop());

  it("flavors without a tenant's help", async () => {
    assert.deepEqual(
      (await sam.siteFlavors.list()).map(({ slug }) => slug),
      (await (await stand.as("dana")).catalogue.flavors({ tenant: "analytics" })).map(({ slug }) => slug),
    );
  });

  it("has a failed image built again on its host, and that is written down", async () => {
    stand.asked.length = 0;
    const { tag } = await sam.site.buildImage({ distribution: "utility", host: "this-host" });
    assert.deepEqual(stand.asked, [["buildImage", `unix:${stand.env.KINDLING_RUN}/agent`, tag]]);
    const [row] = (await sam.site.audit({})).rows;
    assert.deepEqual([row?.action, row?.resource, row?.detail], ["image.build", "Debian 12, pristine", "again on this-host"]);
    await assert.rejects(sam.site.buildImage({ distribution: "nothing", host: "this-host" }), /no such distribution/);
    await assert.rejects(sam.site.buildImage({ distribution: "utility", host: "nowhere" }), /no such host/);
  });
});
