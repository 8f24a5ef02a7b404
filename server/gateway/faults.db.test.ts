import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { asPage, gatewayStand, type Stand } from "./testing/stand.ts";

let stand: Stand;
let cookie: string;
let location: string | null = null;

before(async () => {
  stand = await gatewayStand(
    (incoming, response) => {
      if (incoming.url === "/half") {
        response.writeHead(200, { "content-length": 100 });
        response.write("only a part");
        setImmediate(() => response.destroy());
      } else if (incoming.url === "/drop") incoming.socket.destroy();
      else if (location !== null) response.writeHead(302, { location }).end();
      else if (incoming.url === "/wait") response.writeHead(200).flushHeaders();
      else {
        incoming.resume();
        incoming.on("end", () => response.end(`${incoming.method} done`));
      }
    },
    { restartWaits: [20, 50, 100, 200, 400, 800] },
  );
  ({ cookie } = await stand.login("jupyter"));
});
after(() => stand.close());
afterEach(() => {
  location = null;
});

const key = (): string => `${stand.nodeId}:8888`;
const visit = (path = "/lab", headers = {}) => stand.go("jupyter", { path, headers: { ...asPage, cookie, ...headers } });

async function withoutService<T>(during: () => Promise<T>): Promise<T> {
  stand.agent.ports.delete(key());
  stand.agent.cut();
  try {
    return await during();
  } finally {
    stand.agent.ports.set(key(), stand.upstreamPort);
  }
}

test("a visit while the service restarts waits for it and gets its page", async () => {
  stand.agent.ports.delete(key());
  stand.agent.cut();
  const dials = stand.agent.dials;
  const page = visit();
  // The service is back once it has been asked for in vain.
  while (stand.agent.dials === dials) await new Promise((resolve) => setImmediate(resolve));
  stand.agent.ports.set(key(), stand.upstreamPort);
  assert.equal((await page).body, "GET done");
});

test("a service that stays down is named, and the page tries again by itself; a script gets JSON", async () => {
  await withoutService(async () => {
    const page = await visit();
    assert.equal(page.status, 502);
    assert.match(page.body, /Jupyter does not answer/);
    assert.equal(page.headers.refresh, "3");
    assert.match(String(page.headers["content-security-policy"]), /default-src 'none'/);
    const data = await stand.go("jupyter", { path: "/api", headers: { cookie } });
    assert.equal(JSON.parse(data.body).error.code, "service_down");
  });
});

test("a notebook whose secret cannot be read is refused in words, and Spark's page of the same cluster opens", async () => {
  const { secrets } = await stand.db.cluster.findUniqueOrThrow({ where: { id: stand.clusterId } });
  await stand.db.cluster.update({ where: { id: stand.clusterId }, data: { secrets: secrets.replace(/.{8}$/, "AAAAAAAA") } });
  try {
    // What was found out of it lasts a moment.
    for (;;) {
      const page = await visit();
      if (page.status === 200) continue;
      assert.equal(page.status, 503);
      assert.match(page.body, /cannot be read with this site.{1,6}s key/);
      break;
    }
    const spark = (await stand.login("spark")).cookie;
    assert.equal((await stand.go("spark", { path: "/", headers: { ...asPage, cookie: spark } })).status, 200);
  } finally {
    await stand.db.cluster.update({ where: { id: stand.clusterId }, data: { secrets } });
  }
  while ((await visit()).status !== 200) await new Promise((resolve) => setImmediate(resolve));
});

test("what changes something is sent once, never again", async () => {
  await withoutService(async () => {
    const dials = stand.agent.dials;
    const post = await stand.go("jupyter", {
      method: "POST",
      path: "/api/kernels",
      headers: { cookie, origin: stand.origin("jupyter") },
      body: "x",
    });
    assert.equal(post.status, 502);
    assert.equal(stand.agent.dials, dials + 1);
  });
});

