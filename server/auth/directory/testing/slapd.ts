import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { directoryDefaults } from "../../../services/directory/schemas.ts";
import { freePort } from "../../../testing/free-port.ts";
import type { DirectoryConfig } from "../config.ts";
import { makeAuthority } from "./authority.ts";

const run = promisify(execFile);
export const base = "dc=example,dc=com";
export const searchDn = `cn=search,ou=services,${base}`;
export const searchPassword = "searching";

/** What Active Directory has that OpenLDAP's own schemas have not. */
const activeDirectorySchema = [
  ["1.1", "sAMAccountName", "caseIgnoreMatch", "1.3.6.1.4.1.1466.115.121.1.15"],
  ["1.2", "userPrincipalName", "caseIgnoreMatch", "1.3.6.1.4.1.1466.115.121.1.15"],
  ["1.3", "userAccountControl", "integerMatch", "1.3.6.1.4.1.1466.115.121.1.27"],
  ["1.4", "primaryGroupID", "integerMatch", "1.3.6.1.4.1.1466.115.121.1.27"],
  ["1.5", "accountExpires", "integerMatch", "1.3.6.1.4.1.1466.115.121.1.27"],
  ["1.6", "objectSid", "octetStringMatch", "1.3.6.1.4.1.1466.115.121.1.40"],
]
  .map(
    ([oid, name, match, syntax]) =>
      `attributetype ( 1.3.6.1.4.1.55555.${oid} NAME '${name}' EQUALITY ${match} SYNTAX ${syntax} SINGLE-VALUE )`,
  )
  .concat(
    "objectclass ( 1.3.6.1.4.1.55555.2.1 NAME 'user' SUP inetOrgPerson STRUCTURAL MAY ( sAMAccountName $ userPrincipalName $ userAccountControl $ primaryGroupID $ accountExpires $ objectSid ) )",
    "objectclass ( 1.3.6.1.4.1.55555.2.2 NAME 'group' SUP top STRUCTURAL MUST cn MAY ( member $ sAMAccountName $ objectSid ) )",
  )
  .join("\n");

export const unit = (ou: string): string => `dn: ou=${ou},${base}\nobjectClass: organizationalUnit\nou: ${ou}\n`;
export const root = [
  `dn: ${base}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n`,
  ...["people", "guests", "groups", "services"].map(unit),
  `dn: ${searchDn}\nobjectClass: applicationProcess\nobjectClass: simpleSecurityObject\ncn: search\nuserPassword: ${searchPassword}\n`,
].join("\n");
export const person = (uid: string, password: string, more = ""): string =>
  `dn: uid=${uid},ou=people,${base}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${uid}\nsn: ${uid}\nmail: ${uid}@example.com\nuserPassword: ${password}\n${more}`;
/** As in Active Directory: the account can be disabled. */
export const account = (uid: string, name = uid): string =>
  person(uid, `pass-${uid}`, `sAMAccountName: ${uid}\nuserAccountControl: 512\n`)
    .replace("inetOrgPerson", "user")
    .replace(`cn: ${uid}`, `cn: ${name}`);
/** What `modify` takes to disable such an account. */
export const disabled = (uid: string): string =>
  `dn: uid=${uid},ou=people,${base}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 514\n`;
/** @param members distinguished names without the base */
export const group = (cn: string, ...members: string[]): string =>
  `dn: cn=${cn},ou=groups,${base}\nobjectClass: groupOfNames\ncn: ${cn}\n${members.map((member) => `member: ${member},${base}`).join("\n")}\n`;

/**
 * OpenLDAP's own server, with LDAPS and StartTLS, for one test. Its searching account is an ordinary one: the server's limits count for it.
 * @param options memberOf: the server keeps it by itself; sizeLimit: entries in one answer
 */
