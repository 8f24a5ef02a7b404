import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { loadActor } from "../../auth/actor.ts";
import { createDb, type Db } from "../../db.ts";
import { readEnv } from "../../env.ts";
import { UserError } from "../../errors.ts";
import { seed, signIn } from "../../gateway/testing/seed.ts";
import { newId } from "../../ids.ts";
import { testDatabase } from "../../platform/testing/database.ts";
import { newKey } from "../../secrets/ring.ts";
import { hashSecret } from "../../secrets.ts";
import type { ActorCtx } from "../context.ts";
import { createHandover } from "./create.ts";
import { lookHandover } from "./look.ts";

let db: Db;
let drop: () => Promise<void>;
let clusterId: string;
let nodeId: string;
const now = new Date();
const nonceHash = hashSecret("nonce");

before(async () => {
  const database = await testDatabase();
  drop = database.drop;
  db = createDb(database.url, 2);
  ({ clusterId, nodeId } = await seed(db, { keys: [newKey()] }, "/run/nowhere", now));
});
after(async () => {
  await db.$disconnect();
  await drop();
});

async function call(userId: string, token = false): Promise<ActorCtx> {
  const sessionId = token ? null : await signIn(db, userId, now);
  if (token) await db.token.create({ data: { id: "k1", userId, name: "k1", hash: "k1", expiresAt: new Date(now.getTime() + 60_000) } });
  const actor = await loadActor(db, userId, { sessionId, tokenId: token ? "k1" : null, ip: null });
  assert.ok(actor);
  const env = readEnv({ KINDLING_SERVICES_URL: "https://*.svc.example.com" });
  const hosts = new Proxy({} as ActorCtx["hosts"], { get: () => assert.fail("no host is asked") });
  const directory = new Proxy({} as ActorCtx["directory"], { get: () => assert.fail("the directory is not asked") });
  const directoryStatus = () => assert.fail("the directory is not asked");
  return { db, env, hosts, now: () => now, newId, seal: (_place, plain) => plain, directory, directoryStatus, actor };
}

test("a code is kept as its hash, bound to nonce, session and endpoint, for 30 seconds; its way is audited", async () => {
  const ctx = await call("uann");
  const { code, action } = await createHandover({ ctx, input: { clusterId, endpoint: "jupyter", nonceHash } });
  assert.equal(action, "https://jupyter-cflights.svc.example.com/.kindling/enter");
  const row = await db.handover.findUniqueOrThrow({ where: { hash: hashSecret(code) } });
  assert.deepEqual(
    [row.nonceHash, row.sessionId, row.clusterId, row.endpoint, row.usedAt, row.expiresAt.getTime() - now.getTime()],
    [nonceHash, ctx.actor.sessionId, clusterId, "jupyter", null, 30_000],
  );
  assert.ok(!JSON.stringify(row).includes(code));
  const audit = await db.audit.findFirstOrThrow({ where: { action: "service.open" } });
  assert.ok(!JSON.stringify(audit.detail).includes(code));
  assert.equal(audit.actorName, "ann");
});

test("the running application is opened on Spark's origin", async () => {
  const { action } = await createHandover({ ctx: await call("uann"), input: { clusterId, endpoint: "application", nonceHash } });
  assert.equal(action, "https://spark-cflights.svc.example.com/.kindling/enter");
  const view = await lookHandover({ ctx: await call("uann"), input: { cluster: clusterId, endpoint: "application" } });
  assert.equal(view.start, "https://spark-cflights.svc.example.com/.kindling/application");
});

for (const [who, endpoint] of [
  ["ueve", "spark"],
  ["ueve", "jupyter"],
  ["ubob", "jupyter"],
  ["uadm", "jupyter"],
  ["uann", "nothing"],
  ["ueve", "terminal-1"],
  ["ubob", "terminal-1"],
  ["uadm", "terminal-1"],
  ["uann", "terminal-2"],
  ["uann", "terminal-01"],
] as const)
  test(`${who} finds no ${endpoint}`, async () => {
    const ctx = await call(who);
    const missing = (error: unknown) => error instanceof UserError && error.code === "not_found";
    await assert.rejects(createHandover({ ctx, input: { clusterId, endpoint, nonceHash } }), missing);
    await assert.rejects(lookHandover({ ctx, input: { cluster: clusterId, endpoint } }), missing);
  });

test("a terminal into a node is opened on an origin of its own, and who opened which is in the trail", async () => {
  const ctx = await call("uann");
  const { action } = await createHandover({ ctx, input: { clusterId, endpoint: "terminal-1", nonceHash } });
  assert.equal(action, "https://terminal-1-cflights.svc.example.com/.kindling/enter");
  const row = await db.audit.findFirstOrThrow({ where: { action: "terminal.open" } });
  assert.deepEqual([row.actorName, row.resourceName, row.detail], ["ann", "flights", { node: "kindling-1" }]);
  const view = await lookHandover({ ctx, input: { cluster: clusterId, endpoint: "terminal-1" } });
  assert.deepEqual([view.title, view.ready], ["Terminal on kindling-1", false]);
});

test("a personal token gets no code", async () => {
  const attempt = createHandover({ ctx: await call("uann", true), input: { clusterId, endpoint: "jupyter", nonceHash } });
  await assert.rejects(attempt, (error) => error instanceof UserError && error.code === "forbidden");
});

test("a service is ready once its probe has answered on a running node", async () => {
  const ready = async () => (await lookHandover({ ctx: await call("uann"), input: { cluster: clusterId, endpoint: "jupyter" } })).ready;
  assert.equal(await ready(), false);
  const observe = (state: string, healthy: boolean) =>
    db.node.update({
      where: { id: nodeId },
      data: {
        observed: {
          id: nodeId,
          state,
          step: "done",
          ip: null,
          incarnation: 1,
          startedAt: null,
          services: [{ id: "jupyter", state: "running", healthy, since: null, restarts: 0, detail: null }],
          sparkMaster: null,
          oomKills: 0,
          lastOom: null,
          usage: null,
          fault: null,
        },
      },
    });
  await observe("running", false);
  assert.equal(await ready(), false);
  const terminal = async () =>
    (await lookHandover({ ctx: await call("uann"), input: { cluster: clusterId, endpoint: "terminal-1" } })).ready;
  assert.equal(await terminal(), true, "a terminal needs no service");
  await observe("running", true);
  assert.equal(await ready(), true);
  await observe("exited", true);
  assert.deepEqual([await ready(), await terminal()], [false, false]);
  await observe("running", true);
  await db.cluster.update({ where: { id: clusterId }, data: { desired: "stopped" } });
  assert.equal(await ready(), false);
});
