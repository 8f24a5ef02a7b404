import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { readEnv } from "../env.ts";
import { parseListen } from "../serve/listen-at.ts";
import { enrol } from "./enrol.ts";
import { identityOf, loadIdentity, saveIdentity, unwrittenSettings } from "./identity.ts";
import { withSettings, writeSettings } from "./settings.ts";
import { settle } from "./settle.ts";

const run = promisify(execFile);

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "kindling-enrol-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("where an agent listens", () => {
  it("is an address and a port", () => {
    assert.deepEqual(parseListen("10.0.0.5:7443"), { host: "10.0.0.5", port: 7443 });
    assert.deepEqual(parseListen("7443"), { host: "0.0.0.0", port: 7443 });
    assert.deepEqual(parseListen("[fd00::1]:7443"), { host: "fd00::1", port: 7443 });
    for (const wrong of ["", "10.0.0.5", "10.0.0.5:", "10.0.0.5:70000", "fd00::1:7443", "[nothing]:1", "a b:1"])
      assert.equal(parseListen(wrong), null, wrong);
  });

  it("is none without the setting, and a wrong one ends the start with its name", () => {
    const right = { KINDLING_INSTALLATION: "installone", KINDLING_HOST_ID: "hostone", KINDLING_AGENT_STATE: "/state" };
    assert.equal(readEnv(right).listen, null);
    assert.deepEqual(readEnv({ ...right, KINDLING_AGENT_LISTEN: "7443" }).listen, { host: "0.0.0.0", port: 7443 });
    assert.throws(() => readEnv({ ...right, KINDLING_AGENT_LISTEN: "here" }), /KINDLING_AGENT_LISTEN/);
    assert.throws(() => readEnv({ ...right, KINDLING_AUTHORITY_URL: "http://platform:3002" }), /KINDLING_AUTHORITY_URL/);
  });
});

describe("the agent's settings", () => {
  it("are written anew, beside what an administrator added", async () => {
    assert.equal(withSettings("# mine\nA=1\nB=old\n\n B=older\nC=3\n\n\n", { B: "new", D: "4" }), "# mine\nA=1\n\nC=3\nB=new\nD=4\n");
    assert.equal(withSettings("A=1\n", { B: "2" }, { A: "theirs", B: "theirs", no_proxy: "x,.y" }), "A=1\nno_proxy=x,.y\nB=2\n");
    await inFolder(async (folder) => {
      const file = join(folder, "agent.env");
      await writeSettings(file, { KINDLING_HOST_ID: "hostone" });
      await writeFile(file, `${await readFile(file, "utf8")}KINDLING_LOG_LEVEL=debug\n`);
      await writeSettings(file, { KINDLING_HOST_ID: "hosttwo" });
      assert.deepEqual((await readFile(file, "utf8")).split("\n").slice(1, 3), ["KINDLING_LOG_LEVEL=debug", "KINDLING_HOST_ID=hosttwo"]);
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      for (const value of ["two words", "a\nKINDLING_LOG_LEVEL=trace", "$(id)", '"'])
        await assert.rejects(writeSettings(file, { KINDLING_HOST_ID: value }), /cannot be/, value);
    });
  });
});