export async function startSlapd(
  ldif: string,
  options: { memberOf?: "groupOfNames" | "group"; sizeLimit?: number; expired?: boolean } = {},
) {
  const home = await mkdtemp(join(tmpdir(), "kindling-slapd-"));
  const at = (name: string) => join(home, name);
  await mkdir(at("db"));
  const authority = await makeAuthority();
  const server = await authority.certificate({ expired: options.expired ?? false });
  await writeFile(at("server.key"), server.key);
  await writeFile(at("server.pem"), server.pem);
  await writeFile(at("ad.schema"), `${activeDirectorySchema}\n`);
  const schemas = ["core", "cosine", "inetorgperson", "nis"].map((name) => `include /etc/ldap/schema/${name}.schema`);
  await writeFile(
    at("slapd.conf"),
    [
      ...schemas,
      "modulepath /usr/lib/ldap",
      "moduleload back_mdb",
      ...(options.memberOf ? ["moduleload memberof"] : []),
      `include ${at("ad.schema")}`,
      `pidfile ${at("slapd.pid")}`,
      `TLSCertificateFile ${at("server.pem")}`,
      `TLSCertificateKeyFile ${at("server.key")}`,
      "database mdb",
      "maxsize 1073741824",
      // The test's own disk is no company's: a lost write would cost nothing.
      "dbnosync",
      `suffix "${base}"`,
      `rootdn "cn=root,${base}"`,
      "rootpw root",
      `directory ${at("db")}`,
      "index objectClass,uid,member,memberUid,sAMAccountName,objectSid eq",
      ...(options.sizeLimit ? [`limits users size.soft=${options.sizeLimit} size.hard=${options.sizeLimit} size.prtotal=unlimited`] : []),
      ...(options.memberOf ? ["overlay memberof", `memberof-group-oc ${options.memberOf}`, "memberof-member-ad member"] : []),
      "access to attrs=userPassword by anonymous auth by * none",
      "access to * by users read by * none",
      "",
    ].join("\n"),
  );
  await writeFile(at("data.ldif"), `${root}\n${ldif}`);
  await run("slapadd", ["-q", "-f", at("slapd.conf"), "-l", at("data.ldif")]);
  const [port, tlsPort] = [await freePort(), await freePort()];
  let slapd: ChildProcess;
  const start = async (): Promise<void> => {
    slapd = spawn("slapd", ["-f", at("slapd.conf"), "-h", `ldap://127.0.0.1:${port} ldaps://127.0.0.1:${tlsPort}`, "-d", "0"], {
      stdio: "ignore",
    });
    // It has no other way to say that it takes connections.
    for (;;) {
      const socket = connect(tlsPort, "127.0.0.1");
      const open = await Promise.race([once(socket, "connect").then(() => true), once(socket, "error").then(() => false)]).catch(
        () => false,
      );
      socket.destroy();
      if (open) return;
      assert.equal(slapd.exitCode, null, "slapd ended");
    }
  };
  const stop = async (): Promise<void> => {
    if (slapd.exitCode !== null || slapd.signalCode !== null) return;
    const gone = once(slapd, "exit");
    slapd.kill("SIGTERM");
    await gone;
  };
  await start();
  const config: DirectoryConfig = {
    ...directoryDefaults,
    loginAttributes: ["uid", "sAMAccountName"],
    servers: [`ldap://127.0.0.1:${port}`],
    base,
    startTls: false,
    bindDn: searchDn,
    bindPassword: searchPassword,
    ca: undefined,
  };
  return {
    port,
    tlsPort,
    ca: authority.pem,
    /** In the clear, on this machine. */
    plain: config,
    ldaps: { ...config, servers: [`ldaps://localhost:${tlsPort}`], startTls: true, ca: authority.pem },
    startTls: { ...config, servers: [`ldap://localhost:${port}`], startTls: true, ca: authority.pem },
    /** Changes entries as an administrator of the directory does. */
    async modify(changes: string): Promise<void> {
      const child = spawn("ldapmodify", ["-x", "-H", `ldap://127.0.0.1:${port}`, "-D", `cn=root,${base}`, "-w", "root"], {
        stdio: ["pipe", "ignore", "pipe"],
      });
      child.stdin.end(changes);
      const [code] = await once(child, "exit");
      assert.equal(code, 0, String(child.stderr.read()));
    },
    start,
    stop,
    async remove(): Promise<void> {
      await stop();
      await rm(home, { recursive: true });
    },
  };
}
export type Slapd = Awaited<ReturnType<typeof startSlapd>>;
