/** Every bundle with every capability set, by the real agent on the real engine: as approved, and what people can do in it. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import type Docker from "dockerode";
import { capabilitiesOf } from "../../agents/host/facts.ts";
import { freshId, net, node, volume } from "../../agents/host/testing/specs.ts";
import { type Stack, startStack } from "../../agents/host/testing/stack.ts";
import { bundleImage } from "../../agents/images/testing/bundle-image.ts";
import { exec } from "../../agents/images/testing/cluster.ts";
import { CapabilitySetId, capabilitySets } from "../../agents/protocol/capability.ts";
import { label } from "../../agents/protocol/labels.ts";
import type { NodeSpec } from "../../agents/protocol/spec.ts";
import { Attested } from "../../agents/protocol/verbs.ts";
import { grant } from "../planner/grant.ts";
import { type LoadedBundle, loadBundles } from "./load-bundles.ts";
import { sparkSettings } from "./spark-settings.ts";

const tenant = "tenantone";
const { base, segment } = net(tenant, freshId("s"));
const flavor = { vcpus: 1, memoryMb: 2048 };

let stack: Stack;
let host: string[];
let bundles: LoadedBundle[];
let serial = 0;

before(async () => {
  host = capabilitiesOf(await readFile("/proc/self/status", "utf8"));
  bundles = await loadBundles();
  stack = await startStack();
  for (const bundle of bundles) await bundleImage(stack.docker, bundle);
});

after(() => stack?.dispose());

/** The only node of a cluster of the bundle, with what the planner would give it here. */
function specOf({ bundle, imageTag }: LoadedBundle, id: CapabilitySetId): NodeSpec {
  serial += 1;
  const { sudo, filter, pids } = capabilitySets[id];
  const name = `node-${serial}`;
  return node({
    ...{ id: freshId("n"), name, ip: `${base}.${serial + 1}`, segment: segment.id, volume: freshId("v"), image: imageTag, tenant },
    ...{ sudo, filter, capabilities: [...grant(bundle, capabilitySets[id], host).capabilities] },
    resources: { ...flavor, pids, rootMb: 4096 },
    services: bundle.roles.master.services.flatMap((service) => {
      const found = bundle.services[service];
      return found ? [{ id: service, ...found }] : [];
    }),
    spark:
      bundle.type === "spark"
        ? sparkSettings({
            ...{ flavor, role: "master", masterHost: `${name}.test.local`, masterUiUrl: "http://spark.test.localhost", clusterCores: 1 },
          })
        : null,
    origins: bundle.type === "spark" ? { jupyter: "http://jupyter.test.localhost:3000", spark: "http://spark.test.localhost:3000" } : {},
    secrets: bundle.type === "spark" ? { "spark-auth": "a".repeat(64), "jupyter-token": "b".repeat(48) } : {},
  });
}

async function containerOf(spec: NodeSpec): Promise<Docker.Container> {
  const filters = { label: [`${label.node}=${spec.id}`, `${label.installation}=${stack.installation}`] };
  const [found] = await stack.docker.listContainers({ filters });
  assert.ok(found);
  return stack.docker.getContainer(found.Id);
}

/** A package of each kind, made in the node itself: nothing here needs a mirror. */
const make = `
import os, subprocess, zipfile
os.makedirs("/data/home/probe/deb/DEBIAN"); os.makedirs("/data/home/probe/deb/usr/bin")
open("/data/home/probe/deb/DEBIAN/control", "w").write("Package: kindling-probe\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: Nobody <nobody@example.org>\\nDescription: probe\\n")
open("/data/home/probe/deb/usr/bin/kindling-probe", "w").write("#!/bin/sh\\necho it works\\n")
os.chmod("/data/home/probe/deb/usr/bin/kindling-probe", 0o755)
subprocess.run(["dpkg-deb", "--root-owner-group", "--build", "/data/home/probe/deb", "/data/home/probe/kindling-probe.deb"], check=True, stdout=subprocess.DEVNULL)
with zipfile.ZipFile("/data/home/probe/kindling_probe-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("kindling_probe.py", "word = 'it works'\\n")
    info = "kindling_probe-1.0.dist-info/"
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: kindling-probe\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: probe\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "kindling_probe.py,,\\n" + info + "METADATA,,\\n" + info + "WHEEL,,\\n" + info + "RECORD,,\\n")
`;

