import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { concerns } from "./concerns.ts";

const key = (path: string, input?: object) => [path.split("."), input ? { input, type: "query" } : { type: "query" }];
const flights = new Set(["flights"]);

describe("what a change makes old", () => {
  it("is every list and figure of the tenant", () => {
    for (const path of ["clusters.list", "clusters.fit", "clusters.fitResize", "tenants.home", "volumes.list"]) {
      assert.equal(concerns(key(path, { tenant: "analytics" }), flights, false), true, path);
    }
  });
  it("is the page of the cluster that changed, and no other's", () => {
    assert.equal(concerns(key("clusters.get", { tenant: "analytics", cluster: "flights" }), flights, false), true);
    assert.equal(concerns(key("clusters.get", { tenant: "analytics", cluster: "etl" }), flights, false), false);
  });
  it("is every cluster's page after a lost connection", () => {
    assert.equal(concerns(key("clusters.get", { tenant: "analytics", cluster: "etl" }), new Set(), true), true);
    assert.equal(concerns(key("clusters.activity", { tenant: "analytics", cluster: "etl" }), new Set(), true), true);
  });
  it("is never what has nothing to do with clusters", () => {
    for (const path of ["me.tokens", "clusters.log", "catalogue.flavors", "site.audit"]) {
      assert.equal(concerns(key(path, { cluster: "flights" }), flights, true), false, path);
    }
  });
  it("survives keys that are not tRPC's", () => {
    for (const odd of [[], ["x"], [null], [["clusters", "get"]], [["clusters", "get"], { input: 3 }]]) {
      assert.equal(concerns(odd, flights, false), false);
    }
  });
});
