/** Pure: the engine's request for a node's container. Never privileged, nothing but the node's own mounts. */
import type { ContainerCreateOptions } from "dockerode";
import { widest } from "../../../protocol/capability.ts";
import { HostError } from "../../../protocol/errors.ts";
import type { ContainerRequest } from "./port.ts";
import { plainRuntime } from "./runtimes.ts";
import { seccompWithoutHandles } from "./seccomp.ts";

/** Docker's own derivation, so that a node's MAC is as persistent as its address. */
export function macOf(ip: string): string {
  return `02:42:${ip
    .split(".")
    .map((part) => Number(part).toString(16).padStart(2, "0"))
    .join(":")}`;
}

/** Whatever the spec says: other spellings of a name (ALL, CAP_…) are none of these either. */
const grantable: ReadonlySet<string> = new Set(widest);

/** Open files as a host's engine can give them without a right of its own, and no memory images: those go where the host says, not the node. */
const limits = [
  { Name: "nofile", Soft: 16_384, Hard: 16_384 },
  { Name: "core", Soft: 0, Hard: 0 },
];

const mb = 1024 * 1024;
const cpuPeriodUs = 100_000;

/** To NVIDIA's runtime the word for no card at all. */
export const noCards = "NVIDIA_VISIBLE_DEVICES=void";

/**
 * `ipv6`: the host's kernel has it. `handsOutCards`: the engine's default runtime gives cards to whoever's environment names them, so that another
 * one is named here; cards of one's own come by the device request, with every runtime. @throws HostError `capability_refused`
 */
export function createOptions(
  request: ContainerRequest,
  ipv6: boolean,
  handsOutCards = false,
): ContainerCreateOptions & { MacAddress: string } {
  const refused = request.capabilities.find((name) => !grantable.has(name));
  if (refused !== undefined)
    throw new HostError({
      code: "capability_refused",
      message: `No host gives a node ${refused.slice(0, 40)}: it leads out of the container. Take it out of the distribution's capabilities.`,
      retryable: false,
    });
  const gpus = request.gpus ?? [];
  const memory = request.memoryMb * mb;
  const security = request.sudo ? [] : ["no-new-privileges:true"];
  // The engine's default filter lets open_by_handle_at through for whoever has this capability: the known way to the host's files.
  if (request.filter === "own" || request.capabilities.includes("DAC_READ_SEARCH")) security.push(`seccomp=${seccompWithoutHandles}`);
  return {
    name: request.name,
    Image: request.image,
    Hostname: request.hostname,
    Domainname: request.domain,
    MacAddress: request.mac,
    Tty: false,
    OpenStdin: false,
    Env: [...request.env, ...(handsOutCards && gpus.length === 0 ? [noCards] : [])],
    Labels: { ...request.labels },
    StopTimeout: request.stopSeconds,
    HostConfig: {
      Privileged: false,
      Init: false,
      NetworkMode: request.network,
      ...(request.dns && request.dns.length > 0 ? { Dns: [...request.dns] } : {}),
      ...(handsOutCards ? { Runtime: plainRuntime } : {}),
      ...(gpus.length > 0 ? { DeviceRequests: [{ Driver: "nvidia", DeviceIDs: [...gpus], Capabilities: [["gpu"]] }] } : {}),
      CapDrop: ["ALL"],
      CapAdd: [...request.capabilities],
      SecurityOpt: security,
      PidsLimit: request.pids,
      Ulimits: limits,
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
