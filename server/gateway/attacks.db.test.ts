import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { hashSecret, randomSecret } from "../secrets.ts";
import { jupyterSecret, makeCluster, portalCode, signIn } from "./testing/seed.ts";
import { asPage, gatewayStand, type Stand } from "./testing/stand.ts";

let stand: Stand;
/** What reached the service. */
let reached: string[] = [];
let lastHeaders: IncomingHttpHeaders = {};

before(async () => {
  stand = await gatewayStand((request, response) => {
    reached.push(`${request.method} ${request.url}`);
    lastHeaders = request.headers;
    request.resume();
    response.end("secret of the service");
  });
  await makeCluster(stand.db, stand.key, { id: "cother", number: 2, ip: "10.35.219.3" });
  stand.agent.ports.set("nnode2:8888", stand.upstreamPort);
});
after(() => stand.close());
beforeEach(() => {
  reached = [];
  stand.clock.now = new Date();
});

/** Ann has come from the service's origin to the portal and has a code; nothing is redeemed yet. */
async function halfway(endpoint = "jupyter") {
  const sessionId = await signIn(stand.db, "uann", stand.clock.now);
  const { nonceHash, cookie } = await stand.begin(endpoint);
  const code = await portalCode(stand.db, { sessionId, clusterId: stand.clusterId, endpoint, nonceHash, now: stand.clock.now });
  return { code, cookie, sessionId, nonceHash };
}

const refusedEntry = { status: 403, session: false };
async function tryEntry(endpoint: string, code: string, cookie: string) {
  const { entered } = await stand.enter(endpoint, code, cookie);
  const session = (entered.headers["set-cookie"] ?? []).some((line) => line.startsWith("kindling-session=") && !line.includes("Max-Age=0"));
  return { status: entered.status, session };
}

test("a code shown from another browser is refused, and is used up by it", async () => {
  const { code, cookie } = await halfway();
  const thief = await stand.begin("jupyter");
  assert.deepEqual(await tryEntry("jupyter", code, thief.cookie), refusedEntry);
  assert.deepEqual(await tryEntry("jupyter", code, cookie), refusedEntry);
});

test("a code works once", async () => {
  const { code, cookie } = await halfway();
  assert.deepEqual(await tryEntry("jupyter", code, cookie), { status: 303, session: true });
  assert.deepEqual(await tryEntry("jupyter", code, cookie), refusedEntry);
});

test("of twenty simultaneous uses of a code one succeeds", async () => {
  const { code, cookie } = await halfway();
  const results = await Promise.all(Array.from({ length: 20 }, () => tryEntry("jupyter", code, cookie)));
  assert.equal(results.filter((one) => one.session).length, 1);
});

test("a code is refused after 30 seconds", async () => {
  const { code, cookie } = await halfway();
  stand.clock.now = new Date(stand.clock.now.getTime() + 31_000);
  assert.deepEqual(await tryEntry("jupyter", code, cookie), refusedEntry);
});

test("a row that claims a longer life than 30 seconds does not get it", async () => {
  const { code, cookie } = await halfway();
  await stand.db.handover.updateMany({ where: { hash: hashSecret(code) }, data: { expiresAt: new Date(Date.now() + 3600_000) } });
  stand.clock.now = new Date(stand.clock.now.getTime() + 31_000);
  assert.deepEqual(await tryEntry("jupyter", code, cookie), refusedEntry);
});

test("a code for one endpoint opens no other, with the right nonce too", async () => {
  const { code, cookie } = await halfway("spark");
  assert.deepEqual(await tryEntry("jupyter", code, cookie), refusedEntry);
});

test("a code of a session that was revoked meanwhile is refused", async () => {
  const { code, cookie, sessionId } = await halfway();
  await stand.db.session.update({ where: { id: sessionId }, data: { revokedAt: new Date() } });
  assert.deepEqual(await tryEntry("jupyter", code, cookie), refusedEntry);
});

test("guessed codes, empty ones and essays are refused", async () => {
  const { cookie } = await stand.begin("jupyter");
  for (const code of [randomSecret(), "", "x", "%00", "a".repeat(3000)]) {
    const { entered } = await stand.enter("jupyter", code, cookie);
    assert.ok(!(entered.headers["set-cookie"] ?? []).some((line) => /session=[^;]/.test(line)), code);
  }
});

