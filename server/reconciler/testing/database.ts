import { randomBytes } from "node:crypto";
import { join } from "node:path";
import pg from "pg";
import { type Db, poolConfig } from "../../db.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { migrate } from "../../platform/migrate.ts";

/** A database of its own on the server of DATABASE_URL, with the migrations applied; `drop` takes it away again. */
export async function makeDatabase(server: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `kindling_test_${randomBytes(6).toString("hex")}`;
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client({ ...poolConfig(server), database: "postgres" });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await run(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  await migrate(url.href, join(import.meta.dirname, "../../../prisma/migrations"));
  return { url: url.href, drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** Puts a picture's rows in, as the services would have made them: installation, tenants, catalogue, hosts, segments and clusters. */
export async function seed(db: Db, rows: Snapshot): Promise<void> {
  await db.installation.create({ data: rows.installation });
  await db.user.create({ data: { id: "uada000", username: "ada", displayName: "Ada", dn: "uid=ada" } });
  for (const tenant of rows.tenants)
    await db.tenant.create({
      data: {
        id: tenant.id,
        slug: tenant.id,
        name: tenant.id,
        egress: tenant.egress,
        capabilitySets: [...tenant.capabilitySets],
        capabilitySet: tenant.capabilitySet,
      },
    });
  for (const { id, name, endpoint, reservedMemoryMb } of rows.hosts)
    await db.host.create({ data: { id, name, endpoint, reservedMemoryMb } });
  for (const segment of rows.segments)
    await db.segment.create({ data: { ...segment, dns: [...segment.dns], reserved: [...segment.reserved] } });
  for (const flavor of rows.flavors) await db.flavor.create({ data: flavor });
  for (const { bundle, ...row } of rows.distributions)
    await db.distribution.create({
      data: { ...row, type: bundle.type, summary: bundle.summary, manifest: JSON.parse(JSON.stringify(bundle)) },
    });
  for (const { secrets, refusal: _refusal, attemptAt, phaseSince, ...row } of rows.clusters)
    await db.cluster.create({
      data: {
        ...row,
        ownerId: "uada000",
        secrets: JSON.stringify(secrets),
        attemptAt: new Date(attemptAt),
        phaseSince: new Date(phaseSince),
      },
    });
}

/** The test server's address; tests of PostgreSQL say so when there is none. */
export function serverUrl(): string | null {
  return process.env.KINDLING_TEST_DATABASE_URL ?? process.env.DATABASE_URL ?? null;
}
