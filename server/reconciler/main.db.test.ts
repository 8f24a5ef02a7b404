import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createDb } from "../db.ts";
import { fakeAgent } from "../hosts/fake/agent.ts";
import { makeFakeHost } from "../hosts/fake/host.ts";
import { roles } from "../platform/roles.ts";
import { asRole } from "../platform/testing/as-role.ts";
import { testDatabase } from "../platform/testing/database.ts";
import { clusterSecrets } from "../secrets/places.ts";
import { loadSiteKeys } from "../secrets.ts";
import { seed } from "./testing/database.ts";
import { cluster, rowsWith } from "./testing/rows.ts";

/** The fake host behind the agent's own protocol on a socket. */
function serveHost(folder: string): { close: () => Promise<void> } {
  const agent = fakeAgent(makeFakeHost({ id: "host0", installation: "isite", now: Date.now }));
  const stop = new AbortController();
  const http = createServer((request, response: ServerResponse) => {
    if (request.method === "GET") {
      response.writeHead(200);
      const closed = AbortSignal.any([stop.signal]);
      agent.observe((seen) => void response.write(`${JSON.stringify(seen)}\n`), closed).catch(() => undefined);
      return;
    }
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      agent.apply(JSON.parse(body)).then(
        (generation) => response.end(JSON.stringify({ generation })),
        () => response.writeHead(500).end("{}"),
      );
    });
  });
  http.listen(join(folder, "reconciler.sock"));
  return {
    async close() {
      stop.abort();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

test("the process leads, is killed in the middle, goes on at its next start, and ends in order", async () => {
  const home = await mkdtemp(join(tmpdir(), "kindling-reconciler-"));
  const { url, drop } = await testDatabase();
  const narrow = await asRole(url, roles.reconciler);
  const db = createDb(url, 2);
  const rows = rowsWith([cluster({ workerCount: 2 }), cluster({ id: "cforeign", name: "foreign" })]);
  await seed(db, { ...rows, hosts: rows.hosts.map((host) => ({ ...host, endpoint: `unix:${home}` })) });
  const keys = await loadSiteKeys(home);
  const id = rows.clusters[0]?.id ?? "";
  const secrets = JSON.stringify({ sparkAuth: "a", jupyterToken: "b" });
  await db.cluster.update({ where: { id }, data: { secrets: keys.seal(clusterSecrets(id), secrets) } });
  // Sealed with a key that was lost: it must be no other cluster's trouble.
  const lost = await loadSiteKeys(join(home, "lost"));
  await db.cluster.update({ where: { id: "cforeign" }, data: { secrets: lost.seal(clusterSecrets("cforeign"), secrets) } });
  const host = serveHost(home);
  const start = () =>
    spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
      // With no more rights than in earnest.
      env: { ...process.env, DATABASE_URL: narrow, KINDLING_HOME: home },
      stdio: ["ignore", "ignore", "pipe"],
    });
  const line = async (child: ReturnType<typeof start>, op: RegExp): Promise<void> => {
    for await (const chunk of child.stderr.iterator({ destroyOnReturn: false })) if (op.test(String(chunk))) return;
    throw new Error(`it ended without ${op}`);
  };
  try {
    const first = start();
    await line(first, /"op":"plan.commit"/);
    first.kill("SIGKILL");
    await once(first, "exit");
    const second = start();
    await line(second, /"phase":"ready"/);
    assert.equal(await db.node.count(), 3);
    assert.equal(await db.cluster.count({ where: { phase: "ready" } }), 1);
    const foreign = await db.cluster.findUniqueOrThrow({ where: { id: "cforeign" } });
    assert.match(JSON.stringify(foreign.refusal), /cannot be read with this site's key/);
    // The right key is put back while it runs.
    const copy = await readFile(join(home, "lost", "site.key"), "utf8");
    const rings = [await readFile(join(home, "site.key"), "utf8"), copy].map((text) => JSON.parse(text));
    await writeFile(join(home, "site.key"), JSON.stringify({ ...rings[0], keys: [...rings[1].keys, ...rings[0].keys] }));
    await db.$executeRaw`SELECT pg_notify('desired', 'cforeign')`;
    await line(second, /"cluster":"cforeign".*"phase":"ready"|"phase":"ready".*"cluster":"cforeign"/);
    second.kill("SIGTERM");
    const [code] = await once(second, "exit");
    assert.equal(code, 0);
  } finally {
    await host.close();
    await db.$disconnect();
    await drop();
    await rm(home, { recursive: true });
  }
});
