import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CreateSegment, EditSegment } from "../../server/services/segments/schemas.ts";
import { editOf, emptySegment, fieldOf, keepsIt, toEdit, toSegment } from "./model.ts";

describe("a new segment", () => {
  const values = { ...emptySegment("analytics"), name: " lab ", number: "100", dns: "10.0.0.1, 10.0.0.2" };
  it("is what the API takes", () => {
    const input = CreateSegment.parse(toSegment(values));
    assert.deepEqual([input.name, input.bits, input.uplink, input.vlanId, input.dns], ["lab", 24, "vlan", 100, ["10.0.0.1", "10.0.0.2"]]);
  });
  it("has a VNI with VXLAN, and no number on one host only", () => {
    assert.equal(toSegment({ ...values, uplink: "vxlan", number: "7001" }).vni, 7001);
    const alone = toSegment({ ...values, uplink: "none" });
    assert.deepEqual([alone.vlanId, alone.vni], [undefined, undefined]);
  });
  it("leaves its size to a subnet of one's own", () => {
    const input = toSegment({ ...values, cidr: "10.9.0.0/26" });
    assert.deepEqual([input.cidr, input.bits], ["10.9.0.0/26", undefined]);
  });
  it("is refused with a sentence at its field when a number is none", () => {
    const refused = CreateSegment.safeParse(toSegment({ ...values, number: "many" }));
    assert.equal(refused.success, false);
    assert.equal(fieldOf(refused.error?.issues[0]?.path.join(".") ?? null), "number");
  });
  it("knows which field an error belongs to", () => {
    assert.deepEqual(
      [fieldOf("cidr"), fieldOf("vni"), fieldOf("dns.0"), fieldOf("other"), fieldOf(null)],
      ["cidr", "number", "dns", null, null],
    );
  });
});

describe("an edited segment", () => {
  const now = editOf({ mtu: 1500, dns: ["10.0.0.1"], reserved: [] });
  it("sends only what differs", () => {
    assert.deepEqual(toEdit(now, { ...now, dns: " 10.0.0.1 " }), {});
    assert.deepEqual(toEdit(now, { ...now, reserved: "10.1.2.10-10.1.2.20" }), { reserved: ["10.1.2.10-10.1.2.20"] });
  });
  it("is refused with a sentence when the MTU is no number", () => {
    assert.equal(EditSegment.safeParse({ segment: "g123", ...toEdit(now, { ...now, mtu: "big" }) }).success, false);
  });
});

describe("deleting", () => {
  it("says what is in the way", () => {
    assert.equal(keepsIt({ name: "lab", clusters: 0 }), null);
    assert.match(keepsIt({ name: "lab", clusters: 1 }) ?? "", /1 cluster\. Delete it first/);
  });
});
