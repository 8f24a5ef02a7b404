import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { currentPlace, sections } from "./sections.ts";

const titles = (...args: Parameters<typeof sections>) =>
  sections(...args).map(({ title, places }) => [title, places.map((place) => place.title)]);

describe("the sidebar", () => {
  it("offers a member their tenant only", () => {
    assert.deepEqual(titles({ siteAdmin: false }, { slug: "analytics", role: "member" }), [
      [null, ["Home", "Clusters", "Catalogue", "Volumes"]],
    ]);
  });

  it("adds what a tenant admin may see", () => {
    assert.deepEqual(titles({ siteAdmin: false }, { slug: "analytics", role: "admin" })[1], [
      "Tenant",
      ["People", "Quotas", "Service accounts", "Audit"],
    ]);
  });

  it("shows the site to site admins, also without a tenant of their own", () => {
    const found = titles({ siteAdmin: true }, null);
    assert.equal(found.length, 1);
    assert.equal(found[0]?.[0], "Site");
  });

  it("shows nobody the site who is not its admin", () => {
    assert.equal(
      sections({ siteAdmin: false }, { slug: "analytics", role: "admin" }).some(({ title }) => title === "Site"),
      false,
    );
  });
});

describe("the current place", () => {
  const places = sections({ siteAdmin: true }, { slug: "analytics", role: "admin" }).flatMap((section) => section.places);
  const cases: [string, string | null][] = [
    ["/t/analytics", "/t/analytics"],
    ["/t/analytics/clusters", "/t/analytics/clusters"],
    ["/t/analytics/clusters/abc/nodes", "/t/analytics/clusters"],
    ["/site", "/site"],
    ["/site/hosts", "/site/hosts"],
    ["/me", null],
    ["/t/other", null],
  ];
  for (const [path, expected] of cases) {
    it(`${path} is ${expected}`, () => assert.equal(currentPlace(places, path)?.href ?? null, expected));
  }
});
