import type pg from "pg";

/** How much there is. */
export interface Size {
  tenants: number;
  people: number;
  clusters: number;
  hosts: number;
  /** Rows of the audit trail. */
  audit: number;
  /** The tenant that is looked at. */
  large: { people: number; clusters: number };
}

/** The company, and an installation of the first day: the demo directory's two tenants and one cluster. */
export const company: Size = {
  ...{ tenants: 200, people: 5000, clusters: 1000, hosts: 40, audit: 100_000 },
  large: { people: 200, clusters: 100 },
};
export const firstDay: Size = { tenants: 2, people: 3, clusters: 1, hosts: 1, audit: 20, large: { people: 3, clusters: 1 } };

/** What `looked at` means: the first cluster's id and its master's. */
export const cluster = "cbench00001";
export const node = "nbench1";

/**
 * Fills a database that a portal has started on, and on which sam, tina and dana have signed in. Three in ten clusters run and are well, one in fifty
 * waits for room, the others are stopped. The rows are what the product would have written, but for the audit trail's hashes, which nothing here verifies;
 * of the triggers none runs: all in all a minute's work becomes seconds.
 */
export async function seedCompany(client: pg.Client, size: Size): Promise<void> {
  const run = (sql: string, ...values: unknown[]) => client.query(sql, values);
  await run("SET session_replication_role = replica");
  await people(run, size);
  await hosts(run, size);
  await clusters(run, size);
  await trail(run, size);
  await run("SET session_replication_role = origin");
  await run("VACUUM ANALYZE");
}
type Run = (sql: string, ...values: unknown[]) => Promise<unknown>;

async function people(run: Run, size: Size): Promise<void> {
  await run(
    `INSERT INTO "Tenant" (id, slug, name, "maxClusters", "maxVcpus", "userMaxClusters")
      SELECT 'tbench' || n, 'dept-' || n, 'Department ' || n, 40, 400, 10 FROM generate_series(3, $1::int) n`,
    size.tenants,
  );
  await run(
    `CREATE TEMP TABLE tenant AS SELECT id, slug, row_number() OVER (ORDER BY slug = 'analytics' DESC, slug = 'research' DESC, length(slug), slug) AS n FROM "Tenant"`,
  );
  // sam, tina and dana are there.
  await run(
    `INSERT INTO "User" (id, username, "displayName", email, dn, groups)
      SELECT 'ubench' || n, 'person' || n, (ARRAY['Ana','Ben','Chloe','Deniz','Elif','Farid','Greta','Hugo','Ines','Jonas'])[1 + n % 10] || ' ' ||
        (ARRAY['Albers','Brandt','Costa','Diaz','Ekberg','Fischer','Garcia'])[1 + n % 7] || ' ' || n, 'person' || n || '@example.com',
        'uid=person' || n || ',ou=people,dc=example', ARRAY['cn=group-' || n % 500 || ',ou=groups,dc=example', 'cn=everybody,ou=groups,dc=example']
      FROM generate_series(4, $1::int) n`,
    size.people,
  );
  await run(
    `INSERT INTO "Membership" ("userId", "tenantId", role)
      SELECT 'ubench' || j, t.id, CASE WHEN j % 50 = 0 OR j BETWEEN $2::int + 1 AND $2::int + $3::int - 1 THEN 'admin' ELSE 'member' END FROM generate_series(4, $1::int) j
      JOIN tenant t ON t.n = CASE WHEN j <= $2::int THEN 1 ELSE 2 + (j - $2::int - 1) % ($3::int - 1) END`,
    size.people,
    size.large.people,
    size.tenants,
  );
  await run(
    `INSERT INTO "GroupMapping" (id, "group", role, "tenantId")
      SELECT 'mbench' || n || role, 'cn=' || slug || '-' || role || ',ou=groups,dc=example', role, id FROM tenant, unnest(ARRAY['member', 'admin']) role WHERE n > 2`,
  );
  // Ended: whoever is signed in would be looked for in the directory, which has three people.
  await run(
    `INSERT INTO "Session" (id, "userId", "createdAt", "lastSeenAt", "expiresAt")
      SELECT 'sbench' || n, 'ubench' || n, now() - n * interval '7 min', now() - n * interval '5 min', now() - n * interval '5 min' FROM generate_series(4, $1::int) n`,
    size.people,
  );
  await run(
    `INSERT INTO "PersonLimit" ("tenantId", "userId", "maxClusters") SELECT "tenantId", "userId", 12 FROM "Membership" WHERE "userId" LIKE 'ubench%0'`,
  );
  await run(
    `INSERT INTO "Segment" (id, "tenantId", name, cidr, gateway, bridge, uplink, vni, mtu)
      SELECT 'gbench' || n, id, slug, '10.' || 64 + n / 256 || '.' || n % 256 || '.0/24', '10.' || 64 + n / 256 || '.' || n % 256 || '.1', 'kbench' || n, 'vxlan', 7000 + n, 1450
      FROM tenant WHERE n > 2`,
  );
}

