import assert from "node:assert/strict";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import { dataFrames, endFrame, type Frame, FrameReader, frameKinds, type TerminalEnd } from "../../agents/protocol/terminal.ts";
import { asPage, gatewayStand, type Stand } from "./testing/stand.ts";

const endpoint = "terminal-1";
let stand: Stand;
/** The terminals that the agent opened: their streams, what came on them. */
let opened: { stream: Duplex; size: string; node: string; frames: Frame[] }[] = [];

before(async () => {
  stand = await gatewayStand((_request, response) => response.writeHead(500).end("no service is asked"));
});
after(() => stand.close());
beforeEach(() => {
  opened = [];
  stand.agent.shell = (stream, { node, columns, rows }) => {
    const reader = new FrameReader();
    const one = { stream, node, size: `${columns}x${rows}`, frames: [] as Frame[] };
    opened.push(one);
    stream.on("data", (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) {
        one.frames.push(frame);
        // What is typed is shown.
        if (frame.kind === frameKinds.data) stream.write(dataFrames(frame.payload));
      }
    });
    stream.write(dataFrames(Buffer.from("spark@kindling-1:~$ ")));
  };
});

interface Told {
  socket: WebSocket;
  /** What the terminal shows, as soon as it holds this. */
  shows(text: string): Promise<void>;
  /** Why it ended. */
  end: Promise<string>;
}

function connect(
  cookie: string,
  { path = "/socket?columns=100&rows=30", headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Told {
  const socket = new WebSocket(`ws://127.0.0.1:${stand.port}${path}`, {
    headers: { host: stand.hostOf(endpoint), cookie, origin: stand.origin(endpoint), ...headers },
  });
  let shown = "";
  const end = new Promise<string>((resolve) => {
    socket.on("message", (data, binary) => {
      if (binary) shown += String(data);
      else resolve(JSON.parse(String(data)).end);
    });
  });
  const shows = async (text: string): Promise<void> => {
    while (!shown.includes(text)) await once(socket, "message");
  };
  return { socket, shows, end };
}

/** The status with which an upgrade was declined. */
async function declined({ socket }: Told): Promise<number> {
  socket.on("error", () => {});
  const [, answer] = await once(socket, "unexpected-response");
  socket.terminate();
  return answer.statusCode;
}

async function ready(): Promise<Told & { stream: Duplex; sessionId: string }> {
  const { cookie, sessionId } = await stand.login(endpoint);
  const told = connect(cookie);
  await told.shows("$ ");
  const stream = opened.at(-1)?.stream;
  assert.ok(stream);
  return { ...told, stream, sessionId };
}

/** That the shell is left at once, and the browser told why. */
async function isCut({ socket, stream, end }: Awaited<ReturnType<typeof ready>>, how: () => Promise<unknown>): Promise<string> {
  const closed = Promise.all([once(socket, "close"), once(stream, "close")]);
  await how();
  await closed;
  return end;
}

test("the page has the node's name, no script in it, and may speak to its own origin only", async () => {
  const { cookie, entered, sessionId } = await stand.login(endpoint);
  assert.equal(entered.headers.location, "/");
  const page = await stand.go(endpoint, { headers: { ...asPage, cookie } });
  assert.equal(page.status, 200);
  assert.match(page.body, /<title>kindling-1 · flights<\/title>/);
  assert.doesNotMatch(page.body, /<script(?![^>]* src=)|<style|\son\w+=|style=/);
  const policy = String(page.headers["content-security-policy"]);
  assert.match(policy, /default-src 'none'; script-src 'self';/);
  assert.ok(policy.includes(`connect-src 'self' ${stand.origin(endpoint).replace("http", "ws")};`));
  assert.match(policy, /frame-ancestors 'none'/);
  const files = [...page.body.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, path]) => path ?? "");
  assert.equal(files.length, 4);
  for (const path of files) {
    const file = await stand.go(endpoint, { path, headers: { cookie } });
    assert.equal(file.status, 200, path);
    assert.match(String(file.headers["content-type"]), path.includes(".js") ? /javascript/ : /css|svg/);
    if (!path.includes(".js")) continue;
    // The script is JavaScript, and what it imports is there.
    const imports = [...file.body.matchAll(/from "\.(\/[^"]+)"/g)].map(([, one]) => one ?? "");
    assert.equal(imports.length, 2);
    assert.doesNotThrow(() => new Function(file.body.replaceAll(/^import .*$/gm, "")));
    for (const one of imports)
      assert.match(String((await stand.go(endpoint, { path: one, headers: { cookie } })).headers["content-type"]), /javascript/);
  }
  // Asked now and then while somebody types: it counts as use of the sign-in.
  const before = new Date(Date.now() - 3_600_000);
  await stand.db.session.update({ where: { id: sessionId }, data: { lastSeenAt: before } });
  // Longer than a verdict is remembered here.
  await delay(100);
  assert.equal((await stand.go(endpoint, { path: "/state", headers: { cookie } })).status, 200);
  assert.ok((await stand.db.session.findUniqueOrThrow({ where: { id: sessionId } })).lastSeenAt > before);
  for (const path of ["/lab", "/__proto__", "/socket"])
    assert.equal((await stand.go(endpoint, { path, headers: { cookie } })).status, 404, path);
  const changes = { method: "POST", headers: { cookie, origin: stand.origin(endpoint) } };
  assert.equal((await stand.go(endpoint, changes)).status, 400);
});

