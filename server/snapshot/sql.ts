import type { Snapshot } from "../planner/snapshot.ts";

/** A table, and the statement that gives its rows: each as a text of its own, so that one that is as it was need not be read again. */
interface Part {
  name: Exclude<keyof Snapshot, "installation">;
  tables: readonly string[];
  rows: string;
}

// Columns that the planner never reads (origins of volumes, names of owners) are left out.
const parts: readonly Part[] = [
  {
    name: "tenants",
    tables: ["Tenant"],
    rows: `SELECT coalesce(json_agg(json_build_object('id', id, 'state', state, 'capabilitySets', "capabilitySets", 'capabilitySet', "capabilitySet", 'egress', egress, 'egressList', "egressList", 'hostTags', "hostTags")::text), '[]') FROM "Tenant"`,
  },
  {
    name: "hosts",
    tables: ["Host"],
    rows: `SELECT coalesce(json_agg(json_build_object('id', id, 'name', name, 'endpoint', endpoint, 'certificate', certificate, 'reservedMemoryMb', "reservedMemoryMb",
    'mode', mode, 'drainData', "drainData", 'drainNodes', "drainNodes", 'address', address, 'vlanParent', "vlanParent", 'tags', tags, 'tenantId', "tenantId",
    'fencedAt', "fencedAt", 'observed', observed, 'observedAt', "observedAt")::text ORDER BY name), '[]') FROM "Host"`,
  },
  {
    name: "segments",
    tables: ["Segment"],
    rows: `SELECT coalesce(json_agg(json_build_object('id', id, 'tenantId', "tenantId", 'name', name, 'cidr', cidr, 'gateway', gateway, 'bridge', bridge,
    'uplink', uplink, 'vlanId', "vlanId", 'vni', vni, 'mtu', mtu, 'dns', dns, 'reserved', reserved)::text
    ORDER BY "createdAt", id), '[]') FROM "Segment"`,
  },
  {
    name: "addresses",
    tables: ["Address"],
    rows: `SELECT coalesce(json_agg(json_build_object('ip', ip, 'segmentId', "segmentId", 'nodeId', "nodeId", 'hostId', "hostId", 'freedAt', "freedAt")::text), '[]')
    FROM "Address"`,
  },
  {
    name: "volumes",
    tables: ["Volume"],
    rows: `SELECT coalesce(json_agg(json_build_object('id', id, 'tenantId', "tenantId", 'hostId', "hostId", 'name', name, 'sizeMb', "sizeMb",
    'driver', driver, 'state', state, 'observed', observed)::text ORDER BY id), '[]') FROM "Volume"`,
  },
  {
    name: "flavors",
    tables: ["Flavor"],
    rows: `SELECT coalesce(json_agg(json_build_object('id', id, 'slug', slug, 'name', name, 'vcpus', vcpus, 'memoryMb', "memoryMb",
    'rootGb', "rootGb", 'dataGb', "dataGb", 'position', position, 'retired', retired)::text ORDER BY position), '[]') FROM "Flavor"`,
  },
  {
    name: "distributions",
    tables: ["Distribution"],
    rows: `SELECT coalesce(json_agg(json_build_object('id', id, 'name', name, 'imageTag', "imageTag", 'manifest', manifest,
    'retired', retired)::text ORDER BY position), '[]') FROM "Distribution"`,
  },
  {
    name: "clusters",
    tables: ["Cluster"],
    rows: `SELECT coalesce(json_agg(json_build_object('id', id, 'tenantId', "tenantId", 'name', name, 'distributionId', "distributionId",
    'masterFlavorId', "masterFlavorId", 'workerFlavorId', "workerFlavorId", 'workerCount', "workerCount", 'desired', desired,
    'keepData', "keepData", 'dataVolumeId', "dataVolumeId", 'segmentId', "segmentId", 'capabilitySet', "capabilitySet", 'generation', generation, 'attempt', attempt, 'attemptAt', "attemptAt",
    'secrets', secrets, 'refusal', refusal, 'phase', phase, 'phaseReason', "phaseReason", 'phaseSince', "phaseSince")::text
    ORDER BY "createdAt", id), '[]') FROM "Cluster"`,
  },
  {
    name: "nodes",
    tables: ["Node"],
    rows: `SELECT coalesce(json_agg(json_build_object('id', id, 'clusterId', "clusterId", 'hostId', "hostId", 'number', number, 'name', name,
    'role', role, 'vcpus', vcpus, 'memoryMb', "memoryMb", 'rootGb', "rootGb", 'dataMb', "dataMb", 'imageTag', "imageTag", 'capabilitySet', "capabilitySet",
    'capabilities', capabilities, 'volumeId', "volumeId", 'incarnation', incarnation, 'removing', removing, 'evicting', evicting, 'createdAt', "createdAt", 'observed', observed, 'observedAt', "observedAt")::text
    ORDER BY number), '[]') FROM "Node"`,
  },
  {
    name: "remnants",
    tables: ["Remnant"],
    rows: `SELECT coalesce(json_agg(json_build_object('nodeId', "nodeId", 'hostId', "hostId", 'clusterId', "clusterId", 'tenantId', "tenantId",
    'segmentId', "segmentId", 'name', name, 'role', role, 'ip', ip, 'imageTag', "imageTag", 'volumeId', "volumeId", 'incarnation', incarnation)::text), '[]')
    FROM "Remnant"`,
  },
  {
    name: "steps",
    tables: ["Step", "Cluster"],
    rows: `SELECT coalesce(json_agg(json_build_object('clusterId', s."clusterId", 'attempt', s.attempt, 'step', s.step,
    'startedAt', s."startedAt", 'endedAt', s."endedAt", 'done', s.done, 'of', s.of, 'failed', s.failed, 'message', s.message)::text), '[]')
    FROM "Step" s JOIN "Cluster" c ON c.id = s."clusterId" AND c.attempt = s.attempt`,
  },
];

/** The parts in the order of the statement's parameters. */
export const partNames = parts.map(({ name }) => name);

/**
 * Changes whenever a row does: each version of a row lies in another place or was written by another transaction, and one that was taken back never
 * writes again. A table of another database, or of one that was put back meanwhile, is another one.
 */
const versionOf = (table: string): string =>
  `(SELECT count(*) || ':' || coalesce(sum(hashtextextended(ctid::text || xmin::text, 0)), 0) FROM "${table}")`;

/**
 * One statement that reads everything the planner needs as one JSON value: one round trip and one consistent picture, where a query per table
 * would be twelve. Its parameters are the versions that the caller knows, in the order of partNames: a part that is as it was comes without rows.
 */
export const snapshotSql = `
SELECT json_build_object(
  'installation', (SELECT json_build_object('id', id, 'nodePrefix', "nodePrefix", 'nodeDomain', "nodeDomain", 'nextNode', "nextNode",
    'generation', generation, 'cpuRatio', "cpuRatio", 'addressRestSeconds', "addressRestSeconds",
    'placement', placement, 'moveAfterSeconds', "moveAfterSeconds", 'vxlanPort', "vxlanPort") FROM "Installation" LIMIT 1),
  ${parts
    .map(
      ({ name, tables, rows }, index) =>
        `'${name}', (SELECT json_build_object('version', version, 'rows', CASE WHEN version = $${index + 1}::text THEN NULL ELSE (${rows}) END)
    FROM (SELECT ${tables.map(versionOf).join(" || ' ' || ")} || ' ' || d.oid || ' ' || pg_postmaster_start_time() AS version FROM pg_database d WHERE d.datname = current_database()) v)`,
    )
    .join(",\n  ")}
) AS picture`;
