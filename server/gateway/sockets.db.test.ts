import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { WebSocket } from "ws";
import { gatewayStand, type Stand } from "./testing/stand.ts";

let stand: Stand;
const upgrades: { url: string; headers: Record<string, unknown> }[] = [];

before(async () => {
  stand = await gatewayStand((incoming, response) => {
    if (incoming.url === "/events") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: first\n\n");
      return;
    }
    incoming.resume();
    response.writeHead(404).end("no");
  });
  stand.sockets.on("headers", (headers) => headers.push("Set-Cookie: kindling-session=evil", "Set-Cookie: a=b; Domain=services.test"));
  stand.sockets.on("connection", (socket, incoming) => {
    upgrades.push({ url: incoming.url ?? "", headers: incoming.headers });
    socket.send("hello");
    socket.on("message", (data, binary) => socket.send(data, { binary }));
  });
});
after(() => stand.close());

function open(cookie: string, headers: Record<string, string> = {}, path = "/api/kernels/1/channels"): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${stand.port}${path}`, {
    headers: { host: stand.hostOf("jupyter"), cookie, origin: stand.origin("jupyter"), ...headers },
  });
}

/** The status with which an upgrade was declined. */
async function declined(socket: WebSocket): Promise<number> {
  socket.on("error", () => {});
  const entered = once(socket, "open").then(() => 101);
  const status = await Promise.race([entered, once(socket, "unexpected-response").then(([, answer]) => Number(answer.statusCode))]);
  socket.terminate();
  return status;
}

test("a kernel's socket carries text and bytes both ways, with the service's token and no cookie of the platform's", async () => {
  const { cookie } = await stand.login("jupyter");
  const socket = open(`${cookie}; theme=dark`);
  const heads: string[][] = [];
  socket.on("upgrade", (answer) => heads.push(answer.headers["set-cookie"] ?? []));
  assert.equal(String((await once(socket, "message"))[0]), "hello");
  const big = Buffer.alloc(3 * 1024 * 1024, 7);
  socket.send(big);
  assert.ok(big.equals((await once(socket, "message"))[0]));
  assert.deepEqual(heads, [["a=b"]]);
  const seen = upgrades.at(-1);
  assert.equal(seen?.url, "/api/kernels/1/channels");
  assert.equal(seen?.headers.cookie, "theme=dark");
  assert.match(String(seen?.headers.authorization), /^token /);
  socket.close();
  await once(socket, "close");
});

test("an upgrade from another origin, or from none, is declined", async () => {
  const { cookie } = await stand.login("jupyter");
  const before = upgrades.length;
  assert.equal(await declined(open(cookie, { origin: "http://evil.test" })), 403);
  assert.equal(await declined(open(cookie, { origin: stand.origin("spark") })), 403);
  assert.equal(await declined(open(cookie, { origin: "null" })), 403);
  assert.equal(await declined(new WebSocket(`ws://127.0.0.1:${stand.port}/`, { headers: { host: stand.hostOf("jupyter"), cookie } })), 403);
  assert.equal(upgrades.length, before);
});

test("an upgrade without a login, or to an unknown host, is declined", async () => {
  const { cookie } = await stand.login("jupyter");
  assert.equal(await declined(open("")), 401);
  assert.equal(await declined(open(cookie, { host: "portal.test:3000" })), 404);
  assert.equal(await declined(open(cookie, {}, "/.kindling/enter")), 400);
});

test("revoking the portal's session closes an open socket and an open stream", async () => {
  const { cookie, sessionId } = await stand.login("jupyter");
  const socket = open(cookie);
  await once(socket, "message");
  const stream = request({ port: stand.port, host: "127.0.0.1", path: "/events", headers: { host: stand.hostOf("jupyter"), cookie } });
  stream.end();
  const [answer] = await once(stream, "response");
  await once(answer, "data");
  answer.on("error", () => {});
  const closed = Promise.all([once(socket, "close"), new Promise((resolve) => answer.on("close", resolve))]);
  await stand.db.session.update({ where: { id: sessionId }, data: { revokedAt: new Date() } });
  await closed;
  assert.equal(await declined(open(cookie)), 401);
});

test("revoking the host's certificate closes an open socket, and nothing new is opened", async () => {
  const { cookie } = await stand.login("jupyter");
  const socket = open(cookie);
  await once(socket, "message");
  const closed = once(socket, "close");
  const { id, endpoint } = await stand.db.host.findFirstOrThrow();
  // As a host elsewhere whose key is not known any more.
  await stand.db.host.update({ where: { id }, data: { endpoint: "https://192.0.2.9:7443", certificate: null } });
  try {
    await closed;
    const { status, body } = await stand.go("jupyter", { headers: { cookie } });
    assert.equal(status, 503);
    assert.match(body, /certificate of .* was revoked/);
  } finally {
    await stand.db.host.update({ where: { id }, data: { endpoint } });
  }
});