describe("a host's identity", () => {
  it("is key, certificate and authority that belong together, in files that only root reads", async () => {
    await inFolder(async (folder) => {
      const file = (name: string) => join(folder, name);
      const make = async (name: string, uri: string, ca: string) => {
        const key = ["ecparam", "-name", "prime256v1", "-genkey", "-noout"];
        const { stdout } = await run("openssl", key);
        await writeFile(file(`${name}.key`), stdout);
        await run("openssl", ["req", "-new", "-key", file(`${name}.key`), "-subj", `/CN=${name}`, "-out", file(`${name}.csr`)]);
        await writeFile(file(`${name}.ext`), `subjectAltName=URI:${uri}\n`);
        const sign = ["x509", "-req", "-in", file(`${name}.csr`), "-CA", file(`${ca}.pem`), "-CAkey", file(`${ca}.key`), "-CAcreateserial"];
        await run("openssl", [...sign, "-extfile", file(`${name}.ext`), "-out", file(`${name}.pem`)]);
        const read = (kind: string) => readFile(file(`${name}.${kind}`), "utf8");
        const { stdout: pkcs8 } = await run("openssl", ["pkcs8", "-topk8", "-nocrypt", "-in", file(`${name}.key`)]);
        return { key: pkcs8, certificate: await read("pem"), ca: await readFile(file(`${ca}.pem`), "utf8") };
      };
      for (const ca of ["ca", "other"])
        await run("openssl", [
          ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", `/CN=${ca}`],
          ...["-keyout", file(`${ca}.key`), "-out", file(`${ca}.pem`)],
        ]);
      const one = await make("one", "kindling://iabcdef/host/hone1", "ca");
      const two = await make("two", "kindling://iabcdef/host/htwo1", "ca");
      const part = await make("part", "kindling://iabcdef/role/portal", "ca");
      const foreign = await make("foreign", "kindling://iabcdef/host/hone1", "other");
      const identity = identityOf(one);
      assert.deepEqual([identity.installation, identity.host], ["iabcdef", "hone1"]);
      assert.throws(() => identityOf({ ...one, key: two.key }), /not of this host's key/);
      assert.throws(() => identityOf(part), /not one of a host/);
      assert.throws(() => identityOf({ ...foreign, ca: one.ca }), /not signed by the platform's authority/);

      const dir = join(folder, "identity");
      assert.equal(await loadIdentity(dir), null);
      await saveIdentity(dir, identity);
      assert.deepEqual(await loadIdentity(dir), identity);
      for (const name of await readdir(dir)) assert.equal((await stat(join(dir, name))).mode & 0o777, 0o600, name);
      assert.equal((await stat(dir)).mode & 0o777, 0o700);

      // Wherever a second enrolment is cut off, there is one whole identity or the other: it is one file, renamed over the old one.
      await saveIdentity(dir, identityOf(two), { KINDLING_ORPHAN_GRACE: "9" });
      assert.deepEqual([await readdir(dir), await loadIdentity(dir)], [["identity.json"], identityOf(two)]);
      assert.deepEqual(await unwrittenSettings(dir), { KINDLING_ORPHAN_GRACE: "9" });
      await saveIdentity(dir, identity);
      assert.deepEqual([await loadIdentity(dir), await unwrittenSettings(dir)], [identity, {}]);

      // A machine of an earlier version has three files; a new key beside an old certificate is one that was cut off.
      await rm(join(dir, "identity.json"));
      const parts = { "key.pem": one.key, "certificate.pem": one.certificate, "ca.pem": one.ca };
      for (const [name, text] of Object.entries(parts)) await writeFile(join(dir, name), text);
      assert.deepEqual(await loadIdentity(dir), identity);
      await writeFile(join(dir, "key.pem"), two.key);
      await assert.rejects(loadIdentity(dir), /not of this host's key/);
      // It needs a token again, and not a person who deletes files.
      const asked = { url: "https://127.0.0.1:1", token: "", pin: "", state: folder, port: 7443, again: false };
      const shown = await run("openssl", ["x509", "-in", file("ca.pem"), "-noout", "-fingerprint", "-sha256"]);
      const caFingerprint = shown.stdout.split("=")[1]?.trim().replaceAll(":", "").toLowerCase() ?? "";
      for (const broken of [undefined, "", "{"]) {
        if (broken !== undefined) await writeFile(join(dir, "identity.json"), broken);
        await assert.rejects(enrol({ ...asked, ca: one.ca, caFingerprint }, Date.now()), /so it needs a token/);
      }
      await saveIdentity(dir, identity, { KINDLING_ORPHAN_GRACE: "9" });
      assert.deepEqual(await readdir(dir), ["identity.json"]);
      // Whatever failed after the token was used: the same command once more has all that the platform said.
      const { fresh, settings } = await enrol({ ...asked, ca: one.ca, caFingerprint }, Date.now());
      assert.deepEqual([fresh, settings], [false, { KINDLING_ORPHAN_GRACE: "9" }]);
    });
  });
});

describe("uninstalling", { skip: process.getuid?.() === 0 ? false : "only root may" }, () => {
  it("leaves the disks' files and nothing by which the next platform's agent would be misled", async () => {
    await inFolder(async (root) => {
      const state = join(root, "var/lib/kindling-agent");
      const bin = join(root, "opt/kindling-agent/current/bin");
      for (const dir of [bin, join(state, "identity"), join(state, "volumes")]) await mkdir(dir, { recursive: true });
      await writeFile(join(bin, "node"), "#!/bin/sh\n", { mode: 0o755 });
      for (const name of ["spec.json", "spec.json.of-iold-hold", "identity/key.pem", "volumes/one.img"])
        await writeFile(join(state, name), "{}");
      await run("sh", [join(import.meta.dirname, "install.sh"), "uninstall", "--yes", "--root", root]);
      assert.deepEqual([await readdir(state), await readdir(join(state, "volumes"))], [["volumes"], ["one.img"]]);
    });
  });
});

describe("the enrolling program", () => {
  const main = join(import.meta.dirname, "main.ts");
  it("looks at its settings before the token is used", async () => {
    await inFolder(async (folder) => {
      const settings = join(folder, "agent.env");
      const given = { url: "https://127.0.0.1:1", pin: "x", "ca-file": "/dev/null", "ca-fingerprint": "x", state: folder, settings };
      const fails = (more: Record<string, string>): Promise<unknown> => {
        const args = Object.entries({ ...given, run: "/run/x", ...more }).flatMap(([name, value]) => [`--${name}`, value]);
        const child = run(process.execPath, [main, ...args]);
        child.child.stdin?.end("kde_token");
        return child;
      };
      await assert.rejects(fails({ run: "/run/two words" }), /KINDLING_AGENT_RUN cannot be "\/run\/two words"/);
      await assert.rejects(fails({ settings: join(folder, "none", "agent.env") }), /ENOENT.*none/);
      await assert.rejects(fails({ settings: folder }), /EISDIR/);
    });
  });

  it("says which of the platform's settings it leaves out, and loses none that it did not write yet", async () => {
    await inFolder(async (folder) => {
      const settings = join(folder, "agent.env");
      const dir = join(folder, "identity");
      const identity = { installation: "iabcdef", host: "hone1", key: "k", certificate: "c", ca: "a" };
      const theirs = { KINDLING_BUILD_NETWORK: "host", no_proxy: "localhost, .corp" };
      await saveIdentity(dir, identity, theirs);
      await assert.rejects(settle(join(folder, "none", "agent.env"), folder, identity, { KINDLING_HOST_ID: "hone1" }, theirs), /ENOENT/);
      const kept = async () => JSON.parse(await readFile(join(dir, "identity.json"), "utf8")).settings;
      assert.deepEqual(await kept(), theirs, "running the command again finds them");
      assert.deepEqual(await settle(settings, folder, identity, { KINDLING_HOST_ID: "hone1" }, theirs), ["no_proxy"]);
      assert.match(await readFile(settings, "utf8"), /^KINDLING_BUILD_NETWORK=host\nKINDLING_HOST_ID=hone1\n$/m);
      assert.deepEqual(await kept(), {});
    });
  });
});