async function hosts(run: Run, size: Size): Promise<void> {
  await run(
    `INSERT INTO "Host" (id, name, endpoint, address) SELECT 'hbench' || n, 'rack-' || n, 'https://192.0.2.' || n || ':7443', '192.0.2.' || n FROM generate_series(2, $1::int) n`,
    size.hosts,
  );
  const facts = {
    ...{ hostname: "rack", cpus: 64, memoryMb: 524_288, diskFreeMb: 4_000_000, diskTotalMb: 8_000_000, kernel: "6.1", bootId: "" },
    engine: { version: "27.3.1", apiVersion: "1.47", storageDriver: "overlay2", cgroup: "v2" },
    abilities: { vlan: true, vxlan: true, lvm: true, rootQuota: false },
    capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID", "NET_BIND_SERVICE", "SYS_CHROOT"],
    ...{ links: [], gpus: [], disks: [] },
  };
  const observed = {
    ...{ protocol: 1, sequence: 1, at: new Date().toISOString(), generation: 1, facts, usage: null, fenced: false, leaseSeconds: null },
    ...{ fault: null, segments: [], volumes: [], orphans: [] },
  };
  const image = { state: "present", progress: null, startedAt: null, endedAt: null, sizeMb: 1500, fault: null };
  await run(
    `UPDATE "Host" h SET certificate = CASE WHEN endpoint LIKE 'https:%' THEN repeat('0', 64) END, "observedAt" = now() AT TIME ZONE 'utc',
      observed = $1::jsonb || jsonb_build_object('host', h.id, 'installation', (SELECT id FROM "Installation"),
        'images', (SELECT jsonb_agg($2::jsonb || jsonb_build_object('bundle', d.id, 'tag', d."imageTag")) FROM "Distribution" d))`,
    JSON.stringify(observed),
    JSON.stringify(image),
  );
  await run(
    `CREATE TEMP TABLE host AS SELECT id, row_number() OVER (ORDER BY endpoint LIKE 'unix:%' DESC, length(name), name) AS n FROM "Host"`,
  );
}

