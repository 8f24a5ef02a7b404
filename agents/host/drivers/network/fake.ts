/** A network driver without an engine, with the same promises. */
import { BlockList } from "node:net";
import { HostError } from "../../../protocol/errors.ts";
import type { SegmentSpec } from "../../../protocol/spec.ts";
import { type FakeEngine, through } from "../fake/engine.ts";
import type { NetworkDriver, NetworkSeen } from "./port.ts";

export function fakeNetworks(engine: FakeEngine): NetworkDriver {
  const used = (id: string) => [...engine.containers.values()].some((c) => c.request.network === id);
  return {
    list: () => through(engine, "networks", () => [...engine.networks.values()]),
    settled(spec) {
      const found = [...engine.networks.values()].find((n) => n.segment === spec.id);
      return found !== undefined && matches(found, spec) && engine.uplinks.get(spec.id) === forwarding(spec);
    },
    ensure: (spec) =>
      through(engine, "network", () => {
        const all = [...engine.networks.values()];
        const found = all.find((n) => n.segment === spec.id);
        if (found && matches(found, spec)) {
          engine.uplinks.set(spec.id, forwarding(spec));
          return found;
        }
        if (found && used(found.id)) {
          // Who is where is the same with any packet size.
          if (matches({ ...found, mtu: spec.mtu }, spec)) engine.uplinks.set(spec.id, forwarding(spec));
          throw new HostError({
            code: "segment_differs",
            message: `The segment ${spec.bridge} exists with another subnet or gateway, and nodes use it.`,
            retryable: true,
          });
        }
        if (all.some((n) => n !== found && overlap(n.subnet, spec.subnet)))
          throw new HostError({
            code: "subnet_overlap",
            message: `The subnet ${spec.subnet} overlaps another network of this host.`,
            retryable: false,
          });
        if (found) engine.networks.delete(found.id);
        const { id: segment, bridge, subnet, gateway, mtu } = spec;
        const made = { id: engine.nextId(), segment, bridge, subnet, gateway, mtu };
        engine.networks.set(made.id, made);
        engine.uplinks.set(segment, forwarding(spec));
        return made;
      }),
    remove: (id) =>
      through(engine, "network.remove", () => {
        if ([...engine.containers.values()].some((c) => c.state === "running" && c.request.network === id))
          throw new HostError({
            code: "segment_in_use",
            message: "The segment still has nodes on this host; it goes when they are gone.",
            retryable: true,
          });
        engine.uplinks.delete(engine.networks.get(id)?.segment ?? "");
        engine.networks.delete(id);
      }),
  };
}

function matches(seen: NetworkSeen, spec: SegmentSpec): boolean {
  return seen.subnet === spec.subnet && seen.bridge === spec.bridge && seen.gateway === spec.gateway && seen.mtu === spec.mtu;
}

/** What the host would send where: host and node, sorted; a peer alone is where broadcasts go. */
export function forwarding({ uplink, members }: SegmentSpec): string {
  if (uplink.kind !== "vxlan") return "";
  return [...uplink.peers, ...members.flatMap((m) => (m.remote && m.via ? [`${m.via} ${m.ip}`] : []))].sort().join("\n");
}

function overlap(a: string, b: string): boolean {
  const contains = (net: string, other: string) => {
    const list = new BlockList();
    const [address = "", bits] = net.split("/");
    list.addSubnet(address, Number(bits));
    return list.check(other.split("/")[0] ?? "");
  };
  return contains(a, b) || contains(b, a);
}
