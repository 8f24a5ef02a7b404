import type { Snapshot } from "../planner/snapshot.ts";

/** A part of the picture: rows, each as a text of its own, so that one that is as it was need not be made, sent and read again. */
interface Part {
  name: Exclude<keyof Snapshot, "installation">;
  from: string;
  /** Those whose rows a row is made of. */
  aliases: readonly string[];
  key: string;
  row: string;
  order: string;
}

// Columns that the planner never reads (origins of volumes, names of owners) are left out.
const parts: readonly Part[] = [
  {
    name: "tenants",
    from: `"Tenant" t`,
    aliases: ["t"],
    key: `id`,
    order: `id`,
    row: `json_build_object('id', id, 'state', state, 'capabilitySets', "capabilitySets", 'capabilitySet', "capabilitySet", 'egress', egress, 'egressList', "egressList", 'hostTags', "hostTags")`,
  },
  {
    name: "hosts",
    from: `"Host" t`,
    aliases: ["t"],
    key: `id`,
    order: `name`,
    row: `json_build_object('id', id, 'name', name, 'endpoint', endpoint, 'certificate', certificate, 'reservedMemoryMb', "reservedMemoryMb",
    'mode', mode, 'drainData', "drainData", 'drainNodes', "drainNodes", 'address', address, 'vlanParent', "vlanParent", 'tags', tags, 'tenantId', "tenantId",
    'fencedAt', "fencedAt", 'observed', observed, 'observedAt', "observedAt")`,
  },
  {
    name: "segments",
    from: `"Segment" t`,
    aliases: ["t"],
    key: `id`,
    order: `"createdAt", id`,
    row: `json_build_object('id', id, 'tenantId', "tenantId", 'name', name, 'cidr', cidr, 'gateway', gateway, 'bridge', bridge,
    'uplink', uplink, 'vlanId', "vlanId", 'vni', vni, 'mtu', mtu, 'dns', dns, 'reserved', reserved)`,
  },
  {
    name: "addresses",
    from: `"Address" t`,
    aliases: ["t"],
    key: `ip`,
    order: `ip`,
    row: `json_build_object('ip', ip, 'segmentId', "segmentId", 'nodeId', "nodeId", 'hostId', "hostId", 'freedAt', "freedAt")`,
  },
  {
    name: "volumes",
    from: `"Volume" t`,
    aliases: ["t"],
    key: `id`,
    order: `id`,
    row: `json_build_object('id', id, 'tenantId', "tenantId", 'hostId', "hostId", 'name', name, 'sizeMb', "sizeMb",
    'driver', driver, 'state', state, 'copyOf', "copyOf", 'observed', observed)`,
  },
  {
    name: "flavors",
    from: `"Flavor" t`,
    aliases: ["t"],
    key: `id`,
    order: `position, id`,
    row: `json_build_object('id', id, 'slug', slug, 'name', name, 'vcpus', vcpus, 'memoryMb', "memoryMb",
    'rootGb', "rootGb", 'dataGb', "dataGb", 'gpus', gpus, 'position', position, 'retired', retired)`,
  },
  {
    name: "distributions",
    from: `"Distribution" t`,
    aliases: ["t"],
    key: `id`,
    order: `position, id`,
    row: `json_build_object('id', id, 'name', name, 'imageTag', "imageTag", 'manifest', manifest,
    'retired', retired)`,
  },
  {
    name: "clusters",
    from: `"Cluster" t`,
    aliases: ["t"],
    key: `id`,
    order: `"createdAt", id`,
    row: `json_build_object('id', id, 'tenantId', "tenantId", 'name', name, 'distributionId', "distributionId",
    'masterFlavorId', "masterFlavorId", 'workerFlavorId', "workerFlavorId", 'workerCount', "workerCount", 'desired', desired,
    'keepData', "keepData", 'dataVolumeId', "dataVolumeId", 'segmentId', "segmentId", 'capabilitySet', "capabilitySet", 'generation', generation, 'attempt', attempt, 'attemptAt', "attemptAt",
    'secrets', secrets, 'refusal', refusal, 'phase', phase, 'phaseReason', "phaseReason", 'phaseSince', "phaseSince")`,
  },
  {
    name: "nodes",
    from: `"Node" t`,
    aliases: ["t"],
    key: `id`,
    order: `number, id`,
    row: `json_build_object('id', id, 'clusterId', "clusterId", 'hostId', "hostId", 'number', number, 'name', name,
    'role', role, 'vcpus', vcpus, 'memoryMb', "memoryMb", 'rootGb', "rootGb", 'dataMb', "dataMb", 'imageTag', "imageTag", 'capabilitySet', "capabilitySet",
    'capabilities', capabilities, 'volumeId', "volumeId", 'incarnation', incarnation, 'removing', removing, 'evicting', evicting, 'createdAt', "createdAt", 'observed', observed, 'observedAt', "observedAt")`,
  },
  {
    name: "gpus",
    from: `"NodeGpu" t`,
    aliases: ["t"],
    key: `"hostId" || ' ' || card`,
    order: `"hostId" || ' ' || card`,
    row: `json_build_object('hostId', "hostId", 'card', card, 'nodeId', "nodeId")`,
  },
  {
    name: "remnants",
    from: `"Remnant" t`,
    aliases: ["t"],
    key: `"nodeId" || ' ' || "hostId"`,
    order: `"nodeId" || ' ' || "hostId"`,
    row: `json_build_object('nodeId', "nodeId", 'hostId', "hostId", 'clusterId', "clusterId", 'tenantId', "tenantId",
    'segmentId', "segmentId", 'name', name, 'role', role, 'ip', ip, 'imageTag', "imageTag", 'volumeId', "volumeId", 'incarnation', incarnation)`,
  },
  {
    name: "steps",
    from: `"Step" s JOIN "Cluster" c ON c.id = s."clusterId" AND c.attempt = s.attempt`,
    aliases: ["s", "c"],
    key: `s."clusterId" || ' ' || s.attempt || ' ' || s.step`,
    order: `s."clusterId" || ' ' || s.attempt || ' ' || s.step`,
    row: `json_build_object('clusterId', s."clusterId", 'attempt', s.attempt, 'step', s.step,
    'startedAt', s."startedAt", 'endedAt', s."endedAt", 'done', s.done, 'of', s.of, 'failed', s.failed, 'message', s.message)`,
  },
];