async function clusters(run: Run, size: Size): Promise<void> {
  // One network of the large tenant would be too small for it.
  await run(
    `INSERT INTO "Segment" (id, "tenantId", name, cidr, gateway, bridge, uplink, vni, mtu)
      SELECT 'gbenchlab', id, 'lab', '10.200.0.0/22', '10.200.0.1', 'kbenchlab', 'vxlan', 7999, 1450 FROM tenant WHERE n = 1 AND $1::int > 50`,
    size.large.clusters,
  );
  await run(
    `CREATE TEMP TABLE made AS
      SELECT k, 'cbench' || lpad(k::text, 5, '0') AS id, t.id AS tenant, h.id AS host, t.slug,
        CASE WHEN k % 50 = 7 THEN 'waits' WHEN k % 10 < 3 THEN 'runs' ELSE 'rests' END AS how,
        CASE WHEN k <= LEAST(10, $2::int) THEN (SELECT id FROM "User" WHERE username = 'dana')
          WHEN k <= $2::int THEN 'ubench' || 4 + k * 3 % ($3::int - 3)
          ELSE 'ubench' || $3::int + t.n - 1 + ($4::int - 1) * (k % LEAST(10, ($5::int - $3::int) / ($4::int - 1))) END AS owner,
        CASE WHEN t.n = 1 AND k > 50 THEN 'gbenchlab' ELSE (SELECT id FROM "Segment" s WHERE s."tenantId" = t.id ORDER BY s.name = 'lab', s.name LIMIT 1) END AS segment
      FROM generate_series(1, $1::int) k
      JOIN tenant t ON t.n = CASE WHEN k <= $2::int THEN 1 ELSE 2 + k % ($4::int - 1) END
      JOIN host h ON h.n = 1 + (k - 1) % (SELECT count(*) FROM host)`,
    size.clusters,
    size.large.clusters,
    size.large.people,
    size.tenants,
    size.people,
  );
  await run(
    `INSERT INTO "Cluster" (id, "tenantId", "ownerId", name, "distributionId", "masterFlavorId", "workerFlavorId", "workerCount", desired, "segmentId", secrets,
        refusal, phase, "createdAt", "attemptAt", "phaseSince")
      SELECT m.id, tenant, owner, CASE k WHEN 1 THEN 'flights' ELSE 'cluster-' || k END, d.id, f.id, f.id, 2, CASE how WHEN 'rests' THEN 'stopped' ELSE 'running' END, segment, '',
        CASE how WHEN 'waits' THEN '{"message": "needs 12 GB on one host; rack-7 has 6 GB free", "lacking": "memory"}'::jsonb END,
        CASE how WHEN 'runs' THEN 'ready' WHEN 'rests' THEN 'stopped' ELSE 'queued' END,
        now() - k * interval '5 min', now() - k * interval '5 min', now() - k * interval '4 min'
      FROM made m, (SELECT id FROM "Distribution" WHERE type = 'spark' ORDER BY position LIMIT 1) d, (SELECT id FROM "Flavor" WHERE slug = 'medium') f`,
  );
  await run(
    `INSERT INTO "Step" ("clusterId", attempt, step, "startedAt", "endedAt", done, "of")
      SELECT id, 1, step, now() - k * interval '5 min', now() - k * interval '5 min' + interval '9 s', 3, 3
      FROM made, unnest(ARRAY['placed', 'network', 'volumes', 'containers', 'master', 'workers', 'notebook']) step WHERE how <> 'waits'`,
  );
  await run(
    `CREATE TEMP TABLE seat AS SELECT m.*, (k - 1) * 3 + r AS number, r, row_number() OVER (PARTITION BY segment ORDER BY k, r) AS rn
      FROM made m, generate_series(1, 3) r WHERE how <> 'waits'`,
  );
  await run(
    `INSERT INTO "Volume" (id, "tenantId", "hostId", name, "sizeMb", state, "ownerId", observed)
      SELECT 'vbench' || number, tenant, host, 'kindling-' || number, 10240, 'attached', owner,
        jsonb_build_object('id', 'vbench' || number, 'state', 'mounted', 'sizeMb', 10240, 'usedMb', number % 9000, 'fault', NULL) FROM seat`,
  );
  await run(
    `INSERT INTO "Volume" (id, "tenantId", "hostId", name, "sizeMb", state, "ownerId", origin, "keptAt")
      SELECT 'vkept' || lpad(k::text, 5, '0'), tenant, host, 'kindling-' || 90000 + k, 10240, 'kept', owner, 'cluster-' || k || ', deleted', now() - k * interval '1 hour' FROM made WHERE k % 5 = 0`,
  );
  const service = { state: "running", healthy: true, since: new Date().toISOString(), restarts: 0, detail: null };
  const seen = { ...{ step: "done", incarnation: 1, startedAt: new Date().toISOString(), oomKills: 0, lastOom: null, fault: null } };
  const usage = { cpuCores: 0.4, memoryMb: 2900, dataUsedMb: 700, dataSizeMb: 10_240 };
  const spark = { aliveWorkers: 3, cores: 6, coresUsed: 0, applications: [] };
  await run(
    `INSERT INTO "Node" (id, "clusterId", "hostId", number, name, role, vcpus, "memoryMb", "rootGb", "dataMb", "imageTag", capabilities, "volumeId", "createdAt", "observedAt", observed)
      SELECT 'nbench' || number, s.id, host, number, 'kindling-' || number, CASE r WHEN 1 THEN 'master' ELSE 'worker' END, 2, 6144, 20, 10240, d."imageTag",
        ARRAY['CHOWN', 'KILL', 'SETGID', 'SETUID'], 'vbench' || number, now() - k * interval '5 min', now(),
        $1::jsonb || jsonb_build_object('id', 'nbench' || number, 'ip', NULL) || CASE WHEN how = 'runs' THEN jsonb_build_object('state', 'running', 'usage', $2::jsonb,
          'sparkMaster', CASE r WHEN 1 THEN $3::jsonb END,
          'services', (SELECT coalesce(jsonb_agg($4::jsonb || jsonb_build_object('id', one)), '[]')
            FROM jsonb_array_elements_text(d.manifest->'roles'->(CASE r WHEN 1 THEN 'master' ELSE 'worker' END)->'services') one))
          ELSE '{"state": "stopped", "usage": null, "sparkMaster": null, "services": []}'::jsonb END
      FROM seat s, (SELECT * FROM "Distribution" WHERE type = 'spark' ORDER BY position LIMIT 1) d`,
    ...[seen, usage, spark, service].map((one) => JSON.stringify(one)),
  );
  await run(
    `INSERT INTO "Address" (ip, "segmentId", "nodeId") SELECT host(g.cidr::inet + (60 + s.rn)::int), segment, 'nbench' || number FROM seat s JOIN "Segment" g ON g.id = s.segment`,
  );
  await run(
    `INSERT INTO "Address" (ip, "segmentId", "hostId") SELECT host(g.cidr::inet + (1 + row_number() OVER (PARTITION BY segment))::int), segment, host
      FROM (SELECT DISTINCT segment, host FROM seat) s JOIN "Segment" g ON g.id = s.segment`,
  );
  await run(`UPDATE "Installation" SET "nextNode" = 1 + 3 * $1::int`, size.clusters);
  await run(
    `INSERT INTO "ClusterShare" (id, "clusterId", role, level, "createdBy") SELECT 'wbench' || k, id, 'member', 'use', 'somebody' FROM made WHERE k % 4 = 0`,
  );
  await run(
    `INSERT INTO "UsageSpan" ("tenantId", "userId", "clusterId", "clusterName", nodes, vcpus, "memoryMb", "startedAt", "endedAt")
      SELECT tenant, owner, id, 'cluster-' || k, 3, 6, 18432, now() - n * interval '2 days', CASE WHEN n = 0 AND how = 'runs' THEN NULL ELSE now() - n * interval '2 days' + interval '9 h' END
      FROM made, generate_series(0, 9) n`,
  );
}

