/** What every network driver must do. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { HostError } from "../../../protocol/errors.ts";
import type { SegmentSpec } from "../../../protocol/spec.ts";
import type { NetworkDriver, NetworkSeen } from "./port.ts";

export interface NetworkHarness {
  readonly driver: NetworkDriver;
  /** A segment whose subnet nothing else on the machine uses. */
  segment(number: number): SegmentSpec;
  /** Uplinks that this host can have. */
  readonly uplinks: Record<"vlan" | "vxlan", SegmentSpec["uplink"]>;
  /** Where frames for whom leave the host: "host address" a line for a node, "host" for what goes to all; sorted. */
  forwarding(spec: SegmentSpec): Promise<string>;
  /** Hangs something on a network that then cannot be made anew. */
  occupy(network: NetworkSeen): Promise<void>;
  dispose(): Promise<void>;
}

export function networkContract(name: string, make: () => Promise<NetworkHarness>): void {
  describe(`network driver: ${name}`, () => {
    let h: NetworkHarness;
    beforeEach(async () => {
      h = await make();
    });
    afterEach(() => h.dispose());
    const code = (wanted: string, retryable: boolean) => (error: unknown) =>
      error instanceof HostError && error.fault.code === wanted && error.fault.retryable === retryable;

    it("makes a network once, lists and removes it, and every verb may be repeated", async () => {
      const spec = h.segment(1);
      assert.equal(h.driver.settled(spec), false);
      const made = await h.driver.ensure(spec);
      assert.equal(h.driver.settled(spec), true);
      assert.deepEqual(await h.driver.ensure(spec), made);
      assert.deepEqual(await h.driver.list(), [made]);
      assert.deepEqual([made.segment, made.subnet, made.bridge, made.gateway], [spec.id, spec.subnet, spec.bridge, spec.gateway]);
      await h.driver.remove(made.id);
      await h.driver.remove(made.id);
      assert.deepEqual(await h.driver.list(), []);
      assert.equal(h.driver.settled(spec), false);
    });

    it("makes a network that nobody uses anew when its subnet, gateway or packet size is another", async () => {
      const first = h.segment(1);
      await h.driver.ensure(first);
      const { subnet, gateway } = h.segment(2);
      for (const spec of [
        { ...first, subnet, gateway },
        { ...first, gateway: first.gateway.replace(/\.\d+$/, ".253") },
        { ...first, mtu: 1400 },
      ]) {
        assert.equal(h.driver.settled(spec), false);
        const made = await h.driver.ensure(spec);
        assert.deepEqual([made.subnet, made.gateway, made.mtu], [spec.subnet, spec.gateway, spec.mtu]);
        assert.deepEqual(await h.driver.list(), [made]);
      }
    });

    it("does not take a network in use away from its nodes", async () => {
      const spec = h.segment(1);
      const made = await h.driver.ensure(spec);
      await h.occupy(made);
      await assert.rejects(h.driver.ensure({ ...spec, gateway: spec.gateway.replace(/\.\d+$/, ".253") }), code("segment_differs", true));
      assert.deepEqual(await h.driver.list(), [made]);
    });

    it("goes on forwarding for a network in use whose packet size is another, and says so", async () => {
      const base = h.segment(1);
      const uplink = h.uplinks.vxlan;
      const at = (via: string): SegmentSpec => ({
        ...base,
        members: [{ ip: base.subnet.replace(/0\/24$/, "3"), name: "n3", cluster: "clusterone", via, remote: true }],
        uplink: uplink.kind === "vxlan" ? { ...uplink, peers: [via] } : uplink,
      });
      const made = await h.driver.ensure(at("192.0.2.3"));
      await h.occupy(made);
      const moved = { ...at("192.0.2.4"), mtu: 1300 };
      await assert.rejects(h.driver.ensure(moved), code("segment_differs", true));
      assert.equal(await h.forwarding(base), `192.0.2.4\n192.0.2.4 ${moved.members[0]?.ip}`);
      assert.deepEqual(await h.driver.list(), [made]);
      assert.equal(h.driver.settled(moved), false);
    });

    it("says which subnet overlaps", async () => {
      const first = h.segment(1);
      await h.driver.ensure(first);
      const clash = { ...h.segment(2), subnet: first.subnet, gateway: first.gateway };
      await assert.rejects(h.driver.ensure(clash), (error) => code("subnet_overlap", false)(error) && String(error).includes(first.subnet));
    });

    it("joins a VLAN to the bridge, once, and leaves it again", async () => {
      const spec: SegmentSpec = { ...h.segment(1), uplink: h.uplinks.vlan };
      const made = await h.driver.ensure(spec);
      assert.equal(h.driver.settled(spec), true);
      assert.deepEqual(await h.driver.ensure(spec), made);
      await h.driver.remove(made.id);
      assert.deepEqual(await h.driver.list(), []);
      await h.driver.ensure(spec);
      assert.equal(h.driver.settled(spec), true, "the link can be used again");
    });

    it("sends to other hosts exactly what the members say, also after they moved, and to none after it went", async () => {
      const base = h.segment(1);
      const at = (last: number) => base.subnet.replace(/0\/24$/, String(last));
      const member = (last: number, via: string | null) => ({
        ip: at(last),
        name: `n${last}`,
        cluster: "clusterone",
        via,
        remote: via !== null,
      });
      const uplink = h.uplinks.vxlan;
      const spec = (members: SegmentSpec["members"], peers: string[]): SegmentSpec => ({
        ...base,
        members,
        uplink: uplink.kind === "vxlan" ? { ...uplink, peers } : uplink,
      });
      const steps: [SegmentSpec, string[]][] = [
        [spec([member(2, null), member(3, "192.0.2.3")], ["192.0.2.3"]), ["192.0.2.3", `192.0.2.3 ${at(3)}`]],
        // One more node and host; the first node goes to the new host; it comes here; all are gone.
        [
          spec([member(3, "192.0.2.3"), member(4, "192.0.2.4")], ["192.0.2.3", "192.0.2.4"]),
          ["192.0.2.3", `192.0.2.3 ${at(3)}`, "192.0.2.4", `192.0.2.4 ${at(4)}`],
        ],
        [spec([member(3, "192.0.2.4")], ["192.0.2.4"]), ["192.0.2.4", `192.0.2.4 ${at(3)}`]],
        [spec([member(3, null)], ["192.0.2.4"]), ["192.0.2.4"]],
        [spec([], []), []],
      ];
      for (const [wanted, forwards] of steps) {
        assert.equal(h.driver.settled(wanted), false);
        await h.driver.ensure(wanted);
        assert.equal(h.driver.settled(wanted), true);
        assert.equal(await h.forwarding(wanted), forwards.sort().join("\n"));
      }
      const [first] = steps;
      const made = await h.driver.ensure(first?.[0] ?? base);
      await h.driver.remove(made.id);
      assert.deepEqual(await h.driver.list(), []);
      assert.equal(await h.forwarding(base), "");
    });
  });
}
