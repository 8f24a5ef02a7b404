/** An engine of its own whose default runtime is called NVIDIA's: nodes are made with Docker's own, and one that is not is told. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import Docker from "dockerode";
import { label } from "../../../protocol/labels.ts";
import { differences } from "../../audit/shape.ts";
import { run } from "../../exec.ts";
import { testImage } from "../../testing/image.ts";
import { approvedRequest } from "../../testing/request.ts";
import { freshId, net } from "../../testing/specs.ts";
import { dockerNetworks } from "../network/docker.ts";
import { createOptions } from "./create-options.ts";
import { dockerContainers } from "./docker.ts";
import type { ContainerRequest } from "./port.ts";

describe("an engine whose default runtime hands out cards", () => {
  const installation = freshId("t");
  const { base, segment } = net("tenantone", freshId("s"));
  let folder: string;
  let engine: ChildProcess;
  let docker: Docker;
  let driver: ReturnType<typeof dockerContainers>;
  let request: ContainerRequest;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kindling-engine-"));
    const runc = await realpath((await run("which", ["runc"])).trim());
    const at = (name: string): string => join(folder, name);
    await writeFile(at("engine.json"), "{}");
    // In a network of its own: an engine without a default bridge takes away that of the machine's engine when it starts.
    engine = spawn(
      "unshare",
      [
        ...["--net", "dockerd"],
        ...["--data-root", at("data"), "--exec-root", at("run"), "--pidfile", at("pid"), "--host", `unix://${at("sock")}`],
        // Where the machine runs a containerd of its own, engines share it.
        ...["--containerd-namespace", installation, "--containerd-plugins-namespace", `${installation}-plugins`],
        ...["--bridge", "none", "--iptables=false", "--ip-forward=false", "--config-file", at("engine.json")],
        ...["--add-runtime", `nvidia=${runc}`, "--default-runtime", "nvidia"],
      ],
      { stdio: "ignore" },
    );
    docker = new Docker({ socketPath: at("sock") });
    for (let tries = 0; ; tries += 1) {
      const up = await docker.ping().then(
        () => true,
        () => false,
      );
      if (up) break;
      assert.ok(tries < 150 && engine.exitCode === null, "the engine does not come up");
      await delay(200);
    }
    driver = dockerContainers(docker, installation);
    const network = await dockerNetworks(docker, installation).ensure(segment);
    request = approvedRequest(installation, { image: await testImage(docker), network: network.id, ip: `${base}.2` });
  });
  after(async () => {
    for (const { Id } of await docker.listContainers({ all: true })) await docker.getContainer(Id).remove({ force: true });
    const filters = { label: [`${label.installation}=${installation}`] };
    for (const { Id } of await docker.listNetworks({ filters })) await docker.getNetwork(Id).remove();
    if (engine.exitCode === null) {
      engine.kill();
      await once(engine, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  });

  it("says so", async () => {
    const { engine: seen, gpus } = await driver.facts();
    assert.deepEqual([seen.handsOutCards, gpus], [true, true]);
  });

  it("runs a node with Docker's own, without cards, and that is as approved", async () => {
    const id = await driver.create(request);
    await driver.start(id);
    const made = await docker.getContainer(id).inspect();
    assert.deepEqual([made.HostConfig.Runtime, made.Config.Env.includes("NVIDIA_VISIBLE_DEVICES=void")], ["runc", true]);
    const seen = await driver.examine(id, request);
    assert.deepEqual(seen && differences(seen.approved, seen.engine), []);
    await driver.remove(id);
  });

  it("tells of a node that was made with the default", async () => {
    const { id } = await docker.createContainer(createOptions(request, true));
    await docker.getContainer(id).start();
    const seen = await driver.examine(id, request);
    assert.deepEqual(seen && differences(seen.approved, seen.engine), [
      { what: "runtime", approved: "one that hands out no cards", engine: "nvidia" },
    ]);
    await driver.remove(id);
  });
});
