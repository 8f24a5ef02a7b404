import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { freePort } from "../../testing/free-port.ts";
import { checkDirectory } from "./check.ts";
import { createDirectory } from "./directory.ts";
import { person, type Slapd, startSlapd } from "./testing/slapd.ts";
import { problemWords } from "./words.ts";

/** Stands between us and the server, and keeps what it hears. */
async function between(port: number, change: (chunk: Buffer, client: Socket) => Buffer | null) {
  const heard: Buffer[] = [];
  const clients: Socket[] = [];
  const server: Server = createServer((client) => {
    clients.push(client);
    const upstream = connect(port, "127.0.0.1");
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
    client.on("data", (chunk) => {
      heard.push(chunk);
      const passed = change(chunk, client);
      if (passed) upstream.write(passed);
    });
    upstream.on("data", (chunk) => client.write(chunk));
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `ldap://localhost:${own}`,
    heard: () => Buffer.concat(heard),
    close: () => {
      server.close();
      for (const client of clients) client.destroy();
    },
  };
}

const startTlsOid = Buffer.from("1.3.6.1.4.1.1466.20037");
/** An extended response to a request: code 2 refuses, 0 agrees. */
function extended(request: Buffer, code: number): Buffer {
  const length = request[1] ?? 0;
  const id = request[(length & 0x80 ? 2 + (length & 0x7f) : 2) + 2] ?? 0;
  return Buffer.from([0x30, 0x0c, 0x02, 0x01, id, 0x78, 0x07, 0x0a, 0x01, code, 0x04, 0x00, 0x04, 0x00]);
}

describe("servers that fail, and those that stand in between", () => {
  let one: Slapd;
  let two: Slapd;
  before(async () => {
    [one, two] = await Promise.all([startSlapd(person("ann", "right horse")), startSlapd(person("ann", "right horse"), { expired: true })]);
  });
  after(() => Promise.all([one.remove(), two.remove()]));

  it("asks the next server when one is down, and the first again when it is back", async () => {
    const now = { at: 1_000_000 };
    const config = { ...one.plain, servers: [...one.plain.servers, ...two.plain.servers] };
    const directory = createDirectory(config, () => new Date(now.at));
    assert.ok(await directory.authenticate("ann", "right horse"));
    assert.equal(directory.problem(config.servers[0] ?? ""), null);
    await one.stop();
    assert.ok(await directory.authenticate("ann", "right horse"));
    assert.equal(await directory.authenticate("ann", "wrong"), null);
    assert.equal((await directory.look(["ann"])).get("ann")?.state, "here");
    assert.match(problemWords(directory.problem(config.servers[0] ?? "")), /Nothing listens there/);
    await one.start();
    now.at += 31_000;
    assert.ok(await directory.authenticate("ann", "right horse"));
    assert.equal(directory.problem(config.servers[0] ?? ""), null);
  });

  it("waits for a server that says nothing no longer than it was told to", async () => {
    const open: Socket[] = [];
    const silent = createServer((socket) => open.push(socket.on("error", () => undefined))).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    for (const [url, startTls] of [
      [`ldap://127.0.0.1:${port}`, false],
      [`ldap://localhost:${port}`, true],
      [`ldaps://localhost:${port}`, true],
    ] as const) {
      const config = { ...one.plain, ca: one.ca, startTls, servers: [url], timeoutSeconds: 1 };
      await assert.rejects(createDirectory(config).look(["ann"]), (error) => /No answer in time/.test(problemWords(error)));
      // As long as a busy machine may take to answer, too.
      const second = { ...config, servers: [url, `ldaps://localhost:${one.tlsPort}`], startTls: true, timeoutSeconds: 3 };
      if (startTls) assert.ok(await createDirectory(second).authenticate("ann", "right horse"));
    }
    for (const socket of open) socket.destroy();
    silent.close();
  });

  it("says when none answers", async () => {
    const dead = `ldap://127.0.0.1:${await freePort()}`;
    await assert.rejects(createDirectory({ ...one.plain, servers: [dead, dead] }).authenticate("ann", "right horse"), /does not answer/);
  });

  it("does not trust an expired certificate, and goes on to the next server", async () => {
    const expired = `ldaps://localhost:${two.tlsPort}`;
    const config = { ...one.ldaps, ca: `${one.ca}\n${two.ca}`, servers: [expired] };
    await assert.rejects(createDirectory(config).authenticate("ann", "right horse"), /does not answer/);
    const { steps } = await checkDirectory(config, {}, () => new Date());
    assert.deepEqual(
      steps.map(({ id, outcome }) => `${id} ${outcome}`),
      ["connect ok", "tls failed"],
    );
    assert.match(steps[1]?.detail ?? "", /certificate has expired/);
    const started = { ...config, servers: [`ldap://localhost:${two.port}`] };
    await assert.rejects(createDirectory(started).authenticate("ann", "right horse"), /does not answer/);
    assert.ok(
      await createDirectory({ ...config, servers: [expired, `ldaps://localhost:${one.tlsPort}`] }).authenticate("ann", "right horse"),
    );
  });

  const secrets = /right horse|searching|uid=ann|cn=search/;
  it("sends nothing when StartTLS was stripped: refused by whoever is in between", async () => {
    const thief = await between(one.port, (chunk, client) => {
      if (!chunk.includes(startTlsOid)) return chunk;
      client.write(extended(chunk, 2));
      return null;
    });
    const config = { ...one.startTls, servers: [thief.url] };
    await assert.rejects(createDirectory(config).authenticate("ann", "right horse"), /does not answer/);
    const { steps } = await checkDirectory(config, { username: "ann", password: "right horse" }, () => new Date());
    assert.match(steps.at(-1)?.detail ?? "", /refuses StartTLS .* nothing was sent/);
    assert.doesNotMatch(thief.heard().toString("latin1"), secrets);
    thief.close();
  });

  it("sends nothing when somebody agrees to StartTLS and goes on in the clear", async () => {
    const thief = await between(one.port, (chunk, client) => {
      if (chunk.includes(startTlsOid)) client.write(extended(chunk, 0));
      return null;
    });
    const config = { ...one.startTls, servers: [thief.url], timeoutSeconds: 1 };
    await assert.rejects(createDirectory(config).authenticate("ann", "right horse"), /does not answer/);
    assert.doesNotMatch(thief.heard().toString("latin1"), secrets);
    thief.close();
  });

  it("does not begin again in the clear on a connection that was cut after StartTLS", async () => {
    let connections = 0;
    const thief = await between(one.port, (chunk, client) => {
      if (chunk.includes(startTlsOid)) {
        connections += 1;
        // Cut once the encrypted part has begun: a client that reconnects by itself would now bind in the clear.
        setTimeout(() => client.destroy(), 60);
      }
      return chunk;
    });
    const config = { ...one.startTls, servers: [thief.url] };
    const directory = createDirectory(config);
    await Promise.allSettled(Array.from({ length: 12 }, () => directory.authenticate("ann", "right horse")));
    assert.ok(connections > 0);
    assert.doesNotMatch(thief.heard().toString("latin1"), secrets);
    thief.close();
  });
});