/** The parts in the order of the statement's parameters. */
export const partNames = parts.map(({ name }) => name);

/**
 * Whether a row was written by a transaction that had not ended when the picture of `$2` was made. Rows carry the lower half of their transaction's
 * number; half a circle of them is ahead of `$2`, which `asked` makes sure of. A row that nobody touched for two thousand million transactions counts
 * as written, which costs a little and is right all the same.
 */
const written = ({ aliases }: Part): string =>
  aliases.map((alias) => `((${alias}.xmin::text::int8 - $2::int8) & 4294967295) < 2147483648`).join(" OR ");

const known = "(SELECT known FROM asked)";

const partSql = (part: Part, index: number): string => `'${part.name}',
    CASE WHEN ${known} AND (SELECT count(*) = $${index + 3}::int8 AND count(*) FILTER (WHERE ${written(part)}) = 0 FROM ${part.from}) THEN NULL
    ELSE (SELECT json_build_object('keys', coalesce(json_agg(${part.key} ORDER BY ${part.order}), '[]'),
      'changed', coalesce(json_agg(${part.key}) FILTER (WHERE NOT ${known} OR ${written(part)}), '[]'),
      'texts', coalesce(json_agg(${part.row}::text) FILTER (WHERE NOT ${known} OR ${written(part)}), '[]')) FROM ${part.from}) END`;

/**
 * One statement that reads everything the planner needs as one JSON value: one round trip and one consistent picture, where a query per table
 * would be twelve. What the caller has read before is not sent again: `$1` and `$2` are the place and the horizon of that picture, the others how
 * many rows it had of each part, in the order of partNames. A part that is as it was comes as null; of another one come the keys of all its rows and
 * those rows that may have changed. All transactions before the horizon had ended, so whatever they wrote was in that picture. The place is another
 * one after a start of the server or in another database, where the numbers of transactions mean nothing.
 */
export const snapshotSql = `
WITH here AS MATERIALIZED (SELECT d.oid || ' ' || pg_postmaster_start_time() AS place, pg_snapshot_xmin(pg_current_snapshot())::text::int8 AS horizon
  FROM pg_database d WHERE d.datname = current_database()),
asked AS MATERIALIZED (SELECT place = $1::text AND horizon - $2::int8 BETWEEN 0 AND 1000000000 AS known FROM here)
SELECT json_build_object('place', place, 'horizon', horizon::text, 'settled', pg_current_xact_id_if_assigned() IS NULL,
  'installation', (SELECT json_build_object('id', id, 'nodePrefix', "nodePrefix", 'nodeDomain', "nodeDomain", 'nextNode', "nextNode",
    'generation', generation, 'cpuRatio', "cpuRatio", 'addressRestSeconds', "addressRestSeconds",
    'placement', placement, 'moveAfterSeconds', "moveAfterSeconds", 'vxlanPort', "vxlanPort") FROM "Installation" LIMIT 1),
  ${parts.map(partSql).join(",\n  ")}
) AS picture FROM here`;
