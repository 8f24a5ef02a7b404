/** The command that an administrator is given, run as it stands by a shell on this machine, below a folder of its own. */
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { access, appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import Docker from "dockerode";
import { testImage } from "../../agents/host/testing/image.ts";
import { freshId, hostSpec, net, node, volume } from "../../agents/host/testing/specs.ts";
import { makeKey } from "../../agents/identity/key.ts";
import type { PartRole } from "../../agents/identity/names.ts";
import { makeRequest } from "../../agents/identity/request.ts";
import type { HostObservation } from "../../agents/protocol/observed.ts";
import { connectHost } from "../hosts/client.ts";
import { createPortalHosts } from "../hosts/portal-client.ts";
import { type CredentialSource, type HostTarget, makeTransport } from "../hosts/transport.ts";
import { freePort } from "../testing/free-port.ts";
import { type Bundle, makeBundle } from "./bundle.ts";
import { type EnrolStand, enrolStand } from "./testing/stand.ts";

const run = promisify(execFile);
const checkout = join(import.meta.dirname, "..", "..");

describe("another machine, by the one command", () => {
  let stand: EnrolStand;
  let sam: Awaited<ReturnType<EnrolStand["as"]>>;
  let bundles: string;
  let real: Bundle;
  let given: Bundle;
  let root: string;
  let port: number;
  let agent: ChildProcess | null = null;
  const docker = new Docker({ socketPath: "/var/run/docker.sock" });

  before(async () => {
    bundles = await mkdtemp(join(tmpdir(), "kindling-bundles-"));
    real = await makeBundle(checkout, bundles);
    given = real;
    stand = await enrolStand(async () => given);
    sam = await stand.as("sam");
    root = await mkdtemp(join(tmpdir(), "kindling-host-"));
    port = await freePort();
  });
  after(async () => {
    agent?.kill("SIGKILL");
    await stand.stop();
    for (const folder of [bundles, root]) await rm(folder, { recursive: true, force: true });
  });

  /** Runs a command as an administrator would, below the test's own folder. @returns what it said @throws when it fails */
  const shell = async (command: string): Promise<string> => {
    const here = command.replace("sudo sh -s --", `sh -s -- --root ${root} --listen 127.0.0.1:${port}`);
    assert.notEqual(here, command);
    const { stdout, stderr } = await run("bash", ["-o", "pipefail", "-c", here]);
    return stdout + stderr;
  };
  const path = (...names: string[]): string => join(root, ...names);
  const nothing = async (): Promise<void> => {
    for (const name of ["opt/kindling-agent/current", "var/lib/kindling-agent/identity", "etc/kindling-agent/agent.env"])
      await assert.rejects(access(path(name)), { code: "ENOENT" }, name);
  };
  const failure = (command: string): Promise<string> =>
    shell(command).then(
      (said) => `it worked: ${said}`,
      (error: unknown) => (error instanceof Error && "stderr" in error ? String(error.stderr) : String(error)),
    );

  it("does nothing when somebody is in the middle, or the agent is another than the platform made", async () => {
    const { command } = await sam.enrolment.add({ name: "second" });
    // Another key than the command says: curl does not even fetch the script.
    assert.match(await failure(command.replace(/sha256\/\/[^']+/, `sha256//${Buffer.alloc(32).toString("base64")}`)), /public key|pinned/i);
    await nothing();
    assert.match(
      await failure(command.replace(/--ca [0-9a-f]+/, `--ca ${"0".repeat(64)}`)),
      /authority is not the one that the command names/,
    );
    await nothing();
    given = { ...real, sha256: "0".repeat(64) };
    assert.match(await failure(command), /its hash is another\. Nothing was installed/);
    await nothing();
    given = real;
    const small = join(bundles, "small");
    await writeFile(small, "not the agent");
    given = { ...real, file: small };
    assert.match(await failure(command), /its hash is another\. Nothing was installed/);
    given = real;
    await nothing();
    assert.equal(await stand.db.host.count({ where: { name: "second" } }), 0);
  });

  it("installs the agent, enrols, and says how to run it where there is no service manager", async () => {
    const { command } = await sam.enrolment.add({ name: "second", tags: ["lab"] });
    const said = await shell(command);
    assert.match(said, /enrolled as host h[a-z2-7]{12}/);
    assert.match(said, /Run the agent with:\n\s+\S+\/bin\/node --env-file=\S+agent\.env \S+main\.ts/);
    for (const name of ["etc/kindling-agent/agent.env", "var/lib/kindling-agent/identity/identity.json"])
      assert.equal((await stat(path(name))).mode & 0o777, 0o600, name);
    const row = await stand.db.host.findUniqueOrThrow({ where: { name: "second" } });
    assert.deepEqual([row.endpoint, row.tags, row.certificate?.length], [`https://127.0.0.1:${port}`, ["lab"], 64]);
    const token = stand.tokenOf(command);
    for (const name of await readdir(path("etc/kindling-agent")))
      assert.ok(!(await readFile(path("etc/kindling-agent", name), "utf8")).includes(token));
    const settings = await readFile(path("etc/kindling-agent/agent.env"), "utf8");
    // What the platform sets for all hosts.
    assert.match(settings, /^KINDLING_DEBIAN_MIRROR=http:\/\/mirror\.test\/debian\nno_proxy=localhost,\.test$/m);
    // The token is used up, and running the command again repairs without it.
    await appendFile(path("etc/kindling-agent/agent.env"), "KINDLING_ORPHAN_GRACE=0\n");
    await rm(path("opt/kindling-agent/current"));
    assert.match(await shell(command), /enrolled already/);
    await access(path("opt/kindling-agent/current/bin/node"));
    assert.match(await readFile(path("etc/kindling-agent/agent.env"), "utf8"), /^KINDLING_ORPHAN_GRACE=0$/m);
    assert.match(await failure(`${command} --again`), /does not count/);
  });

  it("is a host: the reconciler's spec makes a node on it, over TLS", async () => {
    const program = path("opt/kindling-agent/current/bin/node");
    agent = spawn(program, [`--env-file=${path("etc/kindling-agent/agent.env")}`, path("opt/kindling-agent/current/agents/host/main.ts")], {
      stdio: "ignore",
      env: { NODE_ENV: "production", KINDLING_LOG_LEVEL: "silent", PATH: process.env.PATH ?? "" },
    });
    const row = await stand.db.host.findUniqueOrThrow({ where: { name: "second" } });
    const host: HostTarget = { id: row.id, endpoint: row.endpoint, certificate: row.certificate };
    const as = async (role: PartRole) => {
      const key = makeKey();
      const certificate = await stand.issue.part(await makeRequest(key), role);
      const source: CredentialSource = {
        current: () => ({ installation: stand.installation, key, certificate, ca: stand.ca.certificate }),
      };
      return makeTransport(role, source);
    };
    const reconciler = connectHost({ host, transport: await as("reconciler") });
    const stop = new AbortController();
    let seen: HostObservation | null = null;
    let look = (): void => undefined;
    const watching = reconciler.observe((picture) => {
      seen = picture;
      look();
    }, stop.signal);
    const until = (what: string, passes: (picture: HostObservation) => boolean): Promise<HostObservation> =>
      new Promise((resolve, reject) => {
        const give = setTimeout(() => reject(new Error(`${what} did not come about: ${JSON.stringify(seen)}`)), 60_000);
        look = () => {
          if (!seen || !passes(seen)) return;
          clearTimeout(give);
          resolve(seen);
        };
        look();
      });
    try {
      const first = await until("a picture", ({ facts }) => facts.engine !== null);
      assert.deepEqual([first.host, first.installation], [row.id, stand.installation]);
      const image = await testImage(docker);
      const { base, segment } = net("tenantone", freshId("s"));
      const parts = { installation: stand.installation, host: row.id, volumes: [volume("volsecond", "tenantone")] };
      const one = node({ id: "nodesecond", ip: `${base}.2`, segment: segment.id, volume: "volsecond", image, tenant: "tenantone" });
      await reconciler.apply(hostSpec({ ...parts, generation: 1, segments: [segment], nodes: [one] }));
      await until("a running node", ({ nodes }) => nodes[0]?.state === "running");
      const containers = await docker.listContainers({ filters: { label: [`io.kindling.installation=${stand.installation}`] } });
      assert.equal(containers.length, 1);
      const used = await createPortalHosts(await as("portal")).metrics(host, null);
      assert.ok((used.memoryMb.at(-1) ?? 0) > 0);
    } finally {
      stop.abort();
      await watching;
    }
  });

  it("is gone again after uninstall, which asks first", async () => {
    const script = path("opt/kindling-agent/current/agents/host/enrol/install.sh");
    const left = () => docker.listContainers({ all: true, filters: { label: [`io.kindling.installation=${stand.installation}`] } });
    const asked = await run("sh", [script, "uninstall", "--root", root]);
    assert.match(asked.stdout, /run it again with --yes/);
    assert.equal((await left()).length, 1);
    const gone = once(agent ?? process, "exit");
    agent?.kill("SIGTERM");
    await gone;
    agent = null;
    const { stdout } = await run("sh", [script, "uninstall", "--yes", "--root", root]);
    assert.match(stdout, /removed container/);
    assert.equal((await left()).length, 0);
    await nothing();
    assert.deepEqual(await readdir(path("var/lib/kindling-agent/volumes")), ["volsecond.img"]);
  });
});

const analyze = "/usr/bin/systemd-analyze";

describe("the service's unit", { skip: existsSync(analyze) ? false : "no systemd here" }, () => {
  it("is one that systemd reads without a complaint", async () => {
    const script = await readFile(join(checkout, "agents", "host", "enrol", "install.sh"), "utf8");
    const unit = /<<EOF2\n([\s\S]*?)\nEOF2/.exec(script)?.[1]?.replaceAll("$OPT/current/bin/node", "/bin/true").replaceAll("$", "/") ?? "";
    assert.match(unit, /NoNewPrivileges=yes/);
    // Anything that gives the agent mounts of its own would hide its disks from Docker.
    assert.doesNotMatch(unit, /Private(Tmp|Mounts|Devices)|Protect(System|Home|KernelLogs|ControlGroups)|ReadOnlyPaths|ReadWritePaths/);
    // Programs of nodes, which are not root, read what the agent writes for them.
    assert.match(unit, /^UMask=0022$/m);
    const folder = await mkdtemp(join(tmpdir(), "kindling-unit-"));
    try {
      const file = join(folder, "kindling-agent.service");
      await writeFile(file, unit);
      const { stderr } = await run(analyze, ["verify", "--man=no", file]).catch((error: { stderr: string }) => error);
      const complaints = stderr.split("\n").filter((line) => line.includes("kindling-agent.service:"));
      assert.deepEqual(complaints, []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
