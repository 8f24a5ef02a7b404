/** A network driver without an engine, with the same promises. */
import { BlockList } from "node:net";
import { HostError } from "../../../protocol/errors.ts";
import { type FakeEngine, through } from "../fake/engine.ts";
import type { NetworkDriver } from "./port.ts";

export function fakeNetworks(engine: FakeEngine): NetworkDriver {
  return {
    list: () => through(engine, "networks", () => [...engine.networks.values()]),
    ensure: (spec) =>
      through(engine, "network", () => {
        const all = [...engine.networks.values()];
        const found = all.find((n) => n.segment === spec.id);
        if (found?.subnet === spec.subnet && found.bridge === spec.bridge) return found;
        if (found)
          throw new HostError({
            code: "segment_differs",
            message: `The network ${spec.bridge} exists with another subnet.`,
            retryable: false,
          });
        if (all.some((n) => overlap(n.subnet, spec.subnet)))
          throw new HostError({
            code: "subnet_overlap",
            message: `The subnet ${spec.subnet} overlaps another network of this host.`,
            retryable: false,
          });
        const made = { id: engine.nextId(), segment: spec.id, bridge: spec.bridge, subnet: spec.subnet };
        engine.networks.set(made.id, made);
        return made;
      }),
    remove: (id) =>
      through(engine, "network.remove", () => {
        if ([...engine.containers.values()].some((c) => c.state === "running" && c.request.network === id))
          throw new HostError({
            code: "segment_in_use",
            message: "The network still has nodes on this host; it goes when they are gone.",
            retryable: true,
          });
        engine.networks.delete(id);
      }),
  };
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
