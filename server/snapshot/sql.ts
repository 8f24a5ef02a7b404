/**
 * One statement that reads everything the planner needs as one JSON value: one round trip and one consistent picture, where a query per table
 * would be twelve. Each row is a text of its own, so that one that is as it was need not be read again. Columns that the planner never reads (origins of volumes, names of owners) are left out.
 */
export const snapshotSql = `
SELECT json_build_object(
  'installation', (SELECT json_build_object('id', id, 'nodePrefix', "nodePrefix", 'nodeDomain', "nodeDomain", 'nextNode', "nextNode",
    'generation', generation, 'cpuRatio', "cpuRatio", 'addressRestSeconds', "addressRestSeconds",
    'placement', placement, 'moveAfterSeconds', "moveAfterSeconds", 'vxlanPort', "vxlanPort") FROM "Installation" LIMIT 1),
  'tenants', (SELECT coalesce(json_agg(json_build_object('id', id, 'state', state, 'capabilitySets', "capabilitySets", 'capabilitySet', "capabilitySet", 'egress', egress, 'egressList', "egressList", 'hostTags', "hostTags")::text), '[]') FROM "Tenant"),
  'hosts', (SELECT coalesce(json_agg(json_build_object('id', id, 'name', name, 'endpoint', endpoint, 'certificate', certificate, 'reservedMemoryMb', "reservedMemoryMb",
    'mode', mode, 'drainData', "drainData", 'drainNodes', "drainNodes", 'address', address, 'vlanParent', "vlanParent", 'tags', tags, 'tenantId', "tenantId",
    'fencedAt', "fencedAt", 'observed', observed, 'observedAt', "observedAt")::text ORDER BY name), '[]') FROM "Host"),
  'segments', (SELECT coalesce(json_agg(json_build_object('id', id, 'tenantId', "tenantId", 'name', name, 'cidr', cidr, 'gateway', gateway, 'bridge', bridge,
    'uplink', uplink, 'vlanId', "vlanId", 'vni', vni, 'mtu', mtu, 'dns', dns, 'reserved', reserved)::text
    ORDER BY "createdAt", id), '[]') FROM "Segment"),
  'addresses', (SELECT coalesce(json_agg(json_build_object('ip', ip, 'segmentId', "segmentId", 'nodeId', "nodeId", 'hostId', "hostId", 'freedAt', "freedAt")::text), '[]')
    FROM "Address"),
  'volumes', (SELECT coalesce(json_agg(json_build_object('id', id, 'tenantId', "tenantId", 'hostId', "hostId", 'name', name, 'sizeMb', "sizeMb",
    'driver', driver, 'state', state, 'observed', observed)::text ORDER BY id), '[]') FROM "Volume"),
  'flavors', (SELECT coalesce(json_agg(json_build_object('id', id, 'slug', slug, 'name', name, 'vcpus', vcpus, 'memoryMb', "memoryMb",
    'rootGb', "rootGb", 'dataGb', "dataGb", 'position', position, 'retired', retired)::text ORDER BY position), '[]') FROM "Flavor"),
  'distributions', (SELECT coalesce(json_agg(json_build_object('id', id, 'name', name, 'imageTag', "imageTag", 'manifest', manifest,
    'retired', retired)::text ORDER BY position), '[]') FROM "Distribution"),
  'clusters', (SELECT coalesce(json_agg(json_build_object('id', id, 'tenantId', "tenantId", 'name', name, 'distributionId', "distributionId",
    'masterFlavorId', "masterFlavorId", 'workerFlavorId', "workerFlavorId", 'workerCount', "workerCount", 'desired', desired,
    'keepData', "keepData", 'dataVolumeId', "dataVolumeId", 'segmentId', "segmentId", 'capabilitySet', "capabilitySet", 'generation', generation, 'attempt', attempt, 'attemptAt', "attemptAt",
    'secrets', secrets, 'refusal', refusal, 'phase', phase, 'phaseReason', "phaseReason", 'phaseSince', "phaseSince")::text
    ORDER BY "createdAt", id), '[]') FROM "Cluster"),
  'nodes', (SELECT coalesce(json_agg(json_build_object('id', id, 'clusterId', "clusterId", 'hostId', "hostId", 'number', number, 'name', name,
    'role', role, 'vcpus', vcpus, 'memoryMb', "memoryMb", 'rootGb', "rootGb", 'dataMb', "dataMb", 'imageTag', "imageTag", 'capabilitySet', "capabilitySet",
    'capabilities', capabilities, 'volumeId', "volumeId", 'incarnation', incarnation, 'removing', removing, 'evicting', evicting, 'createdAt', "createdAt", 'observed', observed, 'observedAt', "observedAt")::text
    ORDER BY number), '[]') FROM "Node"),
  'remnants', (SELECT coalesce(json_agg(json_build_object('nodeId', "nodeId", 'hostId', "hostId", 'clusterId', "clusterId", 'tenantId', "tenantId",
    'segmentId', "segmentId", 'name', name, 'role', role, 'ip', ip, 'imageTag', "imageTag", 'volumeId', "volumeId", 'incarnation', incarnation)::text), '[]')
    FROM "Remnant"),
  'steps', (SELECT coalesce(json_agg(json_build_object('clusterId', s."clusterId", 'attempt', s.attempt, 'step', s.step,
    'startedAt', s."startedAt", 'endedAt', s."endedAt", 'done', s.done, 'of', s.of, 'failed', s.failed, 'message', s.message)::text), '[]')
    FROM "Step" s JOIN "Cluster" c ON c.id = s."clusterId" AND c.attempt = s.attempt)
) AS picture`;
