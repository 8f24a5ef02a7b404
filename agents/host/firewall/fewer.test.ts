import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HostSpec, NodeSpec, SegmentSpec } from "../../protocol/spec.ts";
import { emptySpec, net, node } from "../testing/specs.ts";
import { onlyLeaving } from "./fewer.ts";

const { segment } = net("tenantone", "segmentone");
const member = (n: number, remote = false) => ({ ip: `10.1.1.${n}`, name: `node-${n}`, cluster: "clusterone", via: null, remote });
const one = (n: number, part: Partial<NodeSpec> = {}) =>
  node({ id: `node${n}`, ip: `10.1.1.${n}`, segment: "segmentone", volume: `volume${n}`, image: "image", tenant: "tenantone", ...part });
const members = [member(1), member(2), member(3, true)];

function spec(segmentPart: Partial<SegmentSpec>, nodes: NodeSpec[], part: Partial<HostSpec> = {}): HostSpec {
  const empty = emptySpec({ installation: "installone", host: "testhost", generation: 1 });
  return { ...empty, segments: [{ ...segment, members, ...segmentPart }], nodes, ...part };
}

const before = spec({}, [one(1), one(2)]);
const left = { desired: "deleted" as const };

describe("what only leaves", () => {
  it("is nothing that has to be taken out of the packet filter at once", () => {
    assert.ok(onlyLeaving(before, before));
    assert.ok(onlyLeaving(before, spec({ members: [member(1), member(3, true)] }, [one(1), one(2, left)])));
    const leaving = spec({ ...left, members: [member(3, true)] }, [one(1, left), one(2, left)]);
    assert.ok(onlyLeaving(before, leaving));
    assert.ok(onlyLeaving(leaving, spec({ ...left, members: [member(3, true)] }, [])));
    assert.ok(onlyLeaving(spec({ ...left, members: [] }, []), spec({}, [], { segments: [] })));
  });

  it("is not what comes, what is another, or what is forbidden", () => {
    const others: HostSpec[] = [
      spec({ members: [...members, member(4)] }, [one(1), one(2)]),
      spec({ members: [{ ...member(1), cluster: "clustertwo" }, member(2), member(3, true)] }, [one(1), one(2)]),
      spec({ members: [member(1), { ...member(2), remote: true }, member(3, true)] }, [one(1), one(2, left)]),
      spec({ egress: "closed" }, [one(1), one(2)]),
      spec({ dns: ["10.9.9.9"] }, [one(1), one(2)]),
      spec({}, [one(1), one(2), one(4)]),
      spec({}, [one(1), one(2, { cluster: { id: "clustertwo", name: "two" } })]),
      spec({}, [one(1), one(2, { services: [] })]),
      spec({}, [one(1), one(2)], { deny: ["192.0.2.1"] }),
    ];
    for (const [n, other] of others.entries()) assert.ok(!onlyLeaving(before, other), String(n));
    assert.ok(!onlyLeaving(null, before));
    assert.ok(!onlyLeaving(spec(left, []), spec({}, [])));
  });

  it("is not what another host's node did here, nor what nobody ended", () => {
    assert.ok(!onlyLeaving(before, spec({ members: [member(1), member(2)] }, [one(1), one(2)])));
    assert.ok(!onlyLeaving(before, spec({}, [one(1)])));
    assert.ok(!onlyLeaving(before, spec({}, [one(1), one(2)], { segments: [] })));
  });
});
