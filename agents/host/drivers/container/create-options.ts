/** Pure: the engine's request for a node's container. Never privileged, nothing but the node's own mounts. */
import type { ContainerCreateOptions } from "dockerode";
import type { ContainerRequest } from "./port.ts";
import { seccompWithoutHandles } from "./seccomp.ts";

/** Docker's own derivation, so that a node's MAC is as persistent as its address. */
export function macOf(ip: string): string {
  return `02:42:${ip
    .split(".")
    .map((part) => Number(part).toString(16).padStart(2, "0"))
    .join(":")}`;
}

const mb = 1024 * 1024;
const cpuPeriodUs = 100_000;

/** `ipv6`: the host's kernel has it. */
export function createOptions(request: ContainerRequest, ipv6: boolean): ContainerCreateOptions & { MacAddress: string } {
  const memory = request.memoryMb * mb;
  const security = ["no-new-privileges:true"];
  // The engine's default filter lets open_by_handle_at through for whoever has this capability: the known way to the host's files.
  if (request.capabilities.includes("DAC_READ_SEARCH")) security.push(`seccomp=${seccompWithoutHandles}`);
  return {
    name: request.name,
    Image: request.image,
    Hostname: request.hostname,
    Domainname: request.domain,
    MacAddress: request.mac,
    Tty: false,
    OpenStdin: false,
    Env: [...request.env],
    Labels: { ...request.labels },
    StopTimeout: request.stopSeconds,
    HostConfig: {
      Privileged: false,
      Init: false,
      NetworkMode: request.network,
      CapDrop: ["ALL"],
      CapAdd: [...request.capabilities],
      SecurityOpt: security,
      PidsLimit: request.pids,
      Memory: memory,
      MemorySwap: memory,
      // A quota and not NanoCpus: the engine refuses more of those than the host has, but processors may be over-provisioned.
      CpuPeriod: cpuPeriodUs,
      CpuQuota: Math.round(request.vcpus * cpuPeriodUs),
      CpuShares: Math.max(2, Math.round(request.vcpus * 1024)),
      RestartPolicy: { Name: "no" },
      // IPv6 is not part of a segment; without this every node had a link-local address the packet filter did not know.
      ...(ipv6 ? { Sysctls: { "net.ipv6.conf.all.disable_ipv6": "1" } } : {}),
      LogConfig: { Type: "json-file", Config: { "max-size": "5m", "max-file": "2" } },
      Mounts: request.mounts.map(({ source, target, readOnly }) => ({
        Type: "bind" as const,
        Source: source,
        Target: target,
        ReadOnly: readOnly,
        BindOptions: { Propagation: "rprivate" as const },
      })),
    },
    NetworkingConfig: {
      EndpointsConfig: { [request.network]: { IPAMConfig: { IPv4Address: request.ip }, MacAddress: request.mac } },
    },
  };
}
