import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, mock } from "node:test";
import { connect, type PeerCertificate } from "node:tls";
import { makeKey } from "../../agents/identity/key.ts";
import { makeRequest } from "../../agents/identity/request.ts";
import { type Ca, makeCa, openCa } from "../authority/ca.ts";
import { type Env, readEnv } from "../env.ts";
import type { Channel } from "../hosts/credentials.ts";
import type { Pair } from "../tls/check.ts";
import { WebRequest } from "../tls/messages.ts";
import { askForPair, webServer } from "../tls/serve.ts";
import { TlsDesk } from "./tls.ts";

const day = 86_400_000;

/** A part and its launcher on one channel. */
function line() {
  const toLauncher: ((message: unknown) => void)[] = [];
  const toPart: ((message: unknown) => void)[] = [];
  return {
    part: {
      send: (message: object) => {
        for (const hear of toPart) hear(message);
        return true;
      },
      hear: (listener: (message: unknown) => void) => void toLauncher.push(listener),
    },
    channel: {
      send: (message) => {
        for (const hear of toLauncher) hear(message);
      },
      on: (_event, listener) => void toPart.push(listener),
      off: () => undefined,
    } satisfies Channel,
  };
}

describe("what portal and gateway serve with", () => {
  let folder: string;
  let ca: Ca;
  let env: Env;
  const files = { certificate: "", key: "" };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kindling-tls-"));
    const key = makeKey();
    ca = await openCa(key, await makeCa(key, "itest1", new Date()));
    Object.assign(files, { certificate: join(folder, "site.pem"), key: join(folder, "site.key") });
    env = readEnv({
      ...{ KINDLING_TLS_CERT: files.certificate, KINDLING_TLS_KEY: files.key },
      ...{ KINDLING_PUBLIC_URL: "https://spark.example.com", KINDLING_SERVICES_URL: "https://*.svc.example.com" },
    });
  });
  after(() => rm(folder, { recursive: true }));

  const names = ["spark.example.com", "*.svc.example.com"];
  const pairFor = async (of: string[], days = 30): Promise<Pair> => {
    const key = makeKey();
    return { key, certificate: await ca.issue(await makeRequest(key), { uri: of, use: "server", lifetimeMs: days * day }, new Date()) };
  };
  const put = async ({ certificate, key }: Pair): Promise<void> => {
    for (const [file, text] of [
      [files.certificate, certificate],
      [files.key, key],
    ] as const) {
      await writeFile(`${file}.new`, text);
      await rename(`${file}.new`, file);
    }
  };
  const shown = async (port: number, trusted = ca.certificate): Promise<PeerCertificate> => {
    const socket = connect({ port, host: "127.0.0.1", servername: "spark.example.com", ca: trusted });
    await once(socket, "secureConnect");
    const certificate = socket.getPeerCertificate();
    socket.destroy();
    return certificate;
  };

  it("is nothing where TLS is not set, and refused before anything starts where a file is wrong", async () => {
    assert.equal(await TlsDesk.open(readEnv({})), null);
    await assert.rejects(TlsDesk.open(env), /KINDLING_TLS_CERT: .*site\.pem cannot be read \(ENOENT\)/);
    await put(await pairFor(["spark.example.com"]));
    await assert.rejects(TlsDesk.open(env), /KINDLING_TLS_CERT \(.*site\.pem\): the certificate does not cover \*\.svc\.example\.com/);
    await put({ ...(await pairFor(names)), key: makeKey() });
    await assert.rejects(TlsDesk.open(env), /the key does not belong/);
    await put(await pairFor(names, -1));
    await assert.rejects(TlsDesk.open(env), /the certificate ended on/);
  });

  it("is the site's, the next one as soon as its files change, and the former while they are wrong", async () => {
    const [first, second] = [await pairFor(names), await pairFor(names)];
    await put(first);
    mock.timers.enable({ apis: ["setInterval"] });
    const desk = await TlsDesk.open(env);
    assert.ok(desk);
    const { part, channel } = line();
    desk.serve(part, "portal");
    const tls = await askForPair(channel);
    assert.deepEqual(tls.pair, first);
    const server = webServer(tls.pair, {}, (_request, response) => void response.end("hello"));
    tls.follow(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const was = (await shown(port)).serialNumber;
    /** What the desk says after it has looked at its files, or null when it says nothing. */
    const heard: unknown[] = [];
    channel.on("message", (message) => heard.push(message));
    const look = async (until: () => boolean): Promise<void> => {
      while (!until()) {
        mock.timers.tick(10_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    try {
      // Half of a change: a certificate whose key is not there yet. Then the whole.
      await writeFile(files.certificate, second.certificate);
      for (let rounds = 0; rounds < 50; rounds += 1) {
        mock.timers.tick(10_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.deepEqual(heard, []);
      assert.equal((await shown(port)).serialNumber, was);
      await writeFile(files.key, second.key);
      await look(() => heard.length > 0);
      assert.notEqual((await shown(port)).serialNumber, was);
    } finally {
      mock.timers.reset();
      desk.stop();
      server.close();
    }
  });

  it("is the installation's own where that is asked for, for the names that people type, and nothing that a part says", async () => {
    const own = readEnv({ KINDLING_TLS: "own" });
    const desk = await TlsDesk.open(own);
    assert.ok(desk);
    const authority = line();
    authority.channel.on("message", (message) => {
      const { request, names: asked } = WebRequest.parse(message);
      assert.deepEqual(asked, ["localhost", "*.svc.localhost"]);
      ca.issue(request, { uri: asked, use: "server", lifetimeMs: day }, new Date()).then(
        (certificate) => authority.channel.send({ kind: "certificate.web.issued", certificate }),
        (error: unknown) => assert.fail(String(error)),
      );
    });
    const gateway = line();
    desk.serve(gateway.part, "gateway");
    const asked = askForPair(gateway.channel);
    desk.certify(authority.part);
    const { pair } = await asked;
    const server = webServer(pair, {}, (_request, response) => void response.end());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    try {
      const socket = connect({ port, host: "127.0.0.1", servername: "jupyter-c1234.svc.localhost", ca: ca.certificate });
      await once(socket, "secureConnect");
      assert.equal(socket.authorized, true);
      socket.destroy();
    } finally {
      desk.stop();
      server.close();
    }
  });
});