async function whatPeopleCanDo(spec: NodeSpec, container: Docker.Container): Promise<void> {
  const run = async (...command: string[]) => exec(stack.docker, { spec, container, dir: "" }, command, "spark");
  const works = async (...command: string[]) => {
    const { code, output } = await run(...command);
    assert.equal(code, 0, `${command.join(" ")}: ${output}`);
    return output;
  };
  await works("python3", "-c", make);
  // Packages of Python's go into the home, on /data, with any set.
  await works("pip", "install", "--quiet", "--no-index", "/data/home/probe/kindling_probe-1.0-py3-none-any.whl");
  assert.match(
    await works("python3", "-c", "import kindling_probe; print(kindling_probe.word, kindling_probe.__file__)"),
    /it works \/data\/home\//,
  );
  const apt = ["apt-get", "install", "-y", "-q", "/data/home/probe/kindling-probe.deb"];
  if (spec.sudo) {
    await works("sudo", "-n", ...apt);
    assert.match(await works("kindling-probe"), /it works/);
    await works("sudo", "-n", "pip", "install", "--quiet", "--no-index", "/data/home/probe/kindling_probe-1.0-py3-none-any.whl");
    assert.match(await works("sudo", "-n", "id", "-u"), /^0\s*$/);
    return;
  }
  const refused = await run("sudo", "-n", ...apt);
  assert.notEqual(refused.code, 0);
  assert.match(refused.output, /no new privileges/);
  const plain = await run(...apt);
  assert.notEqual(plain.code, 0, "without sudo it is no right of the user's");
  assert.notEqual((await run("kindling-probe")).code, 0);
}

/** What the kernel says of a node's first process. */
async function kernelSays(container: Docker.Container): Promise<{ bounding: string[]; noNewPrivileges: boolean; filtered: boolean }> {
  const { State } = await container.inspect();
  const status = await readFile(`/proc/${State.Pid}/status`, "utf8");
  return {
    bounding: capabilitiesOf(status).sort(),
    noNewPrivileges: /^NoNewPrivs:\s*1$/m.test(status),
    filtered: /^Seccomp:\s*2$/m.test(status),
  };
}

for (const type of ["utility", "spark"] as const)
  for (const set of CapabilitySetId.options)
    test(`${type} with ${set} runs as approved, and lets people do what the set says`, { timeout: 400_000 }, async () => {
      const loaded = bundles.find(({ bundle }) => bundle.type === type);
      assert.ok(loaded);
      const spec = specOf(loaded, set);
      const parts = { segments: [segment], volumes: [volume(spec.volume, tenant, 512)], nodes: [spec] };
      assert.equal((await stack.put(parts)).status, 200);
      const own = (o: { nodes: { id: string }[] }) => o.nodes.findIndex(({ id }) => id === spec.id);
      const seen = await stack.until("a node that is well and compared", (o) => {
        const found = o.nodes[own(o)];
        return found?.state === "running" && found.services.every(({ healthy }) => healthy) && Boolean(found.audit);
      });
      assert.deepEqual(seen.nodes[own(seen)]?.audit?.differences, []);

      const container = await containerOf(spec);
      assert.deepEqual(await kernelSays(container), { bounding: spec.capabilities, noNewPrivileges: !spec.sudo, filtered: true });
      await whatPeopleCanDo(spec, container);
      const { body } = await stack.call("portal", "GET", `/v1/attest?tenant=${tenant}`);
      const [attested] = Attested.parse(JSON.parse(body));
      assert.deepEqual([attested?.node, attested?.differences], [spec.id, []], "what people do inside alters nothing about it");
      assert.deepEqual(attested?.approved, attested?.engine);
      assert.match(attested?.engine["image digest"] ?? "", /^sha256:[0-9a-f]{64}$/);

      const more = (flavor.memoryMb + 512) * 1_048_576;
      await container.update({ Memory: more, MemorySwap: more });
      const flagged = await stack.until("a container that was altered by hand is flagged", (o) =>
        Boolean(o.nodes[own(o)]?.audit?.differences.length),
      );
      assert.deepEqual(flagged.nodes[own(flagged)]?.audit?.differences, [{ what: "memory", approved: "2048 MB", engine: "2560 MB" }]);

      const gone = {
        ...parts,
        volumes: [{ ...parts.volumes[0]!, desired: "deleted" as const }],
        nodes: [{ ...spec, desired: "deleted" as const }],
      };
      await stack.put(gone);
      await stack.until("gone", (o) => o.nodes[own(o)]?.state === "absent" && o.volumes.every(({ state }) => state === "absent"));
    });