test("an answer that breaks off arrives broken, not short", async () => {
  await assert.rejects(visit("/half"), /aborted|hang up/);
});

test("a connection that ends without an answer is a 502 with a reason", async () => {
  assert.equal((await visit("/drop")).status, 502);
});

for (const [phase, desired, title] of [
  ["starting", "running", "flights is starting"],
  ["stopped", "stopped", "flights is stopped"],
  ["failed", "running", "flights could not start"],
] as const)
  test(`the page says so when a cluster is ${phase}`, async () => {
    const where = { id: stand.clusterId };
    await stand.db.cluster.update({ where, data: { phase, desired, phaseReason: phase === "failed" ? "No host has 2 GB <free>." : null } });
    await new Promise((resolve) => setTimeout(resolve, 60)); // the stand remembers verdicts for 50 ms
    const page = await withoutService(() => visit());
    assert.match(page.body, new RegExp(title));
    if (phase === "failed") assert.match(page.body, /No host has 2 GB &#60;free&#62;\./);
    assert.equal(page.headers.refresh !== undefined, phase === "starting");
    await stand.db.cluster.update({ where, data: { phase: "ready", desired: "running", phaseReason: null } });
    await new Promise((resolve) => setTimeout(resolve, 60));
  });

test("a redirect into the private network is not passed on", async () => {
  location = "http://10.35.219.2:22/";
  const page = await visit();
  assert.equal(page.status, 502);
  assert.doesNotMatch(page.body + JSON.stringify(page.headers), /10\.35/);
  location = "http://kindling-1.bdlocal:8888/lab/tree";
  assert.equal((await visit()).headers.location, `${stand.origin("jupyter")}/lab/tree`);
});

test("a browser that goes away takes its request to the service with it", async () => {
  const arrived = once(stand.upstream, "request");
  const asked = request({ port: stand.port, host: "127.0.0.1", path: "/wait", headers: { host: stand.hostOf("jupyter"), cookie } });
  asked.on("error", () => {});
  asked.end();
  const [incoming] = await arrived;
  const closed = once(incoming.socket, "close");
  asked.destroy();
  await closed;
});

test("requests share connections to the service", async () => {
  await visit();
  const dials = stand.agent.dials;
  for (let turn = 0; turn < 10; turn++) await visit();
  assert.ok(stand.agent.dials - dials <= 1);
});

test("one login cannot take every connection", async () => {
  const { cookie: greedy } = await stand.login("jupyter");
  const open = Array.from({ length: 256 }, () => {
    const asked = request({
      port: stand.port,
      host: "127.0.0.1",
      path: "/wait",
      agent: false,
      headers: { host: stand.hostOf("jupyter"), cookie: greedy },
    });
    asked.on("error", () => {});
    asked.end();
    return asked;
  });
  await Promise.all(open.map((asked) => once(asked, "response")));
  assert.equal((await stand.go("jupyter", { path: "/x", headers: { cookie: greedy } })).status, 429);
  assert.equal((await visit()).body, "GET done");
  for (const asked of open) asked.destroy();
});

test("a host that does not answer is said to be silent", async () => {
  await stand.agent.close();
  const page = await visit("/fresh", { cookie });
  assert.match(page.body, /The host that runs flights does not answer/);
  await stand.agent.listen();
  assert.equal((await visit()).body, "GET done");
});

test("while the database is away nobody gets through, and are told why", async () => {
  await stand.db.$executeRawUnsafe(`ALTER TABLE "GatewaySession" RENAME TO away`);
  await new Promise((resolve) => setTimeout(resolve, 60)); // the stand remembers verdicts for 50 ms
  const page = await visit();
  assert.equal(page.status, 503);
  assert.match(page.body, /database does not answer/);
  await stand.db.$executeRawUnsafe(`ALTER TABLE away RENAME TO "GatewaySession"`);
  assert.equal((await visit()).body, "GET done");
});
