import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, readlink, rm, stat } from "node:fs/promises";
import { connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Client } from "ldapts";
import { createDirectory } from "../auth/directory/directory.ts";
import { demoEffective } from "../auth/directory/settings.ts";
import { demoBase } from "./accounts.ts";
import { type DemoDirectory, startDemoDirectory } from "./server.ts";

describe("the demo directory", () => {
  let home: string;
  let demo: DemoDirectory;
  let passwords: Map<string, string>;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "kindling-demo-"));
    demo = await startDemoDirectory({ home });
    const lines = (await readFile(demo.accountsFile, "utf8")).split("\n").slice(2).filter(Boolean);
    passwords = new Map(lines.map((line) => line.split(/\s+/)).map(([name = "", password = ""]) => [name, password]));
  });
  after(async () => {
    await demo.stop();
    await rm(home, { recursive: true });
  });
  const connect = () => new Client({ url: "ldap://localhost", createConnection: () => dial(join(home, "directory.sock")) });
  const sign = (name: string, password: string) => createDirectory(demoEffective(demo).config).authenticate(name, password);
  const groupNames = (groups: string[]) => groups.map((dn) => /^cn=([^,]+)/.exec(dn)?.[1]);

  it("makes four accounts, whose passwords only the owner of its home can read", async () => {
    assert.deepEqual([...passwords.keys()], ["sam", "tina", "dana", "rhea"]);
    assert.equal(new Set(passwords.values()).size, 4);
    for (const file of ["accounts.txt", "directory.json", "directory-bind"])
      assert.equal((await stat(join(home, file))).mode & 0o777, 0o600, file);
    const stored = await readFile(join(home, "directory.json"), "utf8");
    for (const password of passwords.values()) assert.ok(!stored.includes(password));
  });

  it("lets each of them in with their own password and groups, nested ones too", async () => {
    const groups = async (name: string) => groupNames((await sign(name, passwords.get(name) ?? ""))?.groups ?? []);
    assert.deepEqual(await groups("sam"), ["kindling-admins"]);
    assert.deepEqual(await groups("tina"), ["analytics-admins"]);
    assert.deepEqual(await groups("dana"), ["analytics-engineers", "analytics-members"]);
    assert.deepEqual(await groups("rhea"), ["research-members"]);
    assert.deepEqual((await sign("dana", passwords.get("dana") ?? ""))?.displayName, "Dana Moreau");
  });

  it("lets nobody in with another's password, no password or an unknown name", async () => {
    assert.equal(await sign("dana", passwords.get("rhea") ?? ""), null);
    assert.equal(await sign("nobody", passwords.get("dana") ?? ""), null);
    const client = connect();
    await assert.rejects(client.bind(`uid=dana,ou=people,${demoBase}`, ""));
    await client.unbind();
  });

  it("goes on for others when one says what is no message at all", async () => {
    // A search whose filter has a tag that no filter has.
    const search = Buffer.from("301b020101631604000a01020a0100020100020100010100af0130300030", "hex");
    const socket = dial(join(home, "directory.sock"));
    await once(socket, "connect");
    socket.resume().on("error", () => undefined);
    socket.write(search);
    assert.equal((await sign("dana", passwords.get("dana") ?? ""))?.username, "dana");
    socket.destroy();
  });

  it("shows nothing to whoever has not the portal's account", async () => {
    const client = connect();
    await assert.rejects(client.search(demoBase, { scope: "sub" }));
    await client.bind(`uid=dana,ou=people,${demoBase}`, passwords.get("dana") ?? "");
    await assert.rejects(client.search(demoBase, { scope: "sub" }));
    await client.unbind();
  });

  it("keeps its accounts over a restart", async () => {
    await demo.stop();
    demo = await startDemoDirectory({ home });
    assert.equal(demo.madeNow, false);
    assert.ok(await sign("dana", passwords.get("dana") ?? ""));
  });

  it("listens on no port: its socket lies where only its own may put one", async () => {
    assert.equal(demo.url, `ldapi://${encodeURIComponent(join(home, "directory.sock"))}`);
    const { mode } = await stat(join(home, "directory.sock"));
    assert.deepEqual([(mode & 0o170000) === 0o140000, mode & 0o007], [true, 0]);
    const inodes = new Set((await readFile("/proc/net/tcp", "utf8")).split("\n").map((line) => line.trim().split(/\s+/)[9]));
    const own = await Promise.all((await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")));
    assert.deepEqual(
      own.filter((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? "no socket")),
      [],
    );
  });

  it("says that it does not answer when it is down", async () => {
    await demo.stop();
    await assert.rejects(sign("dana", "x"), /directory does not answer.*Try again/);
    demo = await startDemoDirectory({ home });
  });
});
