import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { emptyFlavor, flavorCommand, flavorFaults, resizes, toEdit, toFlavor, valuesOf } from "./model.ts";

const medium = {
  ...{ slug: "medium", name: "Medium", vcpus: 2, memoryMb: 6144, dataGb: 10, rootGb: 20, gpus: 0 },
  ...{ retired: false, tenants: ["analytics", "research"], clusters: 3, older: 0 },
};

describe("a flavor's form", () => {
  it("gives back what it was given, and sends only what differs", () => {
    assert.deepEqual(toEdit(medium, valuesOf(medium)), {});
    assert.deepEqual(toEdit(medium, { ...valuesOf(medium), memory: "7.5", tenants: "research analytics" }), { memoryMb: 7680 });
    assert.deepEqual(toEdit(medium, { ...valuesOf(medium), gpus: "2" }), { gpus: 2 });
    assert.deepEqual(toEdit(medium, { ...valuesOf(medium), who: "everybody" }), { tenants: null });
    assert.deepEqual(toEdit({ ...medium, tenants: null }, { ...valuesOf(medium), tenants: "" }), { tenants: [] });
  });

  it("makes a new size only of a new size", () => {
    assert.equal(resizes({ name: "M", tenants: null }), false);
    assert.equal(resizes({ rootGb: 30 }), true);
    assert.equal(resizes({ gpus: 1 }), true);
  });

  it("leaves what is no number to be refused", () => {
    assert.ok(Number.isNaN(toFlavor({ ...emptyFlavor, vcpus: "" }).vcpus));
    assert.equal(toFlavor({ ...emptyFlavor, memory: "1.5" }).memoryMb, 1536);
  });

  it("says of every field what is wrong, not of the first only", () => {
    const nothing = { slug: "", name: "", vcpus: "", memory: "", dataGb: "", rootGb: "", gpus: "", who: "everybody", tenants: "" } as const;
    const faults = flavorFaults(nothing);
    assert.deepEqual(Object.keys(faults).sort(), ["dataGb", "gpus", "memory", "name", "rootGb", "slug", "vcpus"]);
    assert.equal(faults.name, "A flavor needs a name.");
    assert.match(faults.vcpus ?? "", /whole number/);
    assert.deepEqual(flavorFaults(valuesOf(medium)), {});
    assert.deepEqual(Object.keys(flavorFaults({ ...valuesOf(medium), memory: "0.1", tenants: "UPPER CASE" })), ["memory", "tenants"]);
  });

  it("says the same as a command", () => {
    assert.equal(
      flavorCommand("create", "lab", { vcpus: 2, memoryMb: 4096, gpus: 0, tenants: ["lab"] }),
      "kindling flavor create lab --vcpus 2 --memory 4 --tenants lab",
    );
    assert.equal(
      flavorCommand("edit", "medium", { name: "Very Medium", memoryMb: 7680, gpus: 2, tenants: null }),
      "kindling flavor edit medium --name 'Very Medium' --memory 7.5 --gpus 2 --tenants everybody",
    );
    assert.equal(flavorCommand("edit", "medium", { vcpus: Number.NaN }), "kindling flavor edit medium --vcpus N");
  });
});