test("what is typed reaches the node's shell with the window's size, what it shows the browser, and its end in words", async () => {
  const { socket, shows, stream, end } = await ready();
  assert.deepEqual(
    opened.map(({ node, size }) => [node, size]),
    [[stand.nodeId, "100x30"]],
  );
  socket.send(JSON.stringify({ resize: { columns: 132, rows: 43 } }));
  socket.send(Buffer.from("echo ü\n"));
  await shows("echo ü");
  assert.deepEqual(
    opened[0]?.frames.map(({ kind, payload }) => [kind, payload.toString("utf8")]),
    [
      [frameKinds.resize, JSON.stringify({ columns: 132, rows: 43 })],
      [frameKinds.data, "echo ü\n"],
    ],
  );
  const closed = once(socket, "close");
  stream.end(endFrame({ why: "exited", code: 2 }));
  assert.equal(await end, "The shell has ended with code 2.");
  await closed;
});

for (const [end, words] of [
  [{ why: "exited", code: 0 }, /^The shell has ended\.$/],
  [{ why: "stopped", code: null }, /^kindling-1 has stopped/],
  [{ why: "failed", code: null }, /lost the terminal/],
  [null, /connection to the host of kindling-1 broke/],
] as const satisfies [TerminalEnd | null, RegExp][])
  test(`an end is told: ${end?.why ?? "cut"} ${end?.code ?? ""}`, async () => {
    const { socket, stream, end: told } = await ready();
    const closed = once(socket, "close");
    if (end) stream.end(endFrame(end));
    else stream.destroy();
    assert.match(await told, words);
    await closed;
  });

test("a browser that leaves leaves no shell behind", async () => {
  const { socket, stream } = await ready();
  const gone = once(stream, "close");
  socket.terminate();
  await gone;
  const orderly = await ready();
  const left = once(orderly.stream, "close");
  orderly.socket.close();
  await left;
});

test("what the host refuses is told in its words, and a host that does not answer in ours", async () => {
  const { cookie } = await stand.login(endpoint);
  stand.agent.shell = "This node has 8 terminals open.";
  assert.equal(await connect(cookie).end, "This node has 8 terminals open.");
  const { id, endpoint: at } = await stand.db.host.findFirstOrThrow();
  await stand.db.host.update({ where: { id }, data: { endpoint: "unix:/run/nowhere" } });
  try {
    assert.match(await connect((await stand.login(endpoint)).cookie).end, /The host that runs flights does not answer/);
  } finally {
    await stand.db.host.update({ where: { id }, data: { endpoint: at } });
  }
});

test("no shell for another origin, for nobody, for another login, elsewhere than at the socket, or for what is no message", async () => {
  const { cookie } = await stand.login(endpoint);
  for (const origin of ["http://evil.test", stand.origin("jupyter"), stand.origin("terminal-2"), "null"])
    assert.equal(await declined(connect(cookie, { headers: { origin } })), 403, origin);
  assert.equal(await declined(connect("")), 401);
  assert.equal(await declined(connect((await stand.login("jupyter")).cookie)), 401);
  assert.equal(await declined(connect(cookie, { path: "/" })), 404);
  assert.equal(opened.length, 0);
  // A size that is none is the usual one.
  const { socket, shows } = connect(cookie, { path: "/socket?columns=0&rows=x" });
  await shows("$ ");
  assert.equal(opened[0]?.size, "80x24");
  const closed = once(socket, "close");
  socket.send(JSON.stringify({ resize: { columns: 100_000, rows: 1 } }));
  assert.equal((await closed)[0], 1007);
});

test("ending the portal's session cuts an open terminal and says so", async () => {
  const one = await ready();
  const other = await ready();
  const why = await isCut(one, () => stand.db.session.update({ where: { id: one.sessionId }, data: { revokedAt: new Date() } }));
  assert.match(why, /your sign-in to it or your right to the cluster has ended/);
  other.socket.send(Buffer.from("still here"));
  await other.shows("still here");
  other.socket.terminate();
});

test("losing the right to the cluster cuts it, and so does the tenant's suspension and the node's removal", async () => {
  const cluster = { where: { id: stand.clusterId } };
  await isCut(await ready(), () => stand.db.cluster.update({ ...cluster, data: { ownerId: "ubob" } }));
  await stand.db.cluster.update({ ...cluster, data: { ownerId: "uann" } });
  const tenant = { where: { slug: "acme" } };
  await isCut(await ready(), () => stand.db.tenant.update({ ...tenant, data: { state: "suspended", stateReason: "unpaid" } }));
  await stand.db.tenant.update({ ...tenant, data: { state: "active", stateReason: null } });
  const node = { where: { id: stand.nodeId } };
  await isCut(await ready(), () => stand.db.node.update({ ...node, data: { removing: true } }));
  await stand.db.node.update({ ...node, data: { removing: false } });
});

test("a browser that reads slowly makes the shell wait, and misses nothing", async () => {
  const { socket, shows, stream } = await ready();
  socket.pause();
  const whole = 48 * 1024 * 1024;
  const chunk = dataFrames(Buffer.alloc(64 * 1024, "x"));
  let written = 0;
  const writing = (async () => {
    for (; written < whole; written += 64 * 1024) if (!stream.write(chunk)) await once(stream, "drain");
  })();
  // Until nothing moves any more.
  for (let last = -1; last !== written; await delay(300)) last = written;
  assert.ok(written < whole / 2, `${written} bytes were taken from the shell while nobody read`);
  let read = 0;
  socket.on("message", (data: Buffer) => {
    read += data.length;
  });
  socket.resume();
  await writing;
  stream.write(dataFrames(Buffer.from("the end")));
  await shows("the end");
  assert.equal(read, whole + "the end".length);
  socket.terminate();
});
