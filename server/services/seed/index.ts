import { hostname } from "node:os";
import { type LoadedBundle, loadBundles } from "../../catalog/index.ts";
import type { Db, Tx } from "../../db.ts";
import type { Env } from "../../env.ts";
import type { NewId } from "../../ids.ts";
import { flavors } from "./flavors.ts";
import { bridgeName, nextSubnet } from "./segment.ts";

const demoTenants = [
  { slug: "analytics", name: "Analytics" },
  { slug: "research", name: "Research" },
];

/** Gives whether the platform starts for the first time. */
async function installation(tx: Tx, env: Env, newId: NewId): Promise<boolean> {
  const settings = {
    nodePrefix: env.KINDLING_NODE_PREFIX,
    nodeDomain: env.KINDLING_NODE_DOMAIN,
    addressRestSeconds: env.KINDLING_ADDRESS_REST_SECONDS,
    addressPool: env.KINDLING_ADDRESS_POOL,
  };
  const known = await tx.installation.findFirst();
  if (!known) await tx.installation.create({ data: { id: env.KINDLING_INSTALLATION ?? newId("i"), ...settings } });
  else if (env.KINDLING_INSTALLATION && known.id !== env.KINDLING_INSTALLATION)
    throw new Error(
      `This database belongs to the installation ${known.id}, but KINDLING_HOME to ${env.KINDLING_INSTALLATION}. Point DATABASE_URL or KINDLING_HOME at the one that was meant.`,
    );
  else await tx.installation.update({ where: { id: known.id }, data: settings });
  return !known;
}

async function distributions(tx: Tx, bundles: readonly LoadedBundle[]): Promise<void> {
  // Spark first; among one type the newest name first, which is what Create offers.
  const ordered = bundles.toSorted(
    (a, b) => a.bundle.type.localeCompare(b.bundle.type) || b.bundle.id.localeCompare(a.bundle.id, "en", { numeric: true }),
  );
  for (const [position, { bundle, imageTag }] of ordered.entries()) {
    const data = { name: bundle.name, type: bundle.type, summary: bundle.summary, imageTag, manifest: bundle, retired: false, position };
    await tx.distribution.upsert({ where: { id: bundle.id }, create: { id: bundle.id, ...data }, update: data });
  }
  await tx.distribution.updateMany({ where: { id: { notIn: bundles.map(({ bundle }) => bundle.id) } }, data: { retired: true } });
}

/** A tenant with its segment and the demo directory's groups. */
async function tenant(tx: Tx, env: Env, newId: NewId, made: { slug: string; name: string }, base: string): Promise<void> {
  const { id } = await tx.tenant.upsert({
    where: { slug: made.slug },
    create: { id: newId("t"), ...made },
    update: {},
  });
  if ((await tx.segment.count({ where: { tenantId: id } })) === 0) {
    const taken = await tx.segment.findMany({ select: { cidr: true } });
    const subnet = nextSubnet(
      env.KINDLING_ADDRESS_POOL,
      taken.map(({ cidr }) => cidr),
    );
    const segmentId = newId("g");
    await tx.segment.create({ data: { id: segmentId, tenantId: id, name: made.slug, bridge: bridgeName(segmentId), ...subnet } });
  }
  for (const [role, suffix] of [
    ["member", "members"],
    ["admin", "admins"],
  ] as const)
    await mapping(tx, newId, `cn=${made.slug}-${suffix},ou=groups,${base}`, role, id);
}

async function mapping(tx: Tx, newId: NewId, group: string, role: string, tenantId: string | null): Promise<void> {
  // Not an upsert: a site administrator's mapping has no tenant, and NULL is equal to nothing in a unique index.
  if ((await tx.groupMapping.count({ where: { group, role, tenantId } })) === 0)
    await tx.groupMapping.create({ data: { id: newId("m"), group, role, tenantId } });
}

async function host(tx: Tx, env: Env, newId: NewId): Promise<void> {
  const endpoint = `unix:${env.KINDLING_RUN}/agent`;
  const known = env.KINDLING_HOST_ID
    ? await tx.host.findUnique({ where: { id: env.KINDLING_HOST_ID } })
    : await tx.host.findFirst({ where: { endpoint } });
  if (known) await tx.host.update({ where: { id: known.id }, data: { endpoint } });
  else await tx.host.create({ data: { id: env.KINDLING_HOST_ID ?? newId("h"), name: hostLabel(hostname()), endpoint } });
}

/** The machine's name as people know it, reduced to what fits a label. */
export function hostLabel(name: string): string {
  const label = (name.split(".")[0] ?? "")
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  return label === "" ? "this-host" : label;
}

/**
 * Brings the rows that the platform itself owns in line with what is on disk and in the environment. Repeatable at every start; what people
 * changed (limits of tenants, retired flavors) stays, and what they deleted stays away.
 * @param demoBase where the demo directory's groups lie, or null for a directory of one's own: then no demo tenants are made
 */
export async function seed(db: Db, env: Env, newId: NewId, demoBase: string | null): Promise<void> {
  const bundles = await loadBundles();
  await db.$transaction(
    async (tx) => {
      // Two portals may start at once.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(4711)`;
      const first = await installation(tx, env, newId);
      await host(tx, env, newId);
      // What people deleted does not come back.
      if (first) await tx.flavor.createMany({ data: flavors.map((flavor, position) => ({ id: newId("f"), ...flavor, position })) });
      await distributions(tx, bundles);
      if (demoBase !== null) {
        if (first) for (const made of demoTenants) await tenant(tx, env, newId, made, demoBase);
        await mapping(tx, newId, `cn=kindling-admins,ou=groups,${demoBase}`, "site-admin", null);
      }
    },
    { timeout: 30_000, maxWait: 30_000 },
  );
}
