/** Segments as Docker bridge networks with a name, subnet and gateway that we choose, and their uplinks. */
import type Docker from "dockerode";
import { HostError } from "../../../protocol/errors.ts";
import { label } from "../../../protocol/labels.ts";
import type { SegmentSpec } from "../../../protocol/spec.ts";
import { classify, statusOf } from "../container/classify.ts";
import { type LinksSeen, noLinks, readLinks } from "./links.ts";
import { segmentOf } from "./names.ts";
import type { NetworkDriver, NetworkSeen } from "./port.ts";
import { perform } from "./steps.ts";
import { ownLinks, planUplink, segmentMtu } from "./uplink.ts";

const bridgeOption = "com.docker.network.bridge.name";
const mtuOption = "com.docker.network.driver.mtu";
const linkPrefix = "link:";

/** Networks of `installation` on the engine behind `docker`. */
export function dockerNetworks(docker: Docker, installation: string): NetworkDriver {
  const nameOf = (segment: string) => `kindling-${installation}-${segment}`;
  let lastNetworks: readonly NetworkSeen[] = [];
  let lastLinks: LinksSeen = noLinks;
  /** Segments with an uplink. */
  const uplinked = new Set<string>();
  /** Links are looked at only where a segment has other hosts, and once at the start for what an earlier agent left. */
  let linked = true;

  async function look(): Promise<void> {
    lastLinks = await readLinks().catch((error: unknown) => {
      throw new HostError(
        { code: "links_unreadable", message: "The host's network links could not be read.", retryable: true },
        { cause: error },
      );
    });
    linked = uplinked.size > 0 || [...lastLinks.links.values()].some((l) => segmentOf(installation, l.alias) !== null);
  }

  async function listNetworks(): Promise<NetworkSeen[]> {
    try {
      const all = await docker.listNetworks({ filters: { label: [`${label.installation}=${installation}`] } });
      const seen = all.map((n) => ({
        id: n.Id,
        segment: n.Labels?.[label.segment] ?? n.Name,
        bridge: n.Options?.[bridgeOption] ?? "",
        subnet: n.IPAM?.Config?.[0]?.Subnet ?? "",
        gateway: n.IPAM?.Config?.[0]?.Gateway ?? "",
        mtu: Number(n.Options?.[mtuOption] ?? 1500),
      }));
      lastNetworks = seen;
      return seen;
    } catch (error) {
      throw classify(error, "list the networks");
    }
  }

  async function create(spec: SegmentSpec, mtu: number): Promise<NetworkSeen> {
    try {
      const made = await docker.createNetwork({
        Name: nameOf(spec.id),
        CheckDuplicate: true,
        Driver: "bridge",
        EnableIPv6: false,
        Labels: { [label.installation]: installation, [label.segment]: spec.id, [label.tenant]: spec.tenant },
        IPAM: { Driver: "default", Config: [{ Subnet: spec.subnet, Gateway: spec.gateway }] },
        Options: {
          [bridgeOption]: spec.bridge,
          "com.docker.network.bridge.enable_icc": "true",
          "com.docker.network.bridge.enable_ip_masquerade": "true",
          [mtuOption]: String(mtu),
        },
      });
      const { id: segment, bridge, subnet, gateway } = spec;
      const seen = { id: made.id, segment, bridge, subnet, gateway, mtu };
      lastNetworks = [...lastNetworks, seen];
      return seen;
    } catch (error) {
      const fault = classify(error, "create the tenant's segment").fault;
      if (fault.code === "subnet_overlap")
        throw new HostError({
          ...fault,
          message: `The subnet ${spec.subnet} overlaps another network of this host. Choose another subnet for the tenant, or remove that network.`,
        });
      throw new HostError(fault, { cause: error });
    }
  }

  /** The engine does not count a container that has never run, but its start would fail without the network. */
  async function inUse({ id, segment }: NetworkSeen): Promise<boolean> {
    const own = [`${label.installation}=${installation}`, `${label.segment}=${segment}`];
    try {
      const lists = await Promise.all([
        docker.listContainers({ all: true, filters: { network: [id] } }),
        docker.listContainers({ all: true, filters: { label: own } }),
      ]);
      return lists.some((list) => list.length > 0);
    } catch (error) {
      throw classify(error, "list the network's containers");
    }
  }

  /**
   * The engine's network as the spec wants it. One that differs is made anew, unless a container, also a stopped one, hangs on it: then it
   * stays with its packet size, and nothing else of it may differ.
   */
  async function network(spec: SegmentSpec, mtu: number): Promise<NetworkSeen> {
    const found = (await listNetworks()).filter((n) => n.segment === spec.id);
    const same = found.find((n) => matches(n, spec, mtu));
    if (same) return same;
    for (const other of found) {
      if (await inUse(other)) {
        if (matches(other, spec, other.mtu)) return other;
        throw differs(spec);
      }
      await removeNetwork(other.id);
    }
    return create(spec, mtu);
  }

  async function removeNetwork(id: string): Promise<void> {
    try {
      await docker.getNetwork(id).remove();
    } catch (error) {
      if (statusOf(error) === 403)
        throw new HostError({
          code: "segment_in_use",
          message: "The segment still has nodes on this host; it goes when they are gone.",
          retryable: true,
        });
      if (statusOf(error) !== 404) throw classify(error, "remove the tenant's segment");
    }
    lastNetworks = lastNetworks.filter((n) => n.id !== id);
  }

  return {
    async list() {
      const [seen] = await Promise.all([listNetworks(), linked ? look() : undefined]);
      const known = new Set(seen.map((n) => n.segment));
      const left = [...lastLinks.links.values()].flatMap((l): NetworkSeen[] => {
        const segment = segmentOf(installation, l.alias);
        if (segment === null || known.has(segment)) return [];
        return [{ id: `${linkPrefix}${l.name}`, segment, bridge: "", subnet: "", gateway: "", mtu: l.mtu }];
      });
      return [...seen, ...left];
    },

    settled(spec) {
      if (spec.uplink.kind !== "none" && !linked) return false;
      try {
        const mtu = segmentMtu(installation, spec, lastLinks);
        return (
          lastNetworks.some((n) => n.segment === spec.id && matches(n, spec, mtu)) && planUplink(installation, spec, lastLinks).length === 0
        );
      } catch {
        // What is wrong is said by whoever tries to make it right.
        return false;
      }
    },

    async ensure(spec) {
      if (spec.uplink.kind !== "none") uplinked.add(spec.id);
      else uplinked.delete(spec.id);
      const plain = spec.uplink.kind === "none" && !linked;
      if (!plain) await look();
      const before = lastNetworks;
      const mtu = segmentMtu(installation, spec, lastLinks);
      const made = await network(spec, mtu);
      // Nodes move whatever size the packets have: the links follow them, with the size that the network has.
      const kept = made.mtu === mtu ? spec : { ...spec, mtu: made.mtu };
      const done = (): NetworkSeen => {
        if (kept !== spec) throw differs(spec);
        return made;
      };
      if (plain) return done();
      if (!before.some((n) => n.id === made.id)) await look();
      // A second round sets what shows only on a link that is there; the last look proves that nothing is left to do.
      for (let round = 0; round < 3; round++) {
        const steps = planUplink(installation, kept, lastLinks);
        if (steps.length === 0) return done();
        await perform(steps);
        await look();
      }
      throw new HostError({
        code: "uplink_failed",
        message: `The links of ${spec.subnet} on this host do not stay as they are set; something else on this host changes them.`,
        retryable: true,
      });
    },

    async remove(id) {
      const segment = lastNetworks.find((n) => n.id === id)?.segment;
      if (!id.startsWith(linkPrefix)) await removeNetwork(id);
      if (segment !== undefined) uplinked.delete(segment);
      if (!linked) return;
      await look();
      const left = id.startsWith(linkPrefix)
        ? [lastLinks.links.get(id.slice(linkPrefix.length))]
        : ownLinks(installation, segment ?? "", lastLinks);
      await perform(
        left.flatMap((l) =>
          l && segmentOf(installation, l.alias) !== null ? [{ tool: "ip", words: ["link", "delete", "dev", l.name] }] : [],
        ),
      );
      await look();
    },
  };
}

function differs(spec: SegmentSpec): HostError {
  return new HostError({
    code: "segment_differs",
    message: `The segment ${spec.bridge} exists on this host with another subnet, gateway or packet size, and nodes use it. It is made anew once they are gone.`,
    retryable: true,
  });
}

function matches(seen: NetworkSeen, spec: SegmentSpec, mtu: number): boolean {
  return seen.bridge === spec.bridge && seen.subnet === spec.subnet && seen.gateway === spec.gateway && seen.mtu === mtu;
}
