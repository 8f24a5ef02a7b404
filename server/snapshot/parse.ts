import { z } from "zod";
import { Bundle } from "../../agents/protocol/bundle.ts";
import { CapabilitySetId } from "../../agents/protocol/capability.ts";
import { EgressRule } from "../../agents/protocol/egress.ts";
import { HostObservation, NodeObservation, VolumeObservation } from "../../agents/protocol/observed.ts";
import type { DistributionRow } from "../planner/snapshot.ts";

// PostgreSQL writes a TIMESTAMP without a zone; all of ours are UTC.
const Time = z.string().transform((text) => Date.parse(`${text}Z`));

const Cluster = z.object({
  id: z.string(),
  tenantId: z.string(),
  name: z.string(),
  distributionId: z.string(),
  masterFlavorId: z.string(),
  workerFlavorId: z.string(),
  workerCount: z.number(),
  desired: z.enum(["running", "stopped", "deleted"]),
  keepData: z.boolean(),
  dataVolumeId: z.string().nullable(),
  segmentId: z.string().nullable(),
  capabilitySet: CapabilitySetId,
  generation: z.number(),
  attempt: z.number(),
  attemptAt: Time,
  secrets: z.string(),
  refusal: z
    .object({ message: z.string(), lacking: z.enum(["memory", "cpu", "disk", "capability", "host", "address", "flavor", "secret", "gpu"]) })
    .nullable(),
  phase: z.string(),
  phaseReason: z.string().nullable(),
  phaseSince: Time,
});

const Node = z.object({
  id: z.string(),
  clusterId: z.string(),
  hostId: z.string(),
  number: z.number(),
  name: z.string(),
  role: z.enum(["master", "worker"]),
  vcpus: z.number(),
  memoryMb: z.number(),
  rootGb: z.number(),
  dataMb: z.number(),
  imageTag: z.string(),
  capabilitySet: CapabilitySetId,
  capabilities: z.array(z.string()),
  volumeId: z.string(),
  incarnation: z.number(),
  removing: z.boolean(),
  evicting: z.boolean(),
  createdAt: Time,
  observed: NodeObservation.nullable().catch(null),
  observedAt: Time.nullable(),
});

const Step = z.object({
  clusterId: z.string(),
  attempt: z.number(),
  step: z.enum(["placed", "network", "volumes", "containers", "master", "workers", "notebook"]),
  startedAt: Time,
  endedAt: Time.nullable(),
  done: z.number(),
  of: z.number(),
  failed: z.boolean(),
  message: z.string().nullable(),
});

/**
 * The shape of what snapshotSql answers, with times as milliseconds. A picture that another version wrote and this one
 * cannot read is as good as none: its host sends the next one within seconds.
 */
export const Picture = z.object({
  installation: z.object({
    id: z.string(),
    nodePrefix: z.string(),
    nodeDomain: z.string(),
    nextNode: z.number(),
    generation: z.number(),
    cpuRatio: z.number(),
    addressRestSeconds: z.number(),
    placement: z.enum(["spread", "pack"]),
    moveAfterSeconds: z.number().nullable(),
    vxlanPort: z.number(),
  }),
  tenants: z.array(
    z.object({
      id: z.string(),
      state: z.enum(["active", "suspended", "deleting"]),
      capabilitySets: z.array(CapabilitySetId),
      capabilitySet: CapabilitySetId,
      egress: z.enum(["open", "closed", "listed"]),
      egressList: z.array(EgressRule),
      hostTags: z.array(z.string()),
    }),
  ),
  hosts: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      endpoint: z.string(),
      certificate: z.string().nullable(),
      reservedMemoryMb: z.number(),
      mode: z.enum(["active", "cordoned", "draining", "maintenance", "removing"]),
      drainData: z.enum(["copy", "keep"]).nullable(),
      drainNodes: z.number().nullable(),
      address: z.string().nullable(),
      vlanParent: z.string().nullable(),
      tags: z.array(z.string()),
      tenantId: z.string().nullable(),
      fencedAt: Time.nullable(),
      observed: HostObservation.omit({ nodes: true }).nullable().catch(null),
      observedAt: Time.nullable(),
    }),
  ),
  segments: z.array(
    z.object({
      id: z.string(),
      tenantId: z.string(),
      name: z.string(),
      cidr: z.string(),
      gateway: z.string(),
      bridge: z.string(),
      uplink: z.enum(["none", "vlan", "vxlan"]),
      vlanId: z.number().nullable(),
      vni: z.number().nullable(),
      mtu: z.number(),
      dns: z.array(z.string()),
      reserved: z.array(z.string()),
    }),
  ),
  addresses: z.array(
    z.object({
      ip: z.string(),
      segmentId: z.string(),
      nodeId: z.string().nullable(),
      hostId: z.string().nullable(),
      freedAt: Time.nullable(),
    }),
  ),
  volumes: z.array(
    z.object({
      id: z.string(),
      tenantId: z.string(),
      hostId: z.string(),
      name: z.string(),
      sizeMb: z.number(),
      driver: z.string(),
      state: z.enum(["attached", "arriving", "kept", "deleting"]),
      copyOf: z.string().nullable(),
      observed: VolumeObservation.nullable().catch(null),
    }),
  ),
  flavors: z.array(
    z.object({
      id: z.string(),
      slug: z.string(),
      name: z.string(),
      vcpus: z.number(),
      memoryMb: z.number(),
      rootGb: z.number(),
      dataGb: z.number(),
      gpus: z.number(),
      position: z.number(),
      retired: z.boolean(),
    }),
  ),
  distributions: z.array(
    z
      .object({ id: z.string(), name: z.string(), imageTag: z.string(), manifest: z.unknown(), retired: z.boolean() })
      .transform(distribution),
  ),
  clusters: z.array(Cluster),
  nodes: z.array(Node),
  gpus: z.array(z.object({ hostId: z.string(), card: z.string(), nodeId: z.string() })),
  remnants: z.array(
    z.object({
      nodeId: z.string(),
      hostId: z.string(),
      clusterId: z.string(),
      tenantId: z.string(),
      segmentId: z.string(),
      name: z.string(),
      role: z.enum(["master", "worker"]),
      ip: z.string(),
      imageTag: z.string(),
      volumeId: z.string(),
      incarnation: z.number(),
    }),
  ),
  steps: z.array(Step),
});

function distribution({ manifest, ...row }: Omit<DistributionRow, "bundle"> & { manifest: unknown }): DistributionRow {
  return { ...row, bundle: Bundle.parse(manifest) };
}
