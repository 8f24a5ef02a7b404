import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createSecureContext, TLSSocket } from "node:tls";
import pg from "pg";
import { makeKey } from "../../agents/identity/key.ts";
import { makeRequest } from "../../agents/identity/request.ts";
import { makeCa, openCa } from "../authority/ca.ts";
import { poolConfig } from "../db.ts";

describe("a database that is asked over TLS", () => {
  const server = createServer();
  let folder: string;
  let ca: string;
  let port: number;
  /** What reached the database inside TLS. */
  let started: string[] = [];

  before(async () => {
    const now = new Date();
    const [caKey, key] = [makeKey(), makeKey()];
    const authority = await openCa(caKey, await makeCa(caKey, "itest1", now));
    const cert = await authority.issue(await makeRequest(key), { uri: ["db.example.com"], use: "server", lifetimeMs: 86_400_000 }, now);
    folder = await mkdtemp(join(tmpdir(), "kindling-db-tls-"));
    ca = join(folder, "ca.pem");
    await writeFile(ca, authority.certificate);
    // Says yes to TLS as PostgreSQL does, then ends with an error of its own.
    server.on("connection", (socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write("S");
        const inside = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ cert, key }) });
        inside.on("error", () => undefined);
        inside.once("data", (hello: Buffer) => {
          started.push(hello.toString("latin1"));
          const fields = Buffer.from("SFATAL\0C28000\0Mit was reached\0\0", "latin1");
          const head = Buffer.from([0x45, 0, 0, 0, fields.length + 4]);
          inside.end(Buffer.concat([head, fields]));
        });
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });
  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  const said = async (query: string): Promise<string> => {
    started = [];
    const client = new pg.Client(poolConfig(`postgresql://someone@localhost:${port}/site?host=127.0.0.1&${query}`));
    client.on("error", () => undefined);
    return client.connect().then(
      () => "connected",
      (error: Error) => error.message,
    );
  };

  it("is not told a word before its certificate was checked as the mode says", async () => {
    for (const mode of ["require", "verify-ca", "verify-full"]) {
      assert.match(await said(`sslmode=${mode}`), /certificate/, mode);
      assert.deepEqual(started, [], mode);
    }
    // The authority is right, the name is another's.
    assert.match(await said(`sslmode=verify-full&sslrootcert=${ca}`), /does not match certificate's altnames|IP: 127\.0\.0\.1/);
    assert.deepEqual(started, []);
    assert.equal(await said(`sslmode=verify-ca&sslrootcert=${ca}`), "it was reached");
    assert.equal(started.length, 1);
  });

  it("is refused with a sentence where what was asked for would not be kept", () => {
    const config = (query: string) => () => poolConfig(`postgresql://someone@db.example.com/site?${query}`);
    assert.throws(config("sslmode=verify"), /DATABASE_URL: sslmode is one of .*verify-full, not verify/);
    assert.throws(config("sslmode=verify-full&sslcrl=/etc/crl"), /sslcrl is not supported/);
    assert.throws(config(`sslmode=verify-full&sslrootcert=${folder}/none.pem`), /sslrootcert names .*none\.pem, which cannot be read/);
    assert.throws(config(`sslmode=require&sslcert=${ca}`), /sslcert and sslkey go together/);
    assert.equal(config("sslmode=prefer")().ssl, undefined);
    assert.equal(config("host=/run/kindling&sslmode=verify-full")().ssl, undefined, "a Unix socket needs none");
    assert.ok(config("sslmode=verify-full&sslrootcert=system")().ssl);
  });
});
