import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { firstPage, sidebarTenant } from "./first-page.ts";

const tenant = (slug: string, own: boolean) => ({ slug, name: slug, role: "admin" as const, own });

describe("the first page after the sign-in", () => {
  const dana = { siteAdmin: false, tenants: [tenant("analytics", true), tenant("research", true)] };
  const sam = { siteAdmin: true, tenants: [tenant("analytics", false), tenant("research", false)] };
  const both = { siteAdmin: true, tenants: [tenant("analytics", false), tenant("research", true)] };

  it("is that of the tenant one was in last, if it is one's own, or of the first", () => {
    assert.equal(firstPage(dana, "research"), "/t/research");
    assert.equal(firstPage(dana, undefined), "/t/analytics");
    assert.equal(firstPage(dana, "gone"), "/t/analytics");
    assert.equal(firstPage(both, "analytics"), "/t/research");
  });

  it("is the site's for its administrators who are in no tenant, wherever they looked last", () => {
    assert.equal(firstPage(sam, undefined), "/site");
    assert.equal(firstPage(sam, "research"), "/site");
    assert.equal(firstPage({ siteAdmin: false, tenants: [] }, undefined), null);
  });

  it("keeps the tenant one came from beside pages of no tenant", () => {
    assert.equal(sidebarTenant(sam, "research")?.slug, "research");
    assert.equal(sidebarTenant(sam, undefined), null);
    assert.equal(sidebarTenant(both, undefined)?.slug, "research");
  });
});