test("the code is in no address, and a form from a third site is turned away", async () => {
  const { code, cookie } = await halfway();
  const { posted } = await stand.enter("jupyter", code, cookie);
  assert.ok(!posted.headers.location?.includes(code));
  const foreign = await stand.go("jupyter", {
    method: "POST",
    path: "/.kindling/enter",
    headers: { origin: "http://evil.test", "content-type": "application/x-www-form-urlencoded" },
    body: `code=${code}`,
  });
  assert.equal(foreign.status, 403);
});

test("a login for one endpoint or cluster is worth nothing on another", async () => {
  const { cookie } = await stand.login("spark");
  assert.equal((await stand.go("jupyter", { headers: { cookie } })).status, 401);
  assert.equal((await stand.go("spark", { headers: { cookie } }, "cother")).status, 401);
  assert.deepEqual(reached, []);
});

test("a foreign tenant's person finds nothing, a tenant-mate no notebook, an administrator the pages but not the notebook", async () => {
  const outcome = async (endpoint: string, person: string) => {
    const { cookie } = await stand.login(endpoint, person);
    return (await stand.go(endpoint, { headers: { cookie } })).status;
  };
  assert.equal(await outcome("jupyter", "ueve"), 404);
  assert.equal(await outcome("spark", "ueve"), 404);
  assert.equal(await outcome("jupyter", "ubob"), 404);
  assert.equal(await outcome("spark", "ubob"), 404);
  assert.equal(await outcome("jupyter", "uadm"), 404);
  assert.equal(await outcome("spark", "uadm"), 200);
  assert.equal(await outcome("jupyter", "uann"), 200);
});

test("who leaves the tenant loses the service", async () => {
  const { cookie } = await stand.login("spark", "uadm");
  assert.equal((await stand.go("spark", { headers: { cookie } })).status, 200);
  await stand.db.membership.deleteMany({ where: { userId: "uadm" } });
  await new Promise((resolve) => setTimeout(resolve, 60)); // the stand remembers verdicts for 50 ms
  assert.equal((await stand.go("spark", { headers: { cookie } })).status, 404);
});

for (const [what, change] of [
  ["revoked", { revokedAt: new Date() }],
  ["expired", { expiresAt: new Date(Date.now() - 1000) }],
  ["idle for hours", { lastSeenAt: new Date(Date.now() - 3 * 3600_000) }],
] as const)
  test(`a portal session that is ${what} ends the service's`, async () => {
    const { cookie, sessionId } = await stand.login("jupyter");
    assert.equal((await stand.go("jupyter", { headers: { cookie } })).status, 200);
    await stand.db.session.update({ where: { id: sessionId }, data: change });
    await new Promise((resolve) => setTimeout(resolve, 60)); // the stand remembers verdicts for 50 ms
    assert.equal((await stand.go("jupyter", { headers: { cookie } })).status, 401);
  });

test("an unsafe request counts only from the service's own pages", async () => {
  const { cookie } = await stand.login("jupyter");
  const post = async (headers: Record<string, string>) =>
    (await stand.go("jupyter", { method: "POST", path: "/api/kernels", headers: { cookie, ...headers } })).status;
  assert.equal(await post({ origin: "http://evil.test" }), 403);
  assert.equal(await post({ origin: stand.origin("spark") }), 403);
  assert.equal(await post({ origin: "null" }), 403);
  assert.equal(await post({}), 403);
  assert.equal(await post({ origin: stand.origin("jupyter"), "sec-fetch-site": "cross-site" }), 403);
  assert.deepEqual(reached, []);
  assert.equal(await post({ origin: stand.origin("jupyter") }), 200);
});

