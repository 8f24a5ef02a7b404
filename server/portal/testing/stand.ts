import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { encode } from "next-auth/jwt";
import { createCaller } from "../../api/root.ts";
import { loadActor } from "../../auth/actor.ts";
import { cookieNames } from "../../auth/cookies.ts";
import type { TokenScope } from "../../auth/power.ts";
import { openSession } from "../../auth/sessions.ts";
import { makeToken } from "../../auth/tokens.ts";
import { readEnv } from "../../env.ts";
import { newId } from "../../ids.ts";
import { testDatabase } from "../../platform/testing/database.ts";
import { deriveKey, loadPortalKey } from "../../secrets.ts";
import type { Deps } from "../../services/context.ts";
import type { HostAccess } from "../../services/hosts/access.ts";
import { createParts } from "../parts.ts";
import { declaredRoutes } from "../routes.ts";
import { createPortalServer } from "../server.ts";
import { createSockets } from "../sockets.ts";

export type Person = "sam" | "tina" | "dana" | "rhea";

/** A host that answers at once and remembers what it was asked. */
export function fakeHosts() {
  const asked: unknown[][] = [];
  const hosts: HostAccess = {
    log: async ({ endpoint }, query) => {
      asked.push(["log", endpoint, query]);
      return { text: "the last line\n", line: 7, after: "1:0:14:8", continues: false };
    },
    imageLog: async ({ endpoint }, tag) => {
      asked.push(["imageLog", endpoint, tag]);
      return "Step 1 of 9\n";
    },
    buildImage: async ({ endpoint }, tag) => {
      asked.push(["buildImage", endpoint, tag]);
    },
    archive: async ({ endpoint }, volume) => {
      asked.push(["archive", endpoint, volume]);
      const stream = new Readable({ read: () => undefined });
      stream.push("tar");
      if (volume !== "vendless") stream.push(null);
      return stream;
    },
    restartService: async ({ endpoint }, query) => {
      asked.push(["restartService", endpoint, query]);
    },
    attest: async ({ endpoint }, of) => {
      asked.push(["attest", endpoint, of]);
      return [];
    },
    metrics: async ({ endpoint }, node) => {
      asked.push(["metrics", endpoint, node]);
      return { stepMs: 5000, at: [1000, 6000], cpuCores: [0.5, 1], memoryMb: [512, 600], diskUsedMb: [1, 2] };
    },
  };
  return { hosts, asked };
}

/**
 * The portal without pages on a port of its own, with a database, a home and a demo directory that go away with it. The people of the demo
 * directory exist as after a first sign-in.
 */
export async function startStand(settings: Record<string, string> = {}) {
  const database = await testDatabase();
  const home = await mkdtemp(join(tmpdir(), "kindling-portal-"));
  const env = readEnv({
    DATABASE_URL: database.url,
    KINDLING_HOME: home,
    KINDLING_RUN: join(home, "run"),
    KINDLING_PORT: "0",
    ...settings,
  });
  const { hosts, asked } = fakeHosts();
  const parts = await createParts(env, hosts);
  const sockets = createSockets(parts);
  const server = createPortalServer(
    parts,
    null,
    sockets,
    declaredRoutes.map(({ make }) => make(parts)),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const { db } = parts.deps;
  const accounts = parts.demo ? await readFile(parts.demo.accountsFile, "utf8") : "";
  const password = (name: Person): string => new RegExp(`^${name}\\s+(\\S+)`, "m").exec(accounts)?.[1] ?? "";
  const key = await loadPortalKey(home);

  // What signing in writes, without four rounds of scrypt for each test.
  const tenants = new Map((await db.tenant.findMany()).map((tenant) => [tenant.slug, tenant.id]));
  const people = { sam: null, tina: "analytics", dana: "analytics", rhea: "research" } as const;
  for (const [username, slug] of Object.entries(people)) {
    const tenantId = slug === null ? null : (tenants.get(slug) ?? null);
    await db.user.create({
      data: {
        id: `u${username}`,
        username,
        displayName: username,
        dn: `uid=${username}`,
        siteAdmin: slug === null,
        ...(tenantId ? { memberships: { create: { tenantId, role: username === "tina" ? "admin" : "member" } } } : {}),
      },
    });
  }
  const as = async (person: Person | null, other: Partial<Deps> = {}) => {
    const actor = person ? await loadActor(db, `u${person}`, { sessionId: "stest", tokenId: null, ip: null }) : null;
    const context = parts.context(actor, "192.0.2.1");
    return createCaller({ ...context, deps: { ...context.deps, ...other } });
  };
  const session = async (person: string): Promise<{ id: string; cookie: string }> => {
    const id = await openSession(db, { newId, now: new Date(), userId: `u${person}`, ip: null, userAgent: null });
    const token = await encode({ token: { sid: id }, secret: deriveKey(key, "session cookies") });
    return { id, cookie: `${cookieNames(env).session}=${token}` };
  };
  const token = async (person: string, scope: TokenScope = "manage"): Promise<string> => {
    const { secret, hash } = makeToken();
    const id = newId("k");
    await db.token.create({ data: { id, userId: `u${person}`, name: id, hash, scope, expiresAt: new Date(Date.now() + 3600_000) } });
    return secret;
  };
  return {
    url: `http://localhost:${address.port}`,
    home,
    env,
    parts,
    db,
    asked,
    password,
    as,
    session,
    token,
    tenantId: (slug: string): string => tenants.get(slug) ?? "",
    async stop(): Promise<void> {
      const closed = once(server, "close");
      server.close();
      sockets.stop();
      server.closeAllConnections();
      await closed;
      await parts.stop();
      await database.drop();
      await rm(home, { recursive: true });
    },
  };
}
export type Stand = Awaited<ReturnType<typeof startStand>>;
