import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { createDirectory, type DirectoryConfig } from "./directory.ts";

const run = promisify(execFile);
const base = "dc=example,dc=com";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  assert.ok(address && typeof address === "object");
  return address.port;
}

const person = (uid: string, name: string, password: string) => `dn: uid=${uid},ou=people,${base}
objectClass: inetOrgPerson
uid: ${uid}
cn: ${name}
sn: ${name}
mail: ${uid}@example.com
userPassword: ${password}
`;
const group = (cn: string, ...members: string[]) => `dn: cn=${cn},ou=groups,${base}
objectClass: groupOfNames
cn: ${cn}
${members.map((member) => `member: ${member},${base}`).join("\n")}
`;
const unit = (ou: string) => `dn: ou=${ou},${base}\nobjectClass: organizationalUnit\nou: ${ou}\n`;

const ldif = [
  `dn: ${base}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n`,
  unit("people"),
  unit("guests"),
  unit("groups"),
  person("ann", "Ann Example", "right horse"),
  person("bob", "Bob", "battery"),
  person("twin", "Twin One", "one"),
  person("twin", "Twin Two", "two").replace("ou=people", "ou=guests"),
  group("staff", "uid=ann,ou=people"),
  group("everybody", "cn=staff,ou=groups", "cn=loop,ou=groups"),
  // Groups that hold each other exist in every grown directory.
  group("loop", "cn=everybody,ou=groups"),
].join("\n");

// A directory as companies have it: OpenLDAP's own server, with LDAPS and StartTLS under a certificate authority of its own.
describe("sign-in against OpenLDAP", () => {
  let home: string;
  let slapd: ChildProcess;
  let plain: DirectoryConfig;
  let secure: DirectoryConfig;

  before(async () => {
    home = await mkdtemp(join(tmpdir(), "kindling-slapd-"));
    const at = (name: string) => join(home, name);
    await mkdir(at("db"));
    await run("openssl", [
      ...[
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
      ],
      ...["-keyout", at("key.pem"), "-out", at("cert.pem")],
    ]);
    await writeFile(
      at("slapd.conf"),
      `${["core", "cosine", "inetorgperson"].map((name) => `include /etc/ldap/schema/${name}.schema`).join("\n")}
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${at("slapd.pid")}
TLSCertificateFile ${at("cert.pem")}
TLSCertificateKeyFile ${at("key.pem")}
database mdb
suffix "${base}"
rootdn "cn=search,${base}"
rootpw searching
directory ${at("db")}
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
`,
    );
    await writeFile(at("data.ldif"), ldif);
    await run("slapadd", ["-f", at("slapd.conf"), "-l", at("data.ldif")]);
    const [port, tlsPort] = [await freePort(), await freePort()];
    slapd = spawn("slapd", ["-f", at("slapd.conf"), "-h", `ldap://127.0.0.1:${port} ldaps://127.0.0.1:${tlsPort}`, "-d", "0"], {
      stdio: "ignore",
    });
    const searcher = { base, bindDn: `cn=search,${base}`, bindPassword: "searching" };
    plain = { url: `ldap://127.0.0.1:${port}`, ...searcher };
    secure = { url: `ldaps://localhost:${tlsPort}`, ...searcher, ca: await readFile(at("cert.pem"), "utf8") };
    await listening(tlsPort);
  });
  after(async () => {
    const gone = once(slapd, "exit");
    slapd.kill("SIGTERM");
    await gone;
    await rm(home, { recursive: true });
  });

  /** Tries until the server takes connections; it has no other way to say so. */
  async function listening(port: number): Promise<void> {
    for (;;) {
      const socket = connect(port, "127.0.0.1");
      const open = await Promise.race([once(socket, "connect").then(() => true), once(socket, "error").then(() => false)]).catch(
        () => false,
      );
      socket.destroy();
      if (open) return;
      assert.equal(slapd.exitCode, null, "slapd ended");
    }
  }

  it("knows a person with groups that are nested and go in circles", async () => {
    const ann = await createDirectory(plain).authenticate("ann", "right horse");
    assert.deepEqual([ann?.displayName, ann?.email, ann?.dn], ["Ann Example", "ann@example.com", `uid=ann,ou=people,${base}`]);
    assert.deepEqual(
      ann?.groups.map((dn) => dn.split(",")[0]),
      ["cn=everybody", "cn=loop", "cn=staff"],
    );
    assert.deepEqual((await createDirectory(plain).authenticate("bob", "battery"))?.groups, []);
  });

  it("answers the same for a wrong password and an unknown name", async () => {
    assert.equal(await createDirectory(plain).authenticate("ann", "wrong"), null);
    assert.equal(await createDirectory(plain).authenticate("nobody", "wrong"), null);
  });

  it("lets a name in that means two people as little as none", async () => {
    for (const password of ["one", "two"]) assert.equal(await createDirectory(plain).authenticate("twin", password), null);
  });

  it("takes a name as a name, whatever it would mean in a filter", async () => {
    for (const name of ["*", "an*", "ann)(uid=*", "ann)(|(uid=*"])
      assert.equal(await createDirectory(plain).authenticate(name, "right horse"), null);
  });

  it("speaks LDAPS under the site's own certificate authority, and to no other", async () => {
    assert.ok(await createDirectory(secure).authenticate("ann", "right horse"));
    await assert.rejects(createDirectory({ ...secure, ca: undefined }).authenticate("ann", "right horse"), /does not answer/);
  });

  it("upgrades a plain connection by StartTLS, or sends no password at all", async () => {
    const started = { ...plain, url: plain.url.replace("127.0.0.1", "localhost"), startTls: true };
    assert.ok(await createDirectory({ ...started, ca: secure.ca }).authenticate("ann", "right horse"));
    await assert.rejects(createDirectory(started).authenticate("ann", "right horse"), /does not answer/);
  });

  it("says that the directory does not answer when the searching account is wrong", async () => {
    await assert.rejects(createDirectory({ ...plain, bindPassword: "old" }).authenticate("ann", "right horse"), /does not answer/);
  });
});
