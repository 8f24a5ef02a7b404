import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SiteSettings, type SiteSettingsView } from "../../server/services/site/settings.ts";
import { textOf, toSettings } from "./settings-model.ts";

const now: SiteSettingsView = {
  placement: "spread",
  moveAfterSeconds: null,
  vlanPool: "100-199",
  vniPool: "7000-7999",
  vxlanPort: 4789,
  cpuRatio: 4,
  fixed: { addressPool: "10.35.192.0/18", addressRestSeconds: 60, nodePrefix: "kindling", nodeDomain: "bdlocal" },
};

describe("the site's settings", () => {
  it("sends only what was changed", () => {
    assert.deepEqual(toSettings(now, { vlanPool: "100-199 ", vxlanPort: "8472" }), { vxlanPort: 8472 });
    assert.deepEqual(toSettings(now, {}), {});
  });
  it("switches the wait off when it is emptied", () => {
    const waiting = { ...now, moveAfterSeconds: 300 };
    assert.equal(textOf(waiting, "moveAfterSeconds"), "300");
    assert.deepEqual(toSettings(waiting, { moveAfterSeconds: "" }), { moveAfterSeconds: null });
    assert.equal(textOf(now, "moveAfterSeconds"), "");
  });
  it("leaves it to the API to refuse what is no number", () => {
    for (const typed of [{ vxlanPort: "" }, { vxlanPort: "many" }, { cpuRatio: "x" }, { moveAfterSeconds: "soon" }])
      assert.equal(SiteSettings.safeParse(toSettings(now, typed)).success, false, JSON.stringify(typed));
  });
});
