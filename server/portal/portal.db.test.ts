import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import superjson from "superjson";
import { WebSocket } from "ws";
import { z } from "zod";
import { notify, poolConfig } from "../db.ts";
import { type Stand, startStand } from "./testing/stand.ts";

const Answer = z.object({
  result: z.object({ data: z.unknown() }).optional(),
  error: z.object({ json: z.object({ message: z.string(), data: z.object({ kind: z.string() }) }) }).optional(),
});

describe("a portal behind a proxy", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand({ KINDLING_TRUSTED_PROXIES: "127.0.0.0/8,::1" });
  });
  after(() => stand.stop());

  it("writes down and limits whom the proxy saw, and nothing that they claim to be", async () => {
    const sign = async (password: string, forwarded: string): Promise<number> => {
      const input = { username: "dana", password, name: `from ${forwarded}`.slice(0, 40), days: 1 };
      const { status } = await fetch(`${stand.url}/api/trpc/auth.token`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-forwarded-for": forwarded },
        body: JSON.stringify(superjson.serialize(input)),
      });
      return status;
    };
    // However slow this machine is: the wait doubles, and soon is longer than an attempt takes.
    let status = 0;
    for (let i = 0; status !== 429 && i < 20; i += 1) status = await sign("wrong", `203.0.113.${i}, 198.51.100.7`);
    assert.equal(status, 429);
    assert.equal(await sign(stand.password("dana"), "198.51.100.8"), 200);
    assert.deepEqual(
      (await stand.db.session.findMany()).map(({ ip }) => ip),
      ["198.51.100.8"],
    );
    const refused = await stand.db.audit.findMany({ where: { action: "session.open", outcome: "refused" } });
    assert.deepEqual([...new Set(refused.map(({ ip }) => ip))], ["198.51.100.7"]);
  });
});

