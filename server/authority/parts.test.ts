import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { readEnv } from "../env.ts";
import { installCommand } from "../services/hosts/enrol-info.ts";
import { enrolUrl } from "./address.ts";
import { closure, packagesOf } from "./packages.ts";
import { installScript } from "./script.ts";
import { openStore } from "./store.ts";

const checkout = join(import.meta.dirname, "..", "..");
const now = new Date();

async function kept<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "kindling-store-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("the authority's files", () => {
  it("are made once, for its own account only, and are the same after a restart", () =>
    kept(async (folder) => {
      const first = await openStore(folder, "iabcdef", now);
      const second = await openStore(folder, "iabcdef", now);
      assert.deepEqual([second.ca.fingerprint, second.serverKey], [first.ca.fingerprint, first.serverKey]);
      for (const name of ["ca.key", "ca.pem", "server.key"]) assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name);
      await rm(join(folder, "ca.key"));
      await assert.rejects(openStore(folder, "iabcdef", now), /does not belong to its key/);
    }));
});

describe("the address that a command names", () => {
  const link = (address: string, internal = false) => ({
    ...{ address, internal, family: "IPv4" as const, netmask: "255.255.255.0", mac: "00:00:00:00:00:00", cidr: null },
  });
  const links = { lo: [link("127.0.0.1", true)], docker0: [link("172.17.0.1")], eth0: [link("192.0.2.7")] };
  const url = (settings: Record<string, string>) => enrolUrl(readEnv(settings), links);

  it("is the one that was set, else the one it listens on, else the machine's own first", () => {
    assert.equal(url({ KINDLING_ENROL_URL: "https://spark.example.com:443/x" }), "https://spark.example.com");
    assert.equal(url({ KINDLING_BIND: "10.0.0.5" }), "https://10.0.0.5:3002");
    assert.equal(url({ KINDLING_BIND: "0.0.0.0" }), "https://192.0.2.7:3002");
    assert.equal(url({ KINDLING_ENROL_BIND: "fd00::1", KINDLING_ENROL_PORT: "4000" }), "https://[fd00::1]:4000");
    assert.equal(url({ KINDLING_ENROL_BIND: "0.0.0.0", KINDLING_GATEWAY_PORT: "4001" }), "https://192.0.2.7:4002");
  });

  it("is none where only this machine could use it", () => {
    for (const bind of ["127.0.0.1", "127.0.0.2", "localhost", "::1"]) assert.equal(url({ KINDLING_BIND: bind }), null, bind);
    assert.equal(enrolUrl(readEnv({ KINDLING_BIND: "0.0.0.0" }), { lo: links.lo, docker0: links.docker0 }), null);
    assert.throws(() => readEnv({ KINDLING_ENROL_URL: "http://spark.example.com" }), /KINDLING_ENROL_URL: must be an https address/);
  });
});

describe("the install script", () => {
  const bundle = { version: "0.1.0-abc", arch: "x64", sha256: "a".repeat(64) };
  it("is one that a plain shell reads, with everything filled in, and asks for an administrator", () =>
    kept(async (folder) => {
      const { ca } = await openStore(folder, "iabcdef", now);
      const parts = { url: "https://192.0.2.7:3002", pin: "abc+/=", caFingerprint: ca.fingerprint, ca: ca.certificate };
      const script = installScript(parts, bundle);
      assert.doesNotMatch(script, /@[A-Z_0-9]+@/);
      assert.doesNotMatch(script, /\beval\b/);
      assert.ok(script.includes(ca.certificate.trim()));
      const sh = (text: string, args: string[] = []) =>
        new Promise<{ code: number; said: string }>((resolve) => {
          const child = execFile(
            "sh",
            ["-s", "--", ...args],
            { ...(process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}), cwd: "/" },
            (error, out, err) => resolve({ code: typeof error?.code === "number" ? error.code : 0, said: out + err }),
          );
          child.stdin?.end(text);
        });
      await promisify(execFile)("sh", ["-n", join(checkout, "agents", "host", "enrol", "install.sh")]);
      assert.deepEqual(await sh(script, ["--ca", ca.fingerprint]), {
        code: 1,
        said: "kindling: It makes containers, networks and disks, which needs an administrator. Run it with sudo.\n",
      });
      assert.match((await sh(script, ["--what"])).said, /There is no option --what/);
      assert.match((await sh(script, ["--ca"])).said, /--ca needs a value/);
      // Cut off on its way it does nothing at all.
      const cut = script.slice(0, script.lastIndexOf('main "$@"'));
      assert.deepEqual(await sh(cut, ["--ca", ca.fingerprint]), { code: 0, said: "" });
      for (const wrong of [{ url: "https://x/$(id)" }, { url: "http://x" }, { pin: "a'b" }, { caFingerprint: "x" }])
        assert.throws(() => installScript({ ...parts, ...wrong }, bundle), /cannot be/, JSON.stringify(wrong));
      assert.throws(() => installScript(parts, { ...bundle, version: "1; id" }), /cannot be/);
    }));

  it("is called by a command in which no shell finds more than words", () => {
    const info = { url: "https://[fd00::1]:3002", pin: "abc+/=", caFingerprint: "f".repeat(64) };
    assert.equal(
      installCommand(info, "kde_x-_y", true),
      `{ echo KINDLING_HOST_TOKEN=kde_x-_y; curl -fsS --pinnedpubkey 'sha256//abc+/=' -k 'https://[fd00::1]:3002/install'; } | sudo sh -s -- --ca ${"f".repeat(64)} --again`,
    );
  });
});

describe("packages of the agent", () => {
  it("are those that its sources name, with what these need", async () => {
    const source = `import "reflect-metadata";\nimport { z } from "zod";\nimport type { X } from "typed";\nimport a from "@peculiar/x509/sub";\nimport b from "node:fs";\nimport c from "./own.ts";\nconst d = await import("pino");\nexport { e } from "pg";\n`;
    assert.deepEqual(packagesOf(source), ["reflect-metadata", "zod", "@peculiar/x509", "pino", "pg"]);
    const found = await closure(checkout, ["dockerode", "zod"]);
    for (const name of ["dockerode", "docker-modem", "zod"]) assert.ok(found.has(`node_modules/${name}`), name);
    assert.ok(!found.has("node_modules/next"));
    await assert.rejects(closure(checkout, ["no-such-package"]), /no-such-package is not installed/);
  });
});
