/** Small pure parts. */
import assert from "node:assert/strict";
import { appendFile, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { HostError } from "../protocol/errors.ts";
import { fakeVolumes } from "./drivers/volume/fake.ts";
import { readEnv } from "./env.ts";
import { run } from "./exec.ts";
import { capabilitiesOf } from "./facts.ts";
import { eth0In } from "./firewall/bind.ts";
import { makeLog, operation } from "./log.ts";
import { readLogFile } from "./monitor/log-file.ts";
import { fstab, parseMounts } from "./mounts.ts";
import { declared } from "./serve/dial.ts";
import { specStore } from "./spec-store.ts";
import { hostSpec, node } from "./testing/specs.ts";
import { loopsIn } from "./uninstall.ts";

describe("settings", () => {
  const right = { KINDLING_INSTALLATION: "installone", KINDLING_HOST_ID: "hostone", KINDLING_AGENT_STATE: "/state" };
  it("have defaults that keep installations apart", () => {
    const env = readEnv({ ...right, https_proxy: "http://proxy:3128", KINDLING_EGRESS_DENY: "10.9.0.0/16,10.8.0.1" });
    assert.equal(env.run, "/run/kindling/installone");
    assert.deepEqual(env.build, { args: { https_proxy: "http://proxy:3128" }, network: "default", mirror: null });
    assert.deepEqual(env.egressDeny, ["10.9.0.0/16", "10.8.0.1"]);
  });
  it("name every wrong variable", () => {
    assert.throws(
      () => readEnv({ ...right, KINDLING_INSTALLATION: "Bad Name", KINDLING_AGENT_STATE: "relative" }),
      /KINDLING_INSTALLATION[\s\S]*KINDLING_AGENT_STATE/,
    );
  });
});

describe("facts of the kernel", () => {
  it("are capabilities by name", () => {
    const all = capabilitiesOf("CapBnd:\t000001ffffffffff\n");
    assert.equal(all.length, 41);
    assert.ok(!capabilitiesOf("CapBnd:\t000001fffeffffff\n").includes("SYS_RESOURCE"));
    assert.deepEqual(capabilitiesOf("CapBnd:\t0000000000000001\n"), ["CHOWN"]);
  });
  it("are mounts, with blanks in their names", () => {
    const text = "43 27 7:0 / /tmp/a\\040b rw,nosuid shared:1 - ext4 /dev/loop0 rw\n44 27 0:5 / /run/x rw - tmpfs kindling-node rw\n";
    assert.deepEqual(parseMounts(text), [
      { target: "/tmp/a b", fsType: "ext4", source: "/dev/loop0" },
      { target: "/run/x", fsType: "tmpfs", source: "kindling-node" },
    ]);
  });
  it("are asked for as lines of a table, with blanks, hashes and backslashes written in octal", () => {
    const lines = fstab([
      { type: "ext4", source: "/my disks/#1\\a.img", target: "/mnt/a\tb", options: "loop,nosuid" },
      { type: "tmpfs", source: "kindling-node", target: "/run/x", options: "size=8m" },
    ]);
    assert.equal(lines, "/my\\040disks/\\0431\\134a.img /mnt/a\\011b ext4 loop,nosuid 0 0\nkindling-node /run/x tmpfs size=8m 0 0\n");
  });
});

describe("loop devices", () => {
  it("are found by the folder of their file, with blanks in its name, and no others", () => {
    const device = (name: string, file: string | null) => ({ name, "back-file": file });
    const json = JSON.stringify({
      loopdevices: [
        device("/dev/loop0", "/var/lib/my disks/agent/volumes/a.img"),
        device("/dev/loop1", "/var/lib/my disks/agent/volumes/b.img (deleted)"),
        device("/dev/loop2", "/var/lib/my disks/agent2/c.img"),
        device("/dev/loop3", "/var/lib/my"),
        device("/dev/loop4", null),
      ],
    });
    assert.deepEqual(loopsIn(json, "/var/lib/my disks/agent"), ["/dev/loop0", "/dev/loop1"]);
    assert.deepEqual(loopsIn("", "/var/lib/my disks/agent"), []);
  });
});

describe("a container's port", () => {
  it("is found by the number of its eth0", () => {
    const igmp =
      "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n134\teth0      :     1      V3\n";
    assert.equal(eth0In(igmp), 134);
    assert.equal(eth0In("1\tlo        :     1      V3\n"), null);
  });
});

describe("ports that may be dialled", () => {
  it("are declared ones", () => {
    const base = node({ id: "nodeone", ip: "10.1.1.1", segment: "s", volume: "v", image: "i", tenant: "t" });
    const spec = { services: [{ ...base.services[0]!, guarded: [[4040, 4060] as [number, number]] }] };
    assert.deepEqual(
      [8888, 4040, 4060, 4061, 22, 9999].map((port) => declared(spec, port)),
      [true, true, true, false, false, false],
    );
  });
});

describe("a log on a node's disk", () => {
  it("is read to its end, and nothing else is read in its place", async () => {
    const root = await mkdtemp(join(tmpdir(), "kindling-disk-"));
    const volumes = { ...fakeVolumes(), mounted: async () => root };
    const read = async (service: string) => (await readLogFile(volumes, "volumeone", service, 6))?.bytes.toString() ?? null;
    try {
      assert.equal(await read("jupyter"), null, "no directory yet");
      await mkdir(join(root, "logs"));
      await writeFile(join(root, "logs", "jupyter.log"), "first\nlast\n");
      await writeFile(join(root, "secret"), "secret");
      await symlink(join(root, "secret"), join(root, "logs", "linked.log"));
      await mkdir(join(root, "logs", "folder.log"));
      await run("mkfifo", [join(root, "logs", "pipe.log")]);
      assert.equal(await read("jupyter"), "last\n");
      for (const name of ["linked", "folder", "pipe", "none"]) assert.equal(await read(name), null, name);
      await rename(join(root, "logs"), join(root, "moved"));
      await symlink(join(root, "moved"), join(root, "logs"));
      assert.equal(await read("jupyter"), null, "a directory that became a link");
    } finally {
      await rm(root, { recursive: true });
    }
  });
});

describe("a log that is followed", () => {
  it("gives each line once with its number, nothing while nothing came, and begins anew when it is turned over", async () => {
    const root = await mkdtemp(join(tmpdir(), "kindling-disk-"));
    const volumes = { ...fakeVolumes(), mounted: async () => root };
    const file = join(root, "logs", "jupyter.log");
    const read = async (after: string | null, bytes = 12) => {
      const part = await readLogFile(volumes, "volumeone", "jupyter", bytes, after);
      assert.ok(part);
      return { ...part, text: part.bytes.toString() };
    };
    try {
      await mkdir(join(root, "logs"));
      await writeFile(file, "one\ntwo\nthree\n");
      const first = await read(null);
      assert.deepEqual([first.text, first.line, first.continues], ["two\nthree\n", 2, false]);
      const none = await read(first.after);
      assert.deepEqual([none.text, none.after, none.continues], ["", first.after, true]);
      await appendFile(file, "fo");
      const half = await read(first.after);
      assert.deepEqual([half.text, half.line, half.continues], ["fo", 4, true]);
      assert.equal((await read(half.after)).text, "");
      await appendFile(file, "ur ✓\n");
      const rest = await read(half.after);
      assert.deepEqual([rest.text, rest.line, rest.continues], ["four ✓\n", 4, true]);
      await appendFile(file, "5\n6\n7\n8\n9\n10\n11\n");
      const jumped = await read(rest.after);
      assert.deepEqual([jumped.text, jumped.line, jumped.continues], ["8\n9\n10\n11\n", 8, false]);
      await appendFile(file, "a line that is longer than all that is asked for");
      assert.equal((await read(null)).text, "is asked for");
      await rename(file, `${file}.1`);
      await writeFile(file, "new\n");
      const anew = await read(jumped.after);
      assert.deepEqual([anew.text, anew.line, anew.continues], ["new\n", 1, false]);
    } finally {
      await rm(root, { recursive: true });
    }
  });
});

describe("the log", () => {
  it("never shows what is called a secret, and says how an operation ended", async () => {
    const lines: string[] = [];
    const log = makeLog("info", {}, { write: (line: string) => void lines.push(line) });
    await operation(
      log,
      "a.b",
      { node: "nodeone", secrets: { token: "hidden-thing" }, spec: { secrets: { token: "hidden-thing" } } },
      async () => 1,
    );
    await assert.rejects(
      operation(log, "a.c", {}, async () => {
        throw new HostError({ code: "disk_full", message: "full", retryable: true });
      }),
    );
    assert.ok(!lines.join("").includes("hidden-thing"));
    assert.match(lines[0] ?? "", /"op":"a.b","node":"nodeone",.*"outcome":"ok","ms":\d/);
    assert.match(lines[1] ?? "", /"outcome":"disk_full","reason":"full"/);
  });
});

describe("the kept spec", () => {
  const spec = (generation: number) =>
    hostSpec({
      installation: "installone",
      host: "hostone",
      generation,
      segments: [],
      volumes: [],
      nodes: [node({ id: "nodeone", ip: "10.1.1.1", segment: "segmentone", volume: "volumeone", image: "i", tenant: "tenantone" })],
    });

  it("comes back without secrets, refuses older generations and other hosts, and is for root's eyes", async () => {
    const dir = await mkdtemp(join(tmpdir(), "kindling-spec-"));
    const file = join(dir, "spec.json");
    try {
      const store = specStore(file, "installone", "hostone");
      await store.load();
      assert.equal(store.spec(), null);
      await store.accept(spec(3));
      assert.equal(store.node("nodeone")?.secrets["jupyter-token"], "s3cret-of-the-test");
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.ok(!(await readFile(file, "utf8")).includes("s3cret"));
      const again = specStore(file, "installone", "hostone");
      await again.load();
      assert.deepEqual(
        [again.generation(), again.knowsSecrets("nodeone"), Object.keys(again.node("nodeone")?.secrets ?? {})],
        [3, false, ["jupyter-token"]],
      );
      await assert.rejects(again.accept(spec(2)), /generation 3.*sends 2/);
      assert.equal(again.halted()?.code, "generation_newer");
      await assert.rejects(again.accept({ ...spec(9), host: "hosttwo" }), /another/);
      await again.accept(spec(3));
      assert.equal(again.halted(), null);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it("does not start from a file that is not a spec", async () => {
    const dir = await mkdtemp(join(tmpdir(), "kindling-spec-"));
    try {
      await writeFile(join(dir, "spec.json"), "{}");
      await assert.rejects(specStore(join(dir, "spec.json"), "installone", "hostone").load());
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
