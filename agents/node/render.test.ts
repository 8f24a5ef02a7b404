import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { NodeSpec } from "../protocol/spec.ts";
import { hostsFile } from "./hosts-file.ts";
import { renderNodeFiles } from "./render.ts";
import { property } from "./spark-defaults.ts";
import { supervisorConf } from "./supervisor-conf.ts";
import { UnsafeText } from "./unsafe-text.ts";

const spec: NodeSpec = {
  id: "node12345",
  name: "kindling-1",
  domain: "bdlocal",
  tenant: "tenant1",
  cluster: { id: "cluster1", name: "flights" },
  role: "master",
  desired: "running",
  image: "kindling/spark-3-5-jupyter:0123456789ab",
  segment: "segment1",
  ip: "10.35.219.2",
  volume: "volume1",
  resources: { vcpus: 1, memoryMb: 2048, pids: 1024, rootMb: 20_480 },
  capabilities: ["SETUID"],
  gpus: [],
  sudo: false,
  filter: "engine",
  services: [
    {
      id: "jupyter",
      title: "Jupyter",
      command: ["/opt/kindling/bin/jupyter"],
      user: "spark",
      probe: { kind: "tcp", port: 8888 },
      endpoints: [],
      guarded: [8888],
      stopSeconds: 5,
    },
  ],
  spark: {
    masterHost: "kindling-1.bdlocal",
    cores: 1,
    daemonMemoryMb: 128,
    workerMemoryMb: 512,
    executorMemoryMb: 512,
    driverMemoryMb: 512,
    maxCoresPerApplication: 2,
    masterUiUrl: "http://spark--flights.localhost:3000",
  },
  origins: { jupyter: "http://jupyter--flights.localhost:3000" },
  secrets: { "spark-auth": "the-secret-of-the-cluster", "jupyter-token": "the-token-of-jupyter" },
  incarnation: 1,
};

const file = (path: string, of = spec) => renderNodeFiles(of, []).find((entry) => entry.path === path)?.content ?? "";

/** Reads a configuration back as supervisor does: sections, `key = value`, `%%` for a percent sign. */
function parseIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let now = new Map<string, string>();
  for (const line of text.split("\n").filter((entry) => entry !== "")) {
    const head = /^\[(.*)\]$/.exec(line)?.[1];
    if (head !== undefined) {
      now = new Map();
      assert.ok(!sections.has(head), `the section ${head} appears once`);
      sections.set(head, now);
    } else {
      const at = line.indexOf(" = ");
      assert.ok(at > 0, `a setting: ${line}`);
      assert.ok(!/%(?!%)/.test(line.replaceAll("%%", "")), "no expansion");
      now.set(line.slice(0, at), line.slice(at + 3).replaceAll("%%", "%"));
    }
  }
  return sections;
}

/** Splits a command as Python's shlex does for what we write: bare words, single-quoted parts, a double-quoted apostrophe. */
function shlex(command: string): string[] {
  const words: string[] = [];
  let word = "";
  let inWord = false;
  for (let at = 0; at < command.length; ) {
    const char = command[at]!;
    if (char === " ") {
      if (inWord) words.push(word);
      word = "";
      inWord = false;
      at += 1;
    } else if (char === "'" || char === '"') {
      const end = command.indexOf(char, at + 1);
      word += command.slice(at + 1, end);
      inWord = true;
      at = end + 1;
    } else {
      word += char;
      inWord = true;
      at += 1;
    }
  }
  if (inWord) words.push(word);
  return words;
}

test("a worker offers the cards that its node has; a node without has no word of them", () => {
  const gpus = ["GPU-5c6f8f1c-0d1e-4a2b-9c3d-112233445566", "GPU-6c6f8f1c-0d1e-4a2b-9c3d-112233445566"];
  const own = { ...spec, gpus };
  assert.match(file("spark-defaults.conf", own), /^spark\.worker\.resource\.gpu\.amount 2$/m);
  assert.match(file("spark-defaults.conf", own), /^spark\.worker\.resourcesFile \/etc\/kindling\/gpus\.json$/m);
  assert.deepEqual(JSON.parse(file("gpus.json", own)), [
    { id: { componentName: "spark.worker", resourceName: "gpu" }, addresses: ["0", "1"] },
  ]);
  assert.ok(renderNodeFiles(spec, []).every(({ path, content }) => path !== "gpus.json" && !content.includes("gpu")));
  // What is no Spark has no worker to tell.
  assert.equal(file("gpus.json", { ...own, spark: null }), "");
});

test("a node's files hold what its launchers read, and no secret", () => {
  const files = renderNodeFiles(spec, [
    { ip: "10.35.219.3", name: "kindling-2", domain: "bdlocal" },
    { ip: spec.ip, name: spec.name, domain: spec.domain },
  ]);
  assert.deepEqual(files.map((entry) => entry.path).sort(), [
    "hosts",
    "node.json",
    "spark-defaults.conf",
    "spark-env.sh",
    "supervisord.conf",
  ]);
  for (const { content, mode } of files) {
    assert.equal(mode, 0o444);
    for (const secret of Object.values(spec.secrets)) assert.ok(!content.includes(secret));
  }
  const hosts = files.find((entry) => entry.path === "hosts")?.content ?? "";
  assert.match(hosts, /^10\.35\.219\.3\tkindling-2\.bdlocal kindling-2$/m);
  assert.equal(hosts.match(/kindling-1\.bdlocal/g)?.length, 1, "the node itself once");
});

