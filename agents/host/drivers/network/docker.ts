/** Segments as Docker bridge networks with a name, subnet and gateway that we choose. */
import type Docker from "dockerode";
import { HostError } from "../../../protocol/errors.ts";
import { label } from "../../../protocol/labels.ts";
import { classify, statusOf } from "../container/classify.ts";
import type { NetworkDriver, NetworkSeen } from "./port.ts";

const bridgeOption = "com.docker.network.bridge.name";

/** Networks of `installation` on the engine behind `docker`. */
export function dockerNetworks(docker: Docker, installation: string): NetworkDriver {
  const nameOf = (segment: string) => `kindling-${installation}-${segment}`;

  async function list(): Promise<NetworkSeen[]> {
    try {
      const all = await docker.listNetworks({ filters: { label: [`${label.installation}=${installation}`] } });
      return all.map((n) => ({
        id: n.Id,
        segment: n.Labels?.[label.segment] ?? n.Name,
        bridge: n.Options?.[bridgeOption] ?? "",
        subnet: n.IPAM?.Config?.[0]?.Subnet ?? "",
      }));
    } catch (error) {
      throw classify(error, "list the networks");
    }
  }

  return {
    list,
    async ensure(spec) {
      const wrong = new HostError({
        code: "segment_differs",
        message: `The network ${spec.bridge} exists on this host with another subnet or bridge. Delete its nodes and the network, then retry.`,
        retryable: false,
      });
      const found = (await list()).filter((n) => n.segment === spec.id);
      const same = found.find((n) => n.subnet === spec.subnet && n.bridge === spec.bridge);
      if (same) return same;
      if (found.length > 0) throw wrong;
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
            "com.docker.network.driver.mtu": String(spec.mtu),
          },
        });
        return { id: made.id, segment: spec.id, bridge: spec.bridge, subnet: spec.subnet };
      } catch (error) {
        const fault = classify(error, "create the tenant's network").fault;
        if (fault.code === "subnet_overlap")
          throw new HostError({
            ...fault,
            message: `The subnet ${spec.subnet} overlaps another network of this host. Choose another subnet for the tenant, or remove that network.`,
          });
        throw new HostError(fault, { cause: error });
      }
    },
    async remove(id) {
      try {
        await docker.getNetwork(id).remove();
      } catch (error) {
        if (statusOf(error) === 404) return;
        if (statusOf(error) === 403)
          throw new HostError({
            code: "segment_in_use",
            message: "The network still has nodes on this host; it goes when they are gone.",
            retryable: true,
          });
        throw classify(error, "remove the tenant's network");
      }
    },
  };
}
