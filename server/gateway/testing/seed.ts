import type { Bundle } from "../../../agents/protocol/bundle.ts";
import type { Db } from "../../db.ts";
import { clusterSecrets } from "../../secrets/places.ts";
import type { Ring } from "../../secrets/ring.ts";
import { sealWith } from "../../secrets/seal.ts";
import { hashSecret, randomSecret } from "../../secrets.ts";

export const jupyterSecret = "the-notebook-server-own-token";

const bundle: Bundle = {
  id: "spark-test",
  name: "Spark for tests",
  type: "spark",
  summary: "For tests",
  contents: [],
  capabilities: [],
  tools: [],
  roles: { master: { services: ["spark-master", "jupyter"], minimumMemoryMb: 512 } },
  services: {
    "spark-master": {
      title: "Spark master",
      command: ["/bin/true"],
      user: "spark",
      probe: { kind: "spark-master", port: 8080 },
      endpoints: [{ id: "spark", title: "Spark master", port: 8080, path: "/" }],
      guarded: [8080],
      stopSeconds: 5,
    },
    jupyter: {
      title: "Jupyter",
      command: ["/bin/true"],
      user: "spark",
      probe: { kind: "http", port: 8888, path: "/api" },
      endpoints: [{ id: "jupyter", title: "Jupyter", port: 8888, path: "/lab" }],
      guarded: [8888],
      stopSeconds: 5,
    },
  },
};

/** Two tenants, three people (ann owns the cluster, bob is her tenant's member, eve is of the other tenant) and one ready cluster. */
export async function seed(db: Db, key: Ring, socketDir: string, now: Date) {
  await db.installation.create({ data: { id: "itest1", nodeDomain: "bdlocal" } });
  for (const slug of ["acme", "other"]) await db.tenant.create({ data: { id: `t${slug}`, slug, name: slug } });
  for (const [name, tenantId, role] of [
    ["ann", "tacme", "member"],
    ["bob", "tacme", "member"],
    ["adm", "tacme", "admin"],
    ["eve", "tother", "admin"],
  ] as const)
    await db.user.create({
      data: { id: `u${name}`, username: name, displayName: name, dn: `uid=${name}`, memberships: { create: { tenantId, role } } },
    });
  await db.flavor.create({ data: { id: "fsmall", slug: "small", name: "Small", vcpus: 1, memoryMb: 2048, position: 1 } });
  await db.distribution.create({
    data: { id: bundle.id, name: bundle.name, type: "spark", summary: "", imageTag: "t", manifest: JSON.parse(JSON.stringify(bundle)) },
  });
  await db.host.create({ data: { id: "hhost1", name: "host-1", endpoint: `unix:${socketDir}`, observedAt: now } });
  await db.segment.create({
    data: { id: "gseg1", tenantId: "tacme", name: "acme", cidr: "10.35.219.0/24", gateway: "10.35.219.254", bridge: "kseg1" },
  });
  const cluster = await makeCluster(db, key, { id: "cflights", number: 1, ip: "10.35.219.2" });
  return { clusterId: cluster, nodeId: "nnode1" };
}

/** One more cluster of ann's with a master. @returns its id */
export async function makeCluster(db: Db, key: Ring, one: { id: string; number: number; ip: string }): Promise<string> {
  const secrets = sealWith(key, clusterSecrets(one.id), JSON.stringify({ sparkAuth: "spark-secret", jupyterToken: jupyterSecret }));
  await db.cluster.create({
    data: {
      id: one.id,
      tenantId: "tacme",
      ownerId: "uann",
      name: one.id.slice(1),
      distributionId: bundle.id,
      masterFlavorId: "fsmall",
      workerFlavorId: "fsmall",
      workerCount: 0,
      secrets,
      phase: "ready",
    },
  });
  const name = `kindling-${one.number}`;
  await addNode(db, { id: `nnode${one.number}`, clusterId: one.id, number: one.number, name, role: "master", ip: one.ip });
  return one.id;
}

/** A node of a cluster with its volume and address. */
export async function addNode(
  db: Db,
  { ip, ...node }: { id: string; clusterId: string; number: number; name: string; role: "master" | "worker"; ip: string },
): Promise<void> {
  const volumeId = `vvol${node.number}`;
  await db.volume.create({ data: { id: volumeId, tenantId: "tacme", hostId: "hhost1", name: node.name, sizeMb: 100, state: "attached" } });
  const size = { vcpus: 1, memoryMb: 2048, rootGb: 10, dataMb: 100, imageTag: "kindling/spark:test" };
  await db.node.create({ data: { ...node, ...size, hostId: "hhost1", volumeId, address: { create: { ip, segmentId: "gseg1" } } } });
}

/** A portal session of a person. @returns its id */
export async function signIn(db: Db, userId: string, now: Date, id = `s${randomSecret().slice(0, 12)}`): Promise<string> {
  await db.session.create({
    data: { id, userId, createdAt: now, lastSeenAt: now, expiresAt: new Date(now.getTime() + 3600_000) },
  });
  return id;
}

/** What the portal does for a signed-in person: a code for the nonce that the gateway sent along. */
export async function portalCode(
  db: Db,
  made: { sessionId: string; clusterId: string; endpoint: string; nonceHash: string; now: Date },
): Promise<string> {
  const code = randomSecret();
  const { now, ...bound } = made;
  await db.handover.create({
    data: { hash: hashSecret(code), ...bound, createdAt: now, expiresAt: new Date(now.getTime() + 30_000) },
  });
  return code;
}
