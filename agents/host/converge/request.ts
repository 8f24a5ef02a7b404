/** Pure: from a node's spec to its container and files. */
import { label } from "../../protocol/labels.ts";
import type { HostSpec, NodeSpec } from "../../protocol/spec.ts";
import { macOf } from "../drivers/container/create-options.ts";
import type { ContainerRequest } from "../drivers/container/port.ts";
import type { NodePaths } from "../drivers/nodefiles/port.ts";

export interface Place {
  readonly installation: string;
  readonly generation: number;
  readonly network: string;
  readonly dns: readonly string[];
  readonly volume: string;
  readonly files: NodePaths;
  readonly config: string;
}

export function containerRequest(spec: NodeSpec, place: Place): ContainerRequest {
  return {
    name: `${spec.name}-${place.installation.slice(-6)}`,
    image: spec.image,
    hostname: spec.name,
    domain: spec.domain,
    network: place.network,
    dns: place.dns,
    ip: spec.ip,
    mac: macOf(spec.ip),
    labels: {
      [label.installation]: place.installation,
      [label.cluster]: spec.cluster.id,
      [label.node]: spec.id,
      [label.tenant]: spec.tenant,
      [label.role]: spec.role,
      [label.segment]: spec.segment,
      [label.volume]: spec.volume,
      [label.config]: place.config,
      [label.incarnation]: String(spec.incarnation),
      [label.generation]: String(place.generation),
      ...(spec.gpus.length > 0 ? { [label.gpus]: spec.gpus.join(",") } : {}),
    },
    mounts: [
      { source: place.volume, target: "/data", readOnly: false },
      { source: place.files.config, target: "/etc/kindling", readOnly: true },
      { source: place.files.hosts, target: "/etc/hosts", readOnly: true },
      { source: place.files.secrets, target: "/run/secrets", readOnly: true },
      { source: place.files.run, target: "/run/kindling", readOnly: false },
    ],
    gpus: spec.gpus,
    capabilities: spec.capabilities,
    sudo: spec.sudo,
    filter: spec.filter,
    vcpus: spec.resources.vcpus,
    memoryMb: spec.resources.memoryMb,
    pids: spec.resources.pids,
    stopSeconds: stopSeconds(spec),
    // Nothing of a node comes by its environment, where every process could read it.
    env: [],
  };
}

/** Seconds that a node gets to end: its slowest service's and some for supervisor itself. */
export function stopSeconds(spec: NodeSpec): number {
  return Math.max(5, ...spec.services.map((service) => service.stopSeconds)) + 3;
}

/** Names of the tenant's nodes, for the files of each. */
export function hostsOf(spec: HostSpec, node: NodeSpec): { ip: string; name: string; domain: string }[] {
  const members = spec.segments.find((s) => s.id === node.segment)?.members ?? [];
  const all = members.map(({ ip, name }) => ({ ip, name, domain: node.domain }));
  return all.some((m) => m.ip === node.ip) ? all : [{ ip: node.ip, name: node.name, domain: node.domain }, ...all];
}
