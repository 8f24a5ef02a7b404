import type { Db } from "../../db.ts";
import type { Snapshot } from "../../planner/snapshot.ts";

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
