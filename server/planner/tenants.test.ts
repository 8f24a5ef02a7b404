import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { heard } from "../reconciler/testing/heard.ts";
import { cluster, rowsWith } from "../reconciler/testing/rows.ts";
import { apply, ConflictError } from "./apply.ts";
import type { Change } from "./changes.ts";
import type { Snapshot } from "./snapshot.ts";
import { releaseTenants } from "./tenants.ts";

const ip = "10.35.192.9";

/** The tenant red is to go; blue stays. */
function deleting(change: Partial<Snapshot> = {}): Snapshot {
  const rows = rowsWith([]);
  return {
    ...rows,
    addresses: [],
    tenants: rows.tenants.map((row) => (row.id === "tred00" ? { ...row, state: "deleting" } : row)),
    ...change,
  };
}
const volume = (state: "attached" | "kept" | "deleting", tenantId = "tred00"): Snapshot["volumes"][number] => ({
  ...{ id: "vone00", tenantId, hostId: "host0", name: "kindling-1", sizeMb: 1024, driver: "loop", state, copyOf: null, observed: null },
});
const resting = { ip, segmentId: "sred00", nodeId: null, hostId: null, freedAt: 1 };
const ops = (changes: readonly Change[]): string[] => changes.map(({ op }) => op);

describe("a tenant that is to go", () => {
  it("goes with its networks and resting addresses when nothing else is left; others stay", () => {
    const rows = deleting({ addresses: [resting, { ...resting, ip: "10.35.193.9", segmentId: "sblue0" }] });
    const changes = releaseTenants(rows);
    assert.deepEqual(ops(changes), ["forgetAddress", "dropSegment", "dropTenant"]);
    const after = apply(rows, changes);
    assert.deepEqual(
      [after.tenants.map(({ id }) => id), after.segments.map(({ id }) => id), after.addresses.map((row) => row.ip)],
      [["tblue0"], ["sblue0"], ["10.35.193.9"]],
    );
    assert.deepEqual(releaseTenants(after), []);
  });

  it("waits for clusters, volumes, remnants, and hosts that still carry its network", () => {
    const gone = { ...cluster({ desired: "deleted" }), tenantId: "tred00" };
    const remnant: Snapshot["remnants"][number] = {
      ...{ nodeId: "nold00", hostId: "host0", clusterId: "cold00", tenantId: "tred00", segmentId: "sred00", name: "kindling-1" },
      ...{ role: "master", ip, imageTag: "i", volumeId: "vold00", incarnation: 1 },
    };
    for (const change of [
      { clusters: [gone] },
      { volumes: [volume("deleting")] },
      { volumes: [volume("attached")] },
      { remnants: [remnant] },
      { addresses: [{ ...resting, hostId: "host0", freedAt: null }] },
    ])
      assert.deepEqual(releaseTenants(deleting(change)), []);
  });

  it("condemns volumes that are kept, also such that are only kept now, and nobody else's", () => {
    assert.deepEqual(releaseTenants(deleting({ volumes: [volume("kept")] })), [{ op: "condemnKept", id: "vone00" }]);
    const others = deleting({ volumes: [volume("kept", "tblue0")] });
    assert.ok(!ops(releaseTenants(others)).includes("condemnKept"));
    const suspended = { ...others, tenants: others.tenants.map((row) => ({ ...row, state: "suspended" as const })) };
    assert.deepEqual(releaseTenants({ ...suspended, volumes: [volume("kept")] }), []);
  });

  it("takes no host along: one that was kept for it is everybody's afterwards", () => {
    const rows = heard(deleting(), 0);
    const kept = { ...rows, hosts: rows.hosts.map((host) => ({ ...host, tenantId: "tred00" })) };
    assert.deepEqual(
      apply(kept, releaseTenants(kept)).hosts.map((host) => host.tenantId),
      rows.hosts.map(() => null),
    );
  });

  it("is dropped only while it is to go and has nothing: whoever was faster is respected", () => {
    const rows = deleting();
    const active = { ...rows, tenants: rows.tenants.map((row) => ({ ...row, state: "active" as const })) };
    assert.throws(() => apply(active, releaseTenants(rows)), ConflictError);
    assert.throws(() => apply({ ...rows, volumes: [volume("kept")] }, releaseTenants(rows)), ConflictError);
  });
});