describe("the portal's server", () => {
  let stand: Stand;
  let port: string;
  before(async () => {
    stand = await startStand();
    port = new URL(stand.url).port;
  });
  after(() => stand.stop());

  // Node does not send a Host of one's choice by fetch; requests go to the address, under the name of `host`.
  const ask = async (path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) => {
    const { host, ...headers } = { host: `localhost:${port}`, ...init.headers };
    const sent = request({ host: "127.0.0.1", port, path, method: init.method ?? "GET", headers: { host, ...headers } });
    sent.end(init.body);
    const [answer] = await once(sent, "response");
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    return { status: Number(answer.statusCode), text, headers: new Map<string, unknown>(Object.entries(answer.headers)) };
  };
  const create = (name: string, headers: Record<string, string>) =>
    ask("/api/trpc/clusters.create", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(superjson.serialize({ tenant: "analytics", name })),
    });
  const query = (path: string, input: unknown = undefined) =>
    `/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(superjson.serialize(input)))}`;

  const dial = (headers: Record<string, string>) =>
    new WebSocket(`ws://127.0.0.1:${port}/api/ws`, { headers: { host: `localhost:${port}`, ...headers } });
  /** Subscribes and resolves once the platform said that it began. */
  const listen = async (headers: Record<string, string>, tenant: string) => {
    const socket = dial(headers);
    await once(socket, "open");
    const messages: string[] = [];
    const waiting: (() => void)[] = [];
    socket.on("message", (data: Buffer) => {
      messages.push(data.toString());
      for (const wake of waiting.splice(0)) wake();
    });
    const until = async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const found = messages.find((message) => pattern.test(message));
        if (found) return found;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    };
    const params = { path: "clusters.changed", input: superjson.serialize({ tenant }) };
    socket.send(JSON.stringify({ id: 1, method: "subscription", params }));
    return { socket, until, messages };
  };

  it("says how it is", async () => {
    const { status, text } = await ask("/api/health");
    assert.deepEqual([status, text], [200, '{"portal":true,"database":true}']);
  });

  it("answers under its own names only", async () => {
    for (const host of ["evil.example", "evil.example:3000", "localhost.evil.example", "10.0.0.1"])
      assert.equal((await ask("/api/health", { headers: { host } })).status, 421, host);
    for (const host of ["localhost", "127.0.0.1:9999", `localhost:${port}`])
      assert.equal((await ask("/api/health", { headers: { host } })).status, 200, host);
  });

  it("knows the person by cookie and by token, and nobody by anything else", async () => {
    const { cookie } = await stand.session("dana");
    const token = await stand.token("dana");
    assert.match((await ask(query("me.get"), { headers: { cookie } })).text, /"username":"dana"/);
    assert.match((await ask(query("me.get"), { headers: { authorization: `Bearer ${token}` } })).text, /"username":"dana"/);
    const [name, value = ""] = cookie.split("=");
    const strangers: Record<string, string>[] = [
      {},
      { cookie: `${name}=${value.slice(0, -4)}AAAA` },
      { cookie: `other=${value}` },
      { authorization: "Bearer kdl_no" },
      { authorization: `Bearer ${token}x`, cookie },
      { authorization: `Basic ${token}` },
    ];
    for (const headers of strangers) {
      const { status, text } = await ask(query("me.get"), { headers });
      assert.equal(status, 401);
      assert.equal(Answer.parse(JSON.parse(text)).error?.json.data.kind, "not_signed_in");
    }
  });

  it("lets a cookie change something only from its own pages", async () => {
    const { cookie } = await stand.session("dana");
    const elsewhere: Record<string, string>[] = [
      { origin: "http://evil.example" },
      { origin: "null" },
      { origin: `http://jupyter-c1.localhost:${port}` },
      { origin: "http://localhost:1" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      {},
    ];
    for (const headers of elsewhere) assert.equal((await create("nothing", { cookie, ...headers })).status, 403, JSON.stringify(headers));
    assert.equal(await stand.db.cluster.count(), 0);
    assert.equal((await create("own", { cookie, origin: `http://localhost:${port}` })).status, 200);
    assert.equal((await create("tunnel", { cookie, origin: "http://localhost:8443", host: "localhost:8443" })).status, 200);
    assert.equal((await create("token", { authorization: `Bearer ${await stand.token("dana")}` })).status, 200);
    assert.equal(await stand.db.cluster.count(), 3);
  });

  it("sets what keeps other sites out on every answer", async () => {
    for (const path of ["/api/health", query("me.get"), "/nowhere"]) {
      const { headers } = await ask(path);
      assert.equal(headers.get("x-frame-options"), "DENY", path);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
      assert.equal(headers.get("access-control-allow-origin"), undefined);
    }
  });

  it("refuses bodies beyond all reason and inputs that are none", async () => {
    const authorization = `Bearer ${await stand.token("dana")}`;
    const send = (body: string) =>
      ask("/api/trpc/clusters.create", { method: "POST", headers: { authorization, "content-type": "application/json" }, body });
    assert.equal((await send("x".repeat(300_000))).status, 413);
    for (const body of ["", "{", "null", "[]", '{"json":{"tenant":"../x","name":"a"}}', '{"json":{"__proto__":{"a":1}}}'])
      assert.equal((await send(body)).status, 400, body);
    assert.equal((await ask("/api/trpc/nothing.here", { headers: { authorization } })).status, 404);
  });

  it("refuses a batch beyond what a page sends, before any of it is done", async () => {
    const authorization = `Bearer ${await stand.token("dana")}`;
    const batch = async (count: number): Promise<number> =>
      (
        await ask(`/api/trpc/${Array.from({ length: count }, () => "me.get").join(",")}?batch=1&input=%7B%7D`, {
          headers: { authorization },
        })
      ).status;
    assert.deepEqual([await batch(20), await batch(21)], [200, 400]);
    const many = Array.from({ length: 21 }, (_, i) => [i, superjson.serialize({ tenant: "analytics", name: `batch-${i}` })]);
    const before = await stand.db.cluster.count();
    const { status, text } = await ask(`/api/trpc/${many.map(() => "clusters.create").join(",")}?batch=1`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(Object.fromEntries(many)),
    });
    assert.deepEqual([status, await stand.db.cluster.count()], [400, before], text);
  });

  it("hands the notebooks to the owner alone", async () => {
    const { id } = await (await stand.as("dana")).clusters.create({ tenant: "analytics", name: "books" });
    const { id: hostId } = await stand.db.host.findFirstOrThrow();
    await stand.db.volume.create({
      data: { id: "vbooks", tenantId: stand.tenantId("analytics"), hostId, name: "kindling-1", sizeMb: 64, state: "attached" },
    });
    const size = { vcpus: 1, memoryMb: 2048, rootGb: 20, dataMb: 64, imageTag: "kindling/spark:test" };
    await stand.db.node.create({
      data: { id: "nbooks", clusterId: id, hostId, number: 1, name: "kindling-1", role: "master", volumeId: "vbooks", ...size },
    });
    const path = `/api/clusters/${id}/notebooks.tar`;
    const got = await ask(path, { headers: { cookie: (await stand.session("dana")).cookie } });
    assert.deepEqual(
      [got.status, got.text, got.headers.get("content-disposition")],
      [200, "tar", 'attachment; filename="books-notebooks.tar"'],
    );
    assert.deepEqual(stand.asked.at(-1), ["archive", `unix:${stand.env.KINDLING_RUN}/agent`, "vbooks"]);
    for (const person of ["tina", "rhea", "sam"] as const)
      assert.equal((await ask(path, { headers: { cookie: (await stand.session(person)).cookie } })).status, 404, person);
    assert.equal((await ask(path)).status, 401);
    assert.equal(
      (await ask("/api/clusters/..%2f/notebooks.tar", { headers: { authorization: `Bearer ${await stand.token("dana")}` } })).status,
      404,
    );
  });

  it("hands out two at a time to one person, none in a suspended tenant, and stops when they may no longer", async () => {
    const { id: clusterId } = await stand.db.cluster.findFirstOrThrow({ where: { name: "books" } });
    const path = `/api/clusters/${clusterId}/notebooks.tar`;
    const { id, cookie } = await stand.session("dana");
    await stand.db.tenant.update({ where: { slug: "analytics" }, data: { state: "suspended", stateReason: "A leak is looked for." } });
    const shut = await ask(path, { headers: { cookie } });
    assert.equal(shut.status, 403);
    assert.match(shut.text, /A leak is looked for/);
    await stand.db.tenant.update({ where: { slug: "analytics" }, data: { state: "active", stateReason: null } });

    const { hostId } = await stand.db.volume.findUniqueOrThrow({ where: { id: "vbooks" } });
    await stand.db.volume.create({
      data: { id: "vendless", tenantId: stand.tenantId("analytics"), hostId, name: "kindling-9", sizeMb: 64, state: "attached" },
    });
    await stand.db.node.update({ where: { id: "nbooks" }, data: { volumeId: "vendless" } });
    const start = async (): Promise<IncomingMessage> => {
      const [answer] = await once(
        request({ host: "127.0.0.1", port, path, headers: { host: `localhost:${port}`, cookie } }).end(),
        "response",
      );
      return answer;
    };
    const going = [await start(), await start()];
    assert.deepEqual(
      going.map(({ statusCode }) => statusCode),
      [200, 200],
    );
    const third = await ask(path, { headers: { cookie } });
    assert.deepEqual([third.status, /2 downloads going, the most at a time/.test(third.text)], [409, true]);
    const cut = Promise.all(going.map((answer) => once(answer.resume(), "error")));
    await (await stand.as("dana")).me.revokeSession({ id });
    for (const [error] of await cut) assert.equal(error.code, "ECONNRESET");
    await stand.db.node.update({ where: { id: "nbooks" }, data: { volumeId: "vbooks" } });
    assert.equal(
      (await ask(path, { headers: { cookie: (await stand.session("dana")).cookie } })).status,
      200,
      "and they may begin another",
    );
  });

  describe("the socket", () => {
    const refusal = async (headers: Record<string, string>): Promise<number> => {
      const socket = dial(headers);
      socket.on("error", () => {});
      const [, response] = await once(socket, "unexpected-response");
      return Number(response.statusCode);
    };
    const own = { origin: "" };
    before(() => {
      own.origin = `http://localhost:${port}`;
    });
    it("opens for the portal's own pages and for tokens only", async () => {
      const { cookie } = await stand.session("dana");
      assert.equal(await refusal({ ...own }), 401);
      assert.equal(await refusal({ cookie }), 403);
      assert.equal(await refusal({ cookie, origin: "http://evil.example" }), 403);
      assert.equal(await refusal({ cookie, origin: `http://spark-c1.localhost:${port}` }), 403);
      assert.equal(await refusal({ cookie, origin: `http://evil.example`, host: "evil.example" }), 403);
      const socket = dial({ authorization: `Bearer ${await stand.token("dana")}` });
      await once(socket, "open");
      socket.close();
    });

    it("says which of the tenant's clusters changed, and nothing of others", async () => {
      const { cookie } = await stand.session("dana");
      const { socket, until, messages } = await listen({ cookie, ...own }, "analytics");
      await until(/"started"/);
      const foreign = await (await stand.as("rhea")).clusters.create({ tenant: "research", name: "foreign" });
      const mine = await (await stand.as("dana")).clusters.create({ tenant: "analytics", name: "mine" });
      await until(new RegExp(mine.id));
      await notify(stand.db, "observed", mine.id);
      assert.ok(!messages.some((message) => message.includes(foreign.id)));
      socket.close();
    });

    it("takes nothing but subscriptions: who asks or changes something is looked at anew each time", async () => {
      const { cookie } = await stand.session("dana");
      const { socket, until } = await listen({ cookie, ...own }, "analytics");
      await until(/"started"/);
      const input = superjson.serialize({ tenant: "analytics", name: "by-socket" });
      socket.send(JSON.stringify({ id: 2, method: "mutation", params: { path: "clusters.create", input } }));
      assert.match(await until(/"id":2/), /A socket is for subscriptions/);
      socket.send(JSON.stringify({ id: 3, method: "query", params: { path: "me.get", input: superjson.serialize(undefined) } }));
      assert.match(await until(/"id":3/), /A socket is for subscriptions/);
      assert.equal(await stand.db.cluster.count({ where: { name: "by-socket" } }), 0);
      socket.close();
    });

    it("cuts off whoever does not answer the farewell", { timeout: 15_000 }, async () => {
      const { id, cookie } = await stand.session("dana");
      const { socket, until } = await listen({ cookie, ...own }, "analytics");
      await until(/"started"/);
      // As a program that hears nothing: no frame is answered any more.
      socket.pause();
      const closed = once(socket, "close");
      await (await stand.as("dana")).me.revokeSession({ id });
      const sender = setInterval(() => socket.ping(() => undefined), 100);
      await closed.finally(() => clearInterval(sender));
    });

    it("refuses another tenant's changes", async () => {
      const { cookie } = await stand.session("rhea");
      const { socket, until } = await listen({ cookie, ...own }, "analytics");
      assert.match(await until(/"error"/), /"kind":"not_found"/);
      socket.close();
    });

    it("does not outlive the rights that it was opened with", async () => {
      const { cookie } = await stand.session("tina");
      const { socket, until } = await listen({ cookie, ...own }, "analytics");
      await until(/"started"/);
      const closed = once(socket, "close");
      await stand.db.membership.updateMany({ where: { userId: "utina" }, data: { role: "member" } });
      assert.equal((await closed)[0], 1012);
    });

    it("is refused to a session or a person that has very many, with the reason, and to nobody else", async () => {
      const opened: WebSocket[] = [];
      /** "open" once it has answered a question, else the code and reason that it was closed with. */
      const attempt = async (headers: Record<string, string>): Promise<string> => {
        const socket = dial(headers);
        opened.push(socket);
        await once(socket, "open");
        const answered = once(socket, "message").then(() => "open");
        const closed = once(socket, "close").then(([code, reason]) => `${code} ${reason}`);
        socket.send(JSON.stringify({ id: 1, method: "query", params: { path: "me.get", input: superjson.serialize(undefined) } }));
        return Promise.race([answered, closed]);
      };
      try {
        const sessions = await Promise.all([1, 2, 3, 4].map(async () => ({ cookie: (await stand.session("sam")).cookie, ...own })));
        const [first = own, second = own, third = own, fourth = own] = sessions;
        for (const session of [first, second, third]) for (let n = 0; n < 20; n += 1) assert.equal(await attempt(session), "open");
        assert.match(await attempt(first), /^4429 .*20 connections.*Close some/);
        assert.match(await attempt(fourth), /^4429 .*60 connections.*Close some/);
        // Whoever is refused and answers with what is no message ends their own connection, and not the portal.
        const upgrade = {
          connection: "upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": `${"a".repeat(22)}==`,
        };
        const sent = request({ port, path: "/api/ws", headers: { host: `localhost:${port}`, ...first, ...upgrade } });
        sent.end();
        const [, raw] = await once(sent, "upgrade");
        raw.on("error", () => undefined).resume();
        raw.write(Buffer.alloc(16, 255));
        await once(raw, "close");
        assert.equal(await attempt({ cookie: (await stand.session("dana")).cookie, ...own }), "open");
        const gone = opened.slice(0, 1).map((socket) => once(socket, "close"));
        opened[0]?.close();
        await Promise.all(gone);
        // The server hears of the end a moment later.
        let again = "";
        for (let tries = 0; again !== "open" && tries < 100; tries += 1) again = await attempt(fourth);
        assert.equal(again, "open");
      } finally {
        for (const socket of opened) socket.terminate();
      }
    });

    it("closes when its session or token is revoked", async () => {
      const { id, cookie } = await stand.session("dana");
      const { socket } = await listen({ cookie, ...own }, "analytics");
      const other = await listen({ cookie: (await stand.session("dana")).cookie, ...own }, "analytics");
      const closed = once(socket, "close");
      await (await stand.as("dana")).me.revokeSession({ id });
      assert.equal((await closed)[0], 4401);
      assert.equal(other.socket.readyState, WebSocket.OPEN);
      other.socket.close();

      const secret = await stand.token("dana");
      const byToken = await listen({ authorization: `Bearer ${secret}` }, "analytics");
      const ended = once(byToken.socket, "close");
      await stand.db.token.updateMany({ data: { revokedAt: new Date() } });
      assert.equal((await ended)[0], 4401);
    });

    it("stays open when it comes while the others are being checked", async () => {
      const { socket: first } = await listen({ cookie: (await stand.session("dana")).cookie, ...own }, "analytics");
      const { cookie } = await stand.session("dana");
      /** Does `work` while a check of the open sockets has begun and cannot end. */
      const duringCheck = <T>(work: () => Promise<T>): Promise<T> =>
        stand.db.$transaction(async (tx) => {
          await tx.$executeRaw`LOCK TABLE "Token" IN ACCESS EXCLUSIVE MODE`;
          for (let waiting = 0n; waiting === 0n; ) {
            const [row] = await tx.$queryRaw<{ waiting: bigint }[]>`
              SELECT count(*) AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
            waiting = row?.waiting ?? 0n;
          }
          return await work();
        });
      const { socket: second } = await duringCheck(() => listen({ cookie, ...own }, "analytics"));
      // The next check has begun, so that one is over.
      await duringCheck(async () => undefined);
      assert.deepEqual([first.readyState, second.readyState], [WebSocket.OPEN, WebSocket.OPEN]);
      first.close();
      second.close();
    });
  });

  it("lives through the loss of all its connections to the database", async () => {
    const { cookie } = await stand.session("dana");
    const { socket, until } = await listen({ cookie, origin: `http://localhost:${port}` }, "analytics");
    await until(/"started"/);
    const client = new pg.Client({ ...poolConfig(stand.env.DATABASE_URL ?? ""), database: "postgres" });
    await client.connect();
    const { pathname } = new URL(stand.env.DATABASE_URL ?? "");
    await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [pathname.slice(1)]);
    await client.end();
    // The first questions may meet connections that are gone; they say so in words, and the next are answered.
    for (;;) {
      const { status, text } = await ask(query("me.get"), { headers: { cookie } });
      if (status === 200) break;
      assert.match(text, /database does not answer just now/);
    }
    // What was announced meanwhile is lost, so whoever listens is told to look at everything again.
    await until(/"cluster"/);
    socket.close();
  });
});