test("another site's pictures, frames and scripts reach nothing; its links do", async () => {
  const { cookie } = await stand.login("spark");
  const get = async (headers: Record<string, string>, path = "/") =>
    (await stand.go("spark", { path, headers: { cookie, ...headers } })).status;
  const foreign = { "sec-fetch-site": "cross-site" };
  assert.equal(await get({ ...foreign, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" }), 403);
  assert.equal(await get({ ...foreign, "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" }), 403);
  assert.equal(await get({ "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" }), 403);
  assert.deepEqual(reached, []);
  const link = { ...foreign, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  assert.equal(await get(link), 200);
  assert.equal(await get(link, "/proxy/app-1/stages/stage/kill/?id=1"), 403);
});

test("only the exact host of an endpoint is served", async () => {
  const { cookie } = await stand.login("jupyter");
  const good = stand.hostOf("jupyter");
  const status = async (host: string) => {
    const answer = await stand.go("jupyter", { headers: { host, cookie } });
    return answer.status;
  };
  assert.equal(await status(good), 200);
  assert.equal(await status(good.toUpperCase()), 200);
  for (const host of [
    "portal.test:3000",
    "127.0.0.1:3001",
    "services.test:3001",
    good.replace(":3001", ":3002"),
    good.replace(":3001", ""),
    `${good}.evil.test`,
    `evil.test/${good}`,
    `user@${good}`,
    good.replace(".services", "..services"),
    good.replace("jupyter-", "jupyter-x-"),
    good.replace("jupyter", "root"),
    `-${stand.clusterId}.services.test:3001`,
    good.replace("services.test", "services.test."),
  ]) {
    const code = await status(host);
    assert.ok(code === 404 || code === 401 || code === 400, `${host}: ${code}`);
  }
  assert.equal(reached.length, 2);
});

/** Sends bytes as they are, and returns what comes back first (nothing: the connection was ended). */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(stand.port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\r\n\r\n")) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
}

test("smuggled requests and doubled hosts never reach the service", async () => {
  const { cookie } = await stand.login("jupyter");
  const host = stand.hostOf("jupyter");
  const head = (extra: string, first = "POST /api HTTP/1.1") =>
    `${first}\r\nhost: ${host}\r\ncookie: ${cookie}\r\norigin: ${stand.origin("jupyter")}\r\n${extra}`;
  const attempts = {
    "length and chunked": head("content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n"),
    "two lengths": head("content-length: 1\r\ncontent-length: 30\r\n\r\nx"),
    "odd coding": head("transfer-encoding: xchunked\r\n\r\n0\r\n\r\n"),
    "coding twice": head("transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    "space before colon": head("transfer-encoding : chunked\r\n\r\n0\r\n\r\n"),
    "folded header": head("x-a: b\r\n transfer-encoding: chunked\r\n\r\n"),
    "bare CR": head("x-a: b\rtransfer-encoding: chunked\r\n\r\n"),
    "two hosts": head(`host: ${stand.hostOf("spark")}\r\ncontent-length: 0\r\n\r\n`),
    "absolute address": head("content-length: 0\r\n\r\n", `POST http://${stand.hostOf("spark")}/ HTTP/1.1`),
    "no path": head("content-length: 0\r\n\r\n", "OPTIONS * HTTP/1.1"),
    connect: head("\r\n", "CONNECT 10.35.219.2:22 HTTP/1.1"),
    trace: head("\r\n", "TRACE / HTTP/1.1"),
    "other protocol": head(
      "connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
      "GET / HTTP/1.1",
    ),
    "no host": `GET / HTTP/1.1\r\ncookie: ${cookie}\r\n\r\n`,
  };
  for (const [name, bytes] of Object.entries(attempts)) {
    const answer = await raw(bytes);
    assert.doesNotMatch(answer, /^HTTP\/1\.1 2/, name);
    assert.deepEqual(reached, [], name);
  }
  assert.match(await raw(head("content-length: 0\r\nconnection: close\r\n\r\n")), /^HTTP\/1\.1 200/);
});

test("headers that a client calls hop-by-hop cannot remove the gateway's own", async () => {
  const { cookie } = await stand.login("jupyter");
  const answer = await stand.go("jupyter", {
    headers: { cookie, connection: "authorization, x-forwarded-for, close", "x-forwarded-for": "6.6.6.6" },
  });
  assert.equal(answer.status, 200);
  assert.equal(lastHeaders.authorization, `token ${jupyterSecret}`);
  assert.equal(lastHeaders["x-forwarded-for"], "127.0.0.1");
});

test("the wanted path cannot lead to another site", async () => {
  for (const path of ["//evil.test/", "/\\evil.test/", "/%2f%2fevil.test", "/.//evil.test"]) {
    const first = await stand.go("jupyter", { path, headers: asPage });
    if (first.status === 302) assert.ok(first.headers.location?.startsWith("http://portal.test:3000/go/"), path);
    const { entered } = await stand.login("jupyter", "uann", path);
    const target = new URL(entered.headers.location ?? "", stand.origin("jupyter"));
    assert.equal(target.origin, stand.origin("jupyter"), path);
  }
});

test("a nonce cookie that somebody changed leads nowhere else", async () => {
  const { code, cookie } = await halfway();
  const evil = cookie.replace(/(nonce-[0-9a-f]+=[^.]+)\..*/, `$1.${Buffer.from("//evil.test/").toString("base64url")}`);
  const { entered } = await stand.enter("jupyter", code, evil);
  assert.equal(new URL(entered.headers.location ?? "", stand.origin("jupyter")).origin, stand.origin("jupyter"));
});