/** As people work: a third of it in the large tenant, one in thirty refused. */
async function trail(run: Run, size: Size): Promise<void> {
  await run(
    `INSERT INTO "Audit" (at, "actorId", "actorName", "tenantId", action, resource, "resourceName", outcome, detail, ip, via)
      SELECT now() - ($1::int - j) * interval '20 s', 'ubench' || 4 + j % GREATEST($2::int - 3, 1), 'Person ' || j % 5000,
        CASE WHEN j % 3 = 0 THEN (SELECT id FROM tenant WHERE n = 1) ELSE t.id END,
        (ARRAY['cluster.create', 'cluster.start', 'cluster.stop', 'service.open', 'session.open', 'cluster.resize', 'token.create', 'tenant.limits'])[1 + j % 8],
        'cluster:cbench' || lpad((j % 1000)::text, 5, '0'), 'cluster-' || j % 1000, CASE WHEN j % 30 = 0 THEN 'refused' ELSE 'done' END,
        CASE WHEN j % 30 = 0 THEN '{"what": "You may use 1 cluster in Analytics; 1 is taken and this needs 1 cluster."}'::jsonb
          WHEN j % 8 = 5 THEN '{"from": 1, "to": 3, "unit": "workers"}'::jsonb END, '192.0.2.' || j % 250, 'session:sbench' || j
      FROM generate_series(1, $1::int) j JOIN tenant t ON t.n = 1 + j % (SELECT count(*) FROM tenant)`,
    size.audit,
    size.people,
  );
  await run(
    `INSERT INTO "AuditLink" (position, "auditId", hash)
      SELECT (SELECT coalesce(max(position), 0) FROM "AuditLink") + row_number() OVER (ORDER BY id), id, md5(id::text) || md5(action) FROM "Audit" a
      WHERE NOT EXISTS (SELECT 1 FROM "AuditLink" l WHERE l."auditId" = a.id)`,
  );
}