test("suspending the tenant closes an open socket and says why; resuming it lets the same login in again", async () => {
  const { cookie } = await stand.login("jupyter");
  const socket = open(cookie);
  await once(socket, "message");
  const closed = once(socket, "close");
  const { tenantId } = await stand.db.cluster.findUniqueOrThrow({ where: { id: stand.clusterId } });
  await stand.db.tenant.update({ where: { id: tenantId }, data: { state: "suspended", stateReason: "unpaid" } });
  try {
    await closed;
    const { status, body } = await stand.go("jupyter", { headers: { cookie } });
    assert.equal(status, 403);
    assert.match(body, /was suspended on .*: unpaid/);
    assert.equal(await declined(open(cookie)), 403);
  } finally {
    await stand.db.tenant.update({ where: { id: tenantId }, data: { state: "active", stateReason: null } });
  }
  // Verdicts are remembered for a moment; a login of its own asks anew.
  const again = open((await stand.login("jupyter")).cookie);
  await once(again, "message");
  const left = once(again, "close");
  again.close();
  await left;
});

test("another person's open socket outlives that", async () => {
  const one = await stand.login("jupyter");
  const two = await stand.login("jupyter");
  const [first, second] = [open(one.cookie), open(two.cookie)];
  await Promise.all([once(first, "message"), once(second, "message")]);
  const closed = once(first, "close");
  await stand.db.session.update({ where: { id: one.sessionId }, data: { revokedAt: new Date() } });
  await closed;
  second.send("still here");
  assert.equal(String((await once(second, "message"))[0]), "still here");
  second.close();
  await once(second, "close");
});

test("losing the right to the cluster closes an open socket", async () => {
  const { cookie } = await stand.login("jupyter");
  const socket = open(cookie);
  await once(socket, "message");
  const closed = once(socket, "close");
  await stand.db.cluster.update({ where: { id: stand.clusterId }, data: { ownerId: "ubob" } });
  await closed;
  await stand.db.cluster.update({ where: { id: stand.clusterId }, data: { ownerId: "uann" } });
});

test("a service that ends its socket ends the browser's", async () => {
  const { cookie } = await stand.login("jupyter");
  const socket = open(cookie);
  await once(socket, "message");
  const closed = once(socket, "close");
  for (const client of stand.sockets.clients) client.terminate();
  await closed;
});

test("a service without the socket's path declines it and says so", async () => {
  const { cookie } = await stand.login("spark");
  stand.sockets.options.verifyClient = () => false;
  const socket = new WebSocket(`ws://127.0.0.1:${stand.port}/`, {
    headers: { host: stand.hostOf("spark"), cookie, origin: stand.origin("spark") },
  });
  assert.equal(await declined(socket), 401);
  delete stand.sockets.options.verifyClient;
});

test("a login has so many sockets at most, a person so many with all services, and another person as many as ever", async () => {
  const sockets: WebSocket[] = [];
  const take = async (cookie: string, count: number, endpoint = "jupyter"): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      const socket = open(cookie, { host: stand.hostOf(endpoint), origin: stand.origin(endpoint) });
      sockets.push(socket);
      await once(socket, "message");
    }
  };
  try {
    const logins = [await stand.login("jupyter"), await stand.login("jupyter"), await stand.login("jupyter"), await stand.login("jupyter")];
    const [first, second, third, fourth] = logins.map(({ cookie }) => cookie);
    assert.ok(first && second && third && fourth);
    await take(first, 60);
    assert.equal(await declined(open(first)), 429);
    await take(second, 60);
    await take(third, 60);
    assert.equal(await declined(open(fourth)), 429);
    // Requests go on: only more sockets are refused.
    assert.equal((await stand.go("jupyter", { headers: { cookie: first } })).status, 404);
    sockets.pop()?.close();
    let status = 0;
    for (let tries = 0; status !== 101 && tries < 100; tries += 1) {
      const again = open(fourth);
      sockets.push(again);
      again.on("error", () => {});
      status = await Promise.race([
        once(again, "open").then(() => 101),
        once(again, "unexpected-response").then(([, answer]) => Number(answer.statusCode)),
      ]);
    }
    assert.equal(status, 101);
  } finally {
    for (const socket of sockets) socket.terminate();
  }
});