test("Spark is told the cluster's master, the authentication and the reverse proxy", () => {
  const lines = file("spark-defaults.conf").split("\n");
  for (const line of [
    "spark.master spark://kindling-1.bdlocal:7077",
    "spark.authenticate true",
    "spark.master.rest.enabled false",
    "spark.ui.reverseProxy true",
    "spark.ui.reverseProxyUrl http://spark--flights.localhost:3000",
    "spark.driver.host 10.35.219.2",
    "spark.cores.max 2",
    "spark.port.maxRetries 20",
    "spark.eventLog.dir file:///data/spark/events",
  ])
    assert.ok(lines.includes(line), line);
});

test("a second notebook's next port is no warning; other warnings of the same kind stay", async () => {
  const text = await readFile(join(import.meta.dirname, "image", "etc", "log4j2-driver.properties"), "utf8");
  const setting = (key: string): string => new RegExp(`^appender\\.stderr\\.filter\\.port\\.${key} = (.*)$`, "m").exec(text)?.[1] ?? "";
  assert.deepEqual([setting("type"), setting("onMatch"), setting("onMismatch")], ["RegexFilter", "deny", "neutral"]);
  // A properties file reads two backslashes as one, and the filter wants the whole message.
  const filter = new RegExp(`^(?:${setting("regex").replaceAll("\\\\", "\\")})$`);
  assert.ok(filter.test("Service 'SparkUI' could not bind on port 4040. Attempting port 4041."));
  assert.ok(
    !filter.test(
      "Service 'SparkUI' could not bind on a random free port. You may check whether configuring an appropriate binding address.",
    ),
  );
  assert.ok(!filter.test("Service 'sparkDriver' could not bind on port 4040. Attempting port 4041."));
});

test("a node without Spark has no Spark settings", () => {
  assert.equal(file("spark-defaults.conf", { ...spec, spark: null }), "");
  assert.ok(!parseIni(file("supervisord.conf", { ...spec, services: [] })).has("program:jupyter"));
});

test("supervisord listens on a socket of root's and rotates logs on /data", () => {
  const conf = parseIni(file("supervisord.conf"));
  assert.equal(conf.get("unix_http_server")?.get("file"), "/run/kindling/supervisor.sock");
  assert.equal(conf.get("unix_http_server")?.get("chmod"), "0700");
  assert.equal(conf.get("program:jupyter")?.get("user"), "spark");
  assert.equal(conf.get("program:jupyter")?.get("stdout_logfile"), "/data/logs/jupyter.log");
});

test("whatever a command's words are, they come back as they were or are refused", () => {
  const words = fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(words, (command) => {
      let text: string;
      try {
        text = supervisorConf([{ ...spec.services[0]!, command }]);
      } catch (error) {
        assert.ok(error instanceof UnsafeText);
        return;
      }
      const conf = parseIni(text);
      assert.deepEqual([...conf.keys()], ["unix_http_server", "supervisord", "rpcinterface:supervisor", "program:jupyter"]);
      assert.deepEqual(shlex(conf.get("program:jupyter")?.get("command") ?? ""), command);
    }),
  );
});

for (const [what, word] of [
  ["a line break", "a\nuser = root"],
  ["a carriage return", "a\ruser = root"],
  ["a NUL", "a\0b"],
  ["a line separator", "a\u2028b"],
  ["half a character", "a\ud800"],
  ["a comment", "a ;b"],
  ["another comment", "a #b"],
] as const)
  test(`supervisor's file refuses ${what}`, () => {
    assert.throws(() => supervisorConf([{ ...spec.services[0]!, command: ["/bin/x", word] }]), UnsafeText);
  });

test("a percent sign is no expansion", () => {
  const text = supervisorConf([{ ...spec.services[0]!, command: ["/bin/x", "%(ENV_SECRET)s"] }]);
  assert.match(text, /%%\(ENV_SECRET\)s/);
});

test("a Spark setting is one line that means itself, or is refused", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (value) => {
      let line: string;
      try {
        line = property(["spark.key", value]);
      } catch (error) {
        assert.ok(error instanceof UnsafeText);
        return;
      }
      assert.equal(line.split("\n").length, 2);
      assert.ok(!line.includes("${"));
      assert.equal(line.slice("spark.key ".length, -1).replaceAll("\\\\", "\\"), value);
    }),
  );
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what Spark itself would fill in
  assert.throws(() => property(["spark.key", "${env:PATH}"]), UnsafeText);
  assert.throws(() => property(["spark.key", "a\nspark.authenticate false"]), UnsafeText);
  assert.throws(() => property(["spark.key x", "a"]), UnsafeText);
});

test("the file of names refuses what is no name or address", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (name) => {
      try {
        const lines = hostsFile(spec, [{ ip: "10.35.219.9", name, domain: "bdlocal" }]).split("\n");
        assert.ok(lines.length <= 5);
      } catch (error) {
        assert.ok(error instanceof UnsafeText);
      }
    }),
  );
  assert.throws(() => hostsFile(spec, [{ ip: "10.35.219.9\n1.2.3.4", name: "a", domain: "b" }]), UnsafeText);
  assert.throws(() => hostsFile(spec, [{ ip: "10.35.219.9", name: "a b", domain: "c" }]), UnsafeText);
  assert.throws(() => hostsFile(spec, [{ ip: "10.35.219.9", name: "a", domain: "b c" }]), UnsafeText);
});

test("node.json survives any cluster name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (name) => {
      const parsed: unknown = JSON.parse(file("node.json", { ...spec, cluster: { id: "cluster1", name } }));
      assert.deepEqual((parsed as { cluster: unknown }).cluster, { id: "cluster1", name });
    }),
  );
});
